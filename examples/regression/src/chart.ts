import { escape } from '@ashlar-examples/shared/page'
import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import { valueAt } from './least-squares.ts'
import type { Cloud } from './plot.ts'

const [WIDTH, HEIGHT] = [640, 380]
const BOX = { left: 56, right: WIDTH - 24, top: 14, bottom: HEIGHT - 44 }

/** A polynomial and the class of its curve in the style sheet. */
export interface Curve {
  readonly style: string
  readonly coefficients: readonly number[]
}

/** Points and curves over x as an SVG picture that takes its colours from the page. */
export function drawCurves(cloud: Cloud, curves: readonly Curve[], label: string): string {
  const x = scaleLinear([-1, 1], [BOX.left, BOX.right])
  const places = Array.from({ length: 101 }, (_, i) => i / 50 - 1)
  const heights = [...cloud.y, ...curves.flatMap(({ coefficients }) => places.map(value => valueAt(coefficients, value)))]
  const y = scaleLinear([Math.min(...heights), Math.max(...heights)], [BOX.bottom, BOX.top]).nice(6)
  const dots = cloud.x.map((value, i) => `<circle class="dot" cx="${round(x(value))}" cy="${round(y(cloud.y[i]!))}" r="3.5"/>`)
  const paths = curves.map(({ style, coefficients }) => {
    const path = line<number>(value => x(value), value => y(valueAt(coefficients, value))).digits(1)(places)
    return `<path class="curve ${style}" d="${path}"/>`
  })
  const rows = y.ticks(6).map(value => rowAt(y(value), y.tickFormat(6)(value)))
  const columns = x.ticks(5).map(value => columnAt(x(value), x.tickFormat(5)(value)))
  return picture(label, 'x', [...rows, ...columns, ...dots, ...paths])
}

/** How the losses of several descents fell, both axes logarithmic. `losses[0]`, from before the first step, is left out. */
export function drawLosses(curves: readonly { readonly style: string; readonly losses: readonly number[] }[], label: string): string {
  const steps = Math.max(2, ...curves.map(({ losses }) => losses.length - 1))
  // Without noise a loss may well be 0, which has no place on such an axis.
  const clipped = (value: number): number => Math.max(value, 1e-12)
  const all = curves.flatMap(({ losses }) => losses.slice(1).map(clipped))
  const [low, high] = all.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, 0])
  const x = scaleLog([1, steps], [BOX.left, BOX.right])
  const y = scaleLog([low / 1.1, high * 1.1], [BOX.bottom, BOX.top])
  const paths = curves.map(({ style, losses }) => {
    const shown = [...new Set(Array.from({ length: 201 }, (_, i) => Math.round((losses.length - 1) ** (i / 200))))].filter(step => step < losses.length)
    return `<path class="curve ${style}" d="${line<number>(step => x(step), step => y(clipped(losses[step]!))).digits(1)(shown)}"/>`
  })
  const rows = thin(y.ticks(6), 7).map(value => rowAt(y(value), value >= 0.001 && value < 1000 ? String(Number(value.toPrecision(3))) : value.toExponential(0)))
  const columns = x.ticks(5).filter(value => Number.isInteger(Math.log10(value))).map(value => columnAt(x(value), String(value)))
  return picture(label, 'step', [...rows, ...columns, ...paths])
}

/** At most `most` of the ticks, evenly: a logarithmic axis may come with many. */
function thin(ticks: readonly number[], most: number): number[] {
  const step = Math.ceil(ticks.length / most)
  return ticks.filter((_, i) => i % step === 0)
}

function rowAt(y: number, text: string): string {
  return `<path class="grid" d="M${BOX.left} ${round(y)}H${BOX.right}"/><text x="${BOX.left - 8}" y="${round(y + 4)}" text-anchor="end">${text}</text>`
}

function columnAt(x: number, text: string): string {
  return `<text x="${round(x)}" y="${BOX.bottom + 18}" text-anchor="middle">${text}</text>`
}

function picture(label: string, axis: string, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(label)}">
${[...parts, `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${axis}</text>`].join('\n')}
</svg>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
