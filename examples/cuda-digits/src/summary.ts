/** What a run came to: the line of `--json`. Times are milliseconds, sizes bytes. */
export interface Result {
  readonly model: string
  readonly device: string
  readonly engine: string
  readonly parameters: number
  readonly batch: number
  readonly steps: number
  readonly stepTime: { readonly median: number; readonly fastest: number; readonly slowest: number; readonly first: number }
  /** What was moved each step, and in all, the parameters and the digits held back included; null where the device is the host. */
  readonly moved: { readonly step: Moved; readonly all: Moved } | null
  /** The most memory that arrays took on the device at once. */
  readonly peakMemory: number | null
  readonly accuracy: number
  readonly loss: number
}

/** Bytes from the host to the device, and back. */
export interface Moved {
  readonly up: number
  readonly down: number
}

/** The value in the middle, or the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

/** `16.9 kB`; in thousands, as memory is counted in bytes here. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const unit = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  return unit === 0 ? `${Math.round(bytes)} B` : `${(bytes / 1000 ** unit).toPrecision(3)} ${units[unit]}`
}

/** `1.23 ms`, `45.6 ms`, `1.20 s`. */
export function timeText(milliseconds: number): string {
  return milliseconds < 999.5 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1000).toPrecision(3)} s`
}

/** The numbers of a run, a line each. */
export function summaryLines({ batch, stepTime, moved, peakMemory }: Result): string[] {
  const { median: middle, fastest, slowest, first } = stepTime
  const rate = Math.round((batch / middle) * 1000).toLocaleString('en-US')
  const lines = [`Step     median ${timeText(middle)}, from ${timeText(fastest)} to ${timeText(slowest)}, the first ${timeText(first)}; ${rate} digits a second`]
  if (moved === null) lines.push('Moved    nothing: the device is the host')
  else {
    lines.push(`Moved    each step ${bytesText(moved.step.up)} to the device and ${bytesText(moved.step.down)} back`)
    lines.push(`         in all    ${bytesText(moved.all.up)} to the device and ${bytesText(moved.all.down)} back`)
  }
  if (peakMemory !== null) lines.push(`Memory   ${bytesText(peakMemory)} of arrays on the device at most`)
  return lines
}
