/** Where a run writes to. */
export interface Screen {
  readonly columns: number
  /** Whether it shows 256 colours; NO_COLOR says no. */
  readonly colors: boolean
  print(line: string): void
}

/** A screen with a place for a progress bar. */
export interface LiveScreen extends Screen {
  /** Takes the progress bar. */
  readonly stream: NodeJS.WriteStream
  /** Whether `stream` is a terminal, whose lines can be drawn over. */
  readonly live: boolean
}

/**
 * The screen of a process.
 *
 * @param progress takes the progress bar, where what is printed may go into a file or a pipe
 */
export function screenOf(out: NodeJS.WriteStream, progress: NodeJS.WriteStream = out): LiveScreen {
  return {
    stream: progress,
    live: isTerminal(progress),
    columns: progress.columns ?? 80,
    colors: isTerminal(out) && out.hasColors(256),
    print: line => void out.write(`${line}\n`),
  }
}

function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb'
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
