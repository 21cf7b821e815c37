import { isAshlarError } from '@ashlar/core'

/** Something that the person at the keyboard can mend; the message is one line that says how. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** Ends a run early because the person at the keyboard, or the system, asked for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}; no page was written`)
    this.signal = signal
  }
}

/** What a call threw, in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s*\n\s*/g, ' ')
}

/** Whether an error tells its whole story in its message: ours, Ashlar's and the operating system's do. */
export function isExpected(error: unknown): boolean {
  return error instanceof UserError || error instanceof Interrupted || isAshlarError(error) || (error instanceof Error && 'syscall' in error)
}
