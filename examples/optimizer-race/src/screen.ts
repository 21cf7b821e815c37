/** Where a run writes to. */
export interface Screen {
  readonly stream: NodeJS.WriteStream
  /** Whether lines can be drawn over. */
  readonly live: boolean
  readonly columns: number
  /** Whether it shows 256 colours; NO_COLOR says no. */
  readonly colors: boolean
  print(line: string): void
}

export function screenOf(stream: NodeJS.WriteStream): Screen {
  const terminal = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  return {
    stream,
    live: terminal,
    columns: stream.columns ?? 80,
    colors: terminal && stream.hasColors(256),
    print: line => void stream.write(`${line}\n`),
  }
}
