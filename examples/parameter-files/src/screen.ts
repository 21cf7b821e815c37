/** Where a run writes to. */
export interface Screen {
  /** Takes the progress bar, so that what is printed can go into a file or a pipe. */
  readonly stream: NodeJS.WriteStream
  /** Whether `stream` is a terminal, whose lines can be drawn over. */
  readonly live: boolean
  readonly columns: number
  print(line: string): void
}

export function screenOf(out: NodeJS.WriteStream, progress: NodeJS.WriteStream): Screen {
  return {
    stream: progress,
    live: progress.isTTY === true && process.env['TERM'] !== 'dumb',
    columns: progress.columns ?? 80,
    print: line => void out.write(`${line}\n`),
  }
}
