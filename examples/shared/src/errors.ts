import { isAshlarError } from '@ashlar/core'

/** Something that the person at the keyboard can mend; the message is one line that says how. */
export class UserError extends Error {
  override readonly name = 'UserError'
  /** What the program ends with. */
  readonly exitCode: number

  constructor(message: string, { exitCode = 1 }: { readonly exitCode?: number } = {}) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Ends a run early because the person at the keyboard, or the system, asked for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly signal: NodeJS.Signals
  /** What the run leaves behind; undefined for what its program says of all runs. */
  readonly left: string | undefined

  constructor(signal: NodeJS.Signals, left?: string) {
    super(`stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}${left === undefined ? '' : `; ${left}`}`)
    this.signal = signal
    this.left = left
  }
}

/**
 * What a call threw, in one line.
 *
 * @param without what to leave out of Ashlar's errors, where the line says it in its own words: the op, the hint
 */
export function reasonOf(error: unknown, ...without: readonly ('op' | 'hint')[]): string {
  let text = error instanceof Error ? error.message : String(error)
  if (isAshlarError(error)) {
    const [op, hint] = [`[${error.op}] `, `; ${error.hint}`]
    if (without.includes('op') && text.startsWith(op)) text = text.slice(op.length)
    if (without.includes('hint') && text.endsWith(hint)) text = text.slice(0, -hint.length)
  }
  return text.trim().replaceAll(/\s*\n\s*/g, ' ')
}

/** Whether an error tells its whole story in its message: ours, Ashlar's and the operating system's do. */
export function isExpected(error: unknown): error is Error {
  return error instanceof UserError || error instanceof Interrupted || isAshlarError(error) || (error instanceof Error && 'syscall' in error)
}
