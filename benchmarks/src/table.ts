import type { Cell, Measured } from './measure.ts'
import type { Report } from './report.ts'

function formatSeconds(seconds: number): string {
  if (seconds < 1e-3) return `${(seconds * 1e6).toPrecision(3)} µs`
  return seconds < 1 ? `${(seconds * 1e3).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`
}

function format(value: number, unit: Measured['unit']): string {
  return unit === 'bytes' ? `${(value / 2 ** 20).toFixed(0)} MiB` : formatSeconds(value)
}

function cellOf(cell: Cell | undefined, unit: Measured['unit'], first: boolean): string {
  if (cell === undefined) return '–'
  const value = format(cell.median, unit)
  return first || Number.isNaN(cell.ratio) ? value : `${value} (${cell.ratio.toPrecision(cell.ratio < 100 ? 2 : 3)} x)`
}

/** The table as cells: the head, then a row for each workload. */
export function cellsOf({ versions, results }: Pick<Report, 'versions' | 'results'>): string[][] {
  const names = Object.keys(versions)
  return [['', ...names], ...results.map(({ workload, unit, cells }) => [workload, ...names.map((name, i) => cellOf(cells[name], unit, i === 0))])]
}

/** The table for a terminal, in columns. */
export function textTable(report: Pick<Report, 'versions' | 'results'>): string {
  const rows = cellsOf(report)
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const lines = rows.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd())
  return [lines[0]!, '-'.repeat(widths.reduce((a, b) => a + b + 2, -2)), ...lines.slice(1)].join('\n')
}

/** The table for a page. */
export function markdownTable(report: Pick<Report, 'versions' | 'results'>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const [head, ...rows] = cellsOf(report) as [string[], ...string[][]]
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Who took part, where and how, in a paragraph. */
export function caption({ machine, effort, threads, versions, command }: Report): string {
  const libraries = Object.entries(versions).slice(1).map(([name, version]) => `${name} ${version}`).join(', ')
  return [
    `Node ${machine.node}, ${machine.platform}, ${machine.cores} cores of ${machine.cpu}, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${machine.date},`,
    `commit ${machine.commit ?? 'unknown'}; ${libraries === '' ? 'no peer' : libraries}; ${threads === null ? 'threads as each library chooses' : `${threads} threads`};`,
    `medians of ${effort.rounds} paired rounds of about ${effort.secondsPerRound} s; \`${command}\`.`,
  ].join(' ')
}
