/** Where a run writes to. */
export interface Screen {
  readonly columns: number
  /** Whether it shows 256 colours; NO_COLOR says no. */
  readonly colors: boolean
  print(line: string): void
}

export function screenOf(stream: NodeJS.WriteStream): Screen {
  const terminal = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  return {
    columns: stream.columns ?? 80,
    colors: terminal && stream.hasColors(256),
    print: line => void stream.write(`${line}\n`),
  }
}

/** Text in lines of at most `columns`, broken between words; the ones after the first are indented by `margin`. */
export function wrap(text: string, columns: number, margin = 0): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines.push(`${lines.pop()!} ${word}`)
    else lines.push(last === undefined ? word : `${' '.repeat(margin)}${word}`)
  }
  return lines
}
