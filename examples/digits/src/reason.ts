import { reasonOf as wholeReasonOf } from '@ashlar-examples/shared/errors'

/** What a call threw, as text to stand behind a name: of Ashlar's errors, what happened, without the op and the call that would mend it. */
export function reasonOf(error: unknown): string {
  return wholeReasonOf(error, 'op', 'hint')
}
