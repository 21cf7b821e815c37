import type { Screen } from '@ashlar-examples/shared/screen'
import { scaleLinear } from 'd3-scale'
import { valueAt } from './least-squares.ts'
import type { Fit } from './run.ts'

/** The points that are drawn. */
export interface Cloud {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

const HEIGHT = 18
const MARGIN = 7
/** Of the 256 colours: blue, orange, green, red. Curves are drawn in digits, so that they can be told apart without. */
const COLORS = [75, 215, 114, 210]

/** Points as `o`, and each curve in the digit of its degree. */
export function plot({ x, y }: Cloud, fits: readonly Pick<Fit, 'degree' | 'coefficients'>[], screen: Pick<Screen, 'columns' | 'colors'>): string[] {
  const width = Math.max(16, Math.min(72, screen.columns - MARGIN - 1))
  const across = scaleLinear([-1, 1], [0, width - 1])
  const up = scaleLinear([Math.min(...y), Math.max(...y)], [HEIGHT - 1, 0]).nice(6)
  const cells = Array.from({ length: HEIGHT }, () => new Array<string>(width).fill(' '))
  x.forEach((value, i) => (cells[Math.round(up(y[i]!))]![Math.round(across(value))] = 'o'))
  fits.forEach(({ degree, coefficients }, i) => {
    const mark = screen.colors ? `\x1b[38;5;${COLORS[i]!}m${degree}\x1b[0m` : String(degree)
    for (let column = 0; column < width; column++) {
      const row = Math.round(up(valueAt(coefficients, across.invert(column))))
      if (row >= 0 && row < HEIGHT) cells[row]![column] = mark
    }
  })
  const ticks = new Map(up.ticks(6).map(value => [Math.round(up(value)), up.tickFormat(6)(value)]))
  const rows = cells.map((line, row) => `${(ticks.get(row) ?? '').padStart(MARGIN - 2)} ${ticks.has(row) ? '┤' : '│'}${line.join('').trimEnd()}`)
  const axis = `${' '.repeat(MARGIN - 1)}└${'─'.repeat(width)}`
  const numbers = `${' '.repeat(MARGIN)}${'−1'.padEnd(Math.floor(width / 2))}${'0'.padEnd(Math.ceil(width / 2) - 1)}1`
  const legend = `${' '.repeat(MARGIN)}o points, ${fits.map(({ degree }) => `${degree} the curve of degree ${degree}`).join(', ')}`
  return [...rows, axis, numbers, legend]
}
