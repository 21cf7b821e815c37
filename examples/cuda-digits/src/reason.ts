import { UserError, reasonOf as lineOf } from '@ashlar-examples/shared/errors'

/** Something that takes more than one line to mend: its message is shown as it is. */
export class MendableError extends UserError {}

/** What a call threw: in one line, but for what {@link MendableError} has to say. */
export function reasonOf(error: unknown): string {
  return error instanceof MendableError ? error.message : lineOf(error, 'op', 'hint')
}
