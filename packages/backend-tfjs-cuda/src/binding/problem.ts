/** What keeps the command from its work, and what mends that. */
export class Problem extends Error {
  /** Lines to read or run. */
  readonly mend: readonly string[]

  constructor(message: string, ...mend: readonly string[]) {
    super(message)
    this.mend = mend
  }
}

/** What a system call has against it, in a line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
