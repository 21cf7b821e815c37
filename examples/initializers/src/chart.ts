import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { MOST_DECADES, decades } from './format.ts'

/** One curve: how large a signal is before the first layer and behind each. */
export interface Curve {
  readonly name: string
  readonly sizes: readonly number[]
}

export interface ChartOptions {
  /** What the picture shows, for those who cannot see it. */
  readonly label: string
  /** What the layers are counted from, below the axis. */
  readonly axis: string
}

const [WIDTH, HEIGHT] = [480, 320]
const BOX = { left: 48, right: WIDTH - 14, top: 12, bottom: HEIGHT - 42 }

/** Curves over layers on a scale of decades, as an SVG picture that takes its colours from the page. */
export function drawChart(curves: readonly Curve[], { label, axis }: ChartOptions): string {
  const depth = Math.max(...curves.map(({ sizes }) => sizes.length)) - 1
  const x = scaleLinear([0, depth], [BOX.left, BOX.right])
  const y = scaleLinear([-MOST_DECADES, MOST_DECADES], [BOX.bottom, BOX.top])
  const rows = [-8, -6, -4, -2, 0, 2, 4, 6, 8].map(value => `<path class="grid${value === 0 ? ' sent' : ''}" d="M${BOX.left} ${round(y(value))}H${BOX.right}"/><text x="${BOX.left - 8}" y="${round(y(value) + 4)}" text-anchor="end">${value === 0 ? '1' : `10<tspan dy="-5" font-size="9">${value < 0 ? `−${-value}` : value}</tspan>`}</text>`)
  const columns = x.ticks(Math.min(10, depth)).filter(Number.isInteger).map(value => `<text x="${round(x(value))}" y="${BOX.bottom + 18}" text-anchor="middle">${value}</text>`)
  const path = line<number>((_, i) => x(i), size => y(decades(size))).digits(1)
  const drawn = curves.map(({ name, sizes }, i) => `<g class="curve c${i}"><title>${name}</title><path d="${path(sizes)}"/>${markers(sizes, i, x, y)}</g>`)
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<rect class="arrived" x="${BOX.left}" y="${round(y(2))}" width="${BOX.right - BOX.left}" height="${round(y(-2) - y(2))}"/>
${[...rows, ...columns, `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${axis}</text>`, ...drawn].join('\n')}
</svg>`
}

/** Shapes as well as colours tell curves apart. */
export const SHAPES: readonly string[] = ['M-4-4h8v8h-8z', 'M0-5l5 9h-10z', 'M0-5l5 5-5 5-5-5z', 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0', 'M0 5l5-9h-10z', 'M-5-1.5h10v3h-10z', 'M-1.5-5h3v10h-3z', 'M-5-5l10 10M-5 5l10-10']

function markers(sizes: readonly number[], curve: number, x: (i: number) => number, y: (value: number) => number): string {
  const step = Math.max(1, Math.round(sizes.length / 5))
  return sizes.map((size, i) => ({ size, i })).filter(({ i }) => i % step === curve % step || i === sizes.length - 1).map(({ size, i }) => `<path class="mark" transform="translate(${round(x(i))} ${round(y(decades(size)))})" d="${SHAPES[curve % SHAPES.length]}"/>`).join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
