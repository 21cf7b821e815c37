import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import type { Moment } from './history.ts'

const [WIDTH, HEIGHT] = [360, 220]
const BOX = { left: 44, right: WIDTH - 10, top: 10, bottom: HEIGHT - 34 }

/** Losses below are drawn as this: a logarithmic axis has no zero. */
const LEAST = 1e-4

/** The two losses over the steps as an SVG picture that takes its colours from the page. */
export function drawLoss(history: readonly Moment[]): string {
  const all = history.flatMap(({ train, heldBack }) => (heldBack === null ? [train] : [train, heldBack])).map(bounded)
  // Whole powers of ten, so that the axis seldom moves.
  const low = 10 ** Math.floor(Math.log10(Math.min(0.1, ...all)) + 1e-9)
  const high = 10 ** Math.ceil(Math.log10(Math.max(1, ...all)) - 1e-9)
  const end = Math.max(20, history.at(-1)?.steps ?? 0)
  const x = scaleLinear([0, end], [BOX.left, BOX.right])
  const y = scaleLog([low, high], [BOX.bottom, BOX.top])
  const powers = y.ticks().filter(value => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6)
  const rows = powers.map(value => `<path class="grid" d="M${BOX.left} ${round(y(value))}H${BOX.right}"/><text x="${BOX.left - 8}" y="${round(y(value) + 4)}" text-anchor="end">${formatPower(value)}</text>`)
  const columns = x.ticks(4).filter(Number.isInteger).map(value => `<text x="${round(x(value))}" y="${BOX.bottom + 17}" text-anchor="middle">${value.toLocaleString('en')}</text>`)
  const curve = (name: string, values: readonly (readonly [number, number])[]): string => {
    const [last] = values.slice(-1)
    if (last === undefined) return ''
    const path = line<readonly [number, number]>(([steps]) => x(steps), ([, loss]) => y(bounded(loss))).digits(1)
    return `<g class="${name}"><path class="curve" d="${path(values)}"/><circle cx="${round(x(last[0]))}" cy="${round(y(bounded(last[1])))}" r="3.5"/></g>`
  }
  const train = history.map(({ steps, train: loss }) => [steps, loss] as const)
  const heldBack = history.flatMap(({ steps, heldBack: loss }) => (loss === null ? [] : [[steps, loss] as const]))
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${describe(history)}">
${[...rows, ...columns, `<text x="${BOX.right}" y="${HEIGHT - 2}" text-anchor="end">steps</text>`, curve('train', train), curve('held', heldBack)].join('\n')}
</svg>`
}

/** What the picture shows, for those who cannot see it. */
function describe(history: readonly Moment[]): string {
  const [first, last] = [history[0], history.at(-1)]
  if (first === undefined || last === undefined) return 'The loss, once there is one'
  const heldBack = last.heldBack === null ? '' : `, ${formatLoss(last.heldBack)} on points held back`
  return `The loss over ${last.steps} steps: ${formatLoss(first.train)} at first, ${formatLoss(last.train)} now${heldBack}`
}

/** Three digits that count. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) return 'none'
  if (loss < LEAST) return '< 0.0001'
  return loss >= 10 ? loss.toPrecision(3) : loss.toFixed(loss < 0.01 ? 4 : 3)
}

function formatPower(value: number): string {
  return value >= 1 ? value.toLocaleString('en') : value.toFixed(Math.round(-Math.log10(value)))
}

function bounded(loss: number): number {
  return Math.min(1e6, Math.max(LEAST, loss))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
