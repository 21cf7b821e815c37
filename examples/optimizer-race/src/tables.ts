import type { Learned } from './digits.ts'
import { heightText, percent, rateText } from './format.ts'
import { arrivalOf, endOf } from './valley.ts'
import type { Way } from './valley.ts'

const BARS = '▁▂▃▄▅▆▇█'

/** One character for each of `width` parts of a curve, from the lowest `▁` to the highest `█` of the range. */
export function sparkline(values: readonly number[], width: number, low: number, high: number): string {
  const columns = Math.min(width, values.length)
  return Array.from({ length: columns }, (_, i) => {
    const value = values[columns === 1 ? 0 : Math.round((i * (values.length - 1)) / (columns - 1))]!
    const share = high > low ? (value - low) / (high - low) : 0
    return BARS[Math.max(0, Math.min(BARS.length - 1, Math.floor(share * BARS.length)))] ?? BARS.at(-1)
  }).join('')
}

/** Heights differ by powers of ten, and so are they drawn. */
export const logOf = (height: number): number => Math.log10(Math.max(height, 1e-9))

/** Below this, a racer has arrived. */
export const ARRIVED = 0.001

/** The valley's ranking as lines of text, the lowest end first; what a terminal has no room for is left out. */
export function valleyTable(ways: readonly Way[], columns: number): string[] {
  const width = Math.min(40, columns - 45)
  const logs = ways.map(({ heights }) => heights.map(logOf))
  const [low, high] = [-4, Math.max(0, ...logs.map(values => values[0]!))]
  const head = `${'racer'.padEnd(10)}${'rate'.padStart(7)}  ${'height'.padStart(9)}  ${'below'.padStart(6)}  ${width >= 8 ? 'way (log)' : ''}`
  return [head.trimEnd(), ...rankWays(ways).map(way => {
    const line = width >= 8 ? sparkline(way.heights.map(logOf), width, low, high) : ''
    const arrival = arrivalOf(way, ARRIVED)
    return `${way.racer.name.padEnd(10)}${rateText(way.rate).padStart(7)}  ${heightText(endOf(way)).padStart(9)}  ${(arrival === null ? '–' : String(arrival)).padStart(6)}  ${line}`.trimEnd()
  })]
}

/** The digits' ranking as lines of text, the best reader first. */
export function digitsTable(learned: readonly Learned[], columns: number): string[] {
  const width = Math.min(20, columns - 44)
  const [low, high] = [0.05, Math.log(10)].map(Math.log10) as [number, number]
  const head = `${'racer'.padEnd(10)}${'rate'.padStart(7)}  ${'loss'.padStart(7)}  ${'read right'.padStart(10)}  ${width >= 8 ? 'loss by epoch (log)' : ''}`
  return [head.trimEnd(), ...rankLearned(learned).map(({ racer, losses, accuracies }) => {
    const line = width >= 8 ? sparkline(losses.map(logOf), width, low, high) : ''
    return `${racer.name.padEnd(10)}${rateText(racer.rate).padStart(7)}  ${losses.at(-1)!.toFixed(4).padStart(7)}  ${percent(accuracies.at(-1)!).padStart(10)}  ${line}`.trimEnd()
  })]
}

/** The lowest end first. */
export function rankWays(ways: readonly Way[]): Way[] {
  return ways.toSorted((a, b) => endOf(a) - endOf(b))
}

/** Who reads most, and of these who is surest. */
export function rankLearned(learned: readonly Learned[]): Learned[] {
  const loss = ({ losses }: Learned): number => (Number.isFinite(losses.at(-1)!) ? losses.at(-1)! : Infinity)
  return learned.toSorted((a, b) => b.accuracies.at(-1)! - a.accuracies.at(-1)! || loss(a) - loss(b))
}
