import { isAshlarError } from '@ashlar/core'

/** Something that the person at the keyboard can mend; the message is one line that says how. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** The command line itself cannot be understood. */
export class UsageError extends UserError {}

/** What a call threw, in one line: of Ashlar's errors without the name of the function. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const op = isAshlarError(error) && error.op !== undefined ? `[${error.op}] ` : ''
  const text = error.message.startsWith(op) ? error.message.slice(op.length) : error.message
  return text.trim().replaceAll(/\s*\n\s*/g, ' ').replace('{ maxBytes }', '--max-bytes')
}

/** Whether an error tells its whole story in its message: ours, Ashlar's and the operating system's do. */
export function isExpected(error: unknown): error is Error {
  return error instanceof UserError || isAshlarError(error) || (error instanceof Error && 'syscall' in error)
}
