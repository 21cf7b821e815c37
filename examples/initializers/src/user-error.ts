import { isAshlarError } from '@ashlar/core'

/** Something that the person at the keyboard can mend; the message is one line that says how. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** Whether an error tells its whole story in its message: ours, Ashlar's and the operating system's do. */
export function isExpected(error: unknown): error is Error {
  return error instanceof UserError || isAshlarError(error) || (error instanceof Error && 'syscall' in error)
}
