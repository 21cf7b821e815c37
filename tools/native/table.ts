/** Rows of text in columns, the first of them the head with a line below: the first column to the left, numbers to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const lines = rows.map(row => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
  return [lines[0]!, '-'.repeat(lines[0]!.length), ...lines.slice(1)]
}

/** `1.23 ms`, `45.6 ms`, `1.20 s`. */
export function timeText(milliseconds: number): string {
  return milliseconds < 999.5 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1000).toPrecision(3)} s`
}

/** `16.9 kB`, in thousands. */
export function bytesText(bytes: number): string {
  const [unit, name] = bytes < 1e3 ? [1, 'B'] : bytes < 1e6 ? [1e3, 'kB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB']
  return `${unit === 1 ? Math.round(bytes) : (bytes / (unit as number)).toPrecision(3)} ${name}`
}
