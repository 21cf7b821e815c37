import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'

/** One curve: a value for each epoch, the first one's number being 1. */
export interface Curve {
  readonly name: string
  /** Its class in the style sheet. */
  readonly style: string
  readonly values: readonly number[]
}

export interface ChartOptions {
  /** What the picture shows, for those who cannot see it. */
  readonly label: string
  readonly low: number
  readonly high: number
  readonly format: (value: number) => string
}

const [WIDTH, HEIGHT] = [440, 260]
const BOX = { left: 52, right: WIDTH - 12, top: 12, bottom: HEIGHT - 40 }

/** Curves over epochs as an SVG picture that takes its colours from the page. */
export function drawChart(curves: readonly Curve[], options: ChartOptions): string {
  const epochs = Math.max(...curves.map(curve => curve.values.length))
  const x = scaleLinear([1, Math.max(2, epochs)], [BOX.left, BOX.right])
  const y = scaleLinear([options.low, options.high], [BOX.bottom, BOX.top]).nice(5)
  const rows = y.ticks(5).map(value => `<path class="grid" d="M${BOX.left} ${round(y(value))}H${BOX.right}"/><text x="${BOX.left - 8}" y="${round(y(value) + 4)}" text-anchor="end">${options.format(value)}</text>`)
  const columns = x.ticks(6).filter(Number.isInteger).map(value => `<text x="${round(x(value))}" y="${BOX.bottom + 18}" text-anchor="middle">${value}</text>`)
  const path = line<number>((_, i) => x(i + 1), value => y(value)).digits(1)
  const drawn = curves.map(({ style, values }) => {
    const end = `<circle class="${style}" cx="${round(x(values.length))}" cy="${round(y(values.at(-1)!))}" r="3.5"/>`
    return `<path class="curve ${style}" d="${path(values)}"/>${end}`
  })
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${options.label}">
${[...rows, ...columns, `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">epoch</text>`, ...drawn].join('\n')}
</svg>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
