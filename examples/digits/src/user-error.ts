import { isAshlarError } from '@ashlar/core'

/** Something that the person at the keyboard can mend; the message is one line that says how. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** What a call threw, as text to stand behind a name: of Ashlar's errors, what happened, without the op and the call that would mend it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error))
  let text = error.message
  if (isAshlarError(error)) {
    if (error.op !== undefined && text.startsWith(`[${error.op}] `)) text = text.slice(error.op.length + 3)
    if (error.hint !== undefined && text.endsWith(`; ${error.hint}`)) text = text.slice(0, -error.hint.length - 2)
  }
  return oneLine(text)
}

/** Whether an error tells its whole story in its message: ours, Ashlar's and the operating system's do. */
export function isExpected(error: unknown): error is Error {
  return error instanceof UserError || isAshlarError(error) || (error instanceof Error && 'syscall' in error)
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ')
}
