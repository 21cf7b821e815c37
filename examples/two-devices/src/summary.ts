import type { Span, Work } from './clock.ts'
import { rangeOf } from './timeline.ts'

/** `1.0 MB`, `64 kB`. */
export function bytesText(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes >= 1e4 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} B`
}

/** Time, to a hundredth of a millisecond. */
export function timeText(milliseconds: number): string {
  return milliseconds.toFixed(2)
}

/** What one device did, in words: the heads of a table and its cells. */
export const HEADS: readonly string[] = ['Device', 'Rows', 'Copied in', 'Products', 'Sums', 'Copied out']

export function summaryOf(spans: readonly Span[], rows: readonly number[]): string[][] {
  return rows.map((count, device) => {
    const of = (work: Work): Span[] => spans.filter(span => span.device === device && span.work === work)
    const time = (own: readonly Span[]): string => `${timeText(own.reduce((sum, span) => sum + span.end - span.start, 0))} ms`
    const copies = (own: readonly Span[]): string => `${bytesText(own.reduce((sum, span) => sum + span.bytes, 0))} in ${time(own)}`
    return [`gpu(${device})`, String(count), copies(of('copy in')), `${of('product').length} in ${time(of('product'))}`, time(of('sum')), copies(of('copy out'))]
  })
}

/** When each product started and ended, from the first work of any device. */
export function productsOf(spans: readonly Span[]): string[][] {
  const [zero] = rangeOf(spans)
  const counts: number[] = []
  return spans.filter(({ work }) => work === 'product').map(({ device, start, end }) => {
    counts[device] = (counts[device] ?? 0) + 1
    return [`gpu(${device}), product ${counts[device]}`, timeText(start - zero), timeText(end - zero), timeText(end - start)]
  })
}

/** Rows of text in columns, the first to the left and the others to the right. */
export function columnsText(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
}
