import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import { GOAL, START, WALLS } from './valley.ts'
import type { Point, Way } from './valley.ts'

/** The part of the plane that maps show. */
const VIEW = { left: -1.8, right: 1.8, bottom: -0.7, top: 2.1 }
const MAP = { width: 200, height: 155 }

const x = scaleLinear([VIEW.left, VIEW.right], [0, MAP.width])
const y = scaleLinear([VIEW.bottom, VIEW.top], [MAP.height, 0])
const path = line<Point>(([px]) => x(px), ([, py]) => y(py)).digits(1)

const LEVELS: readonly number[] = [0.05, 0.3, 1, 3, 8, 20, 45, 90]

/** All places of one height: where the floor's `(1 - x)²` leaves something to climb, both walls have one. */
function levelCurve(height: number): string {
  const reach = Math.sqrt(height)
  const turn = Array.from({ length: 241 }, (_, i) => (i / 240) * 2 * Math.PI)
  return `${path(turn.map((angle): Point => {
    const px = 1 - reach * Math.cos(angle)
    return [px, px * px + (reach * Math.sin(angle)) / Math.sqrt(WALLS)]
  }))}Z`
}

/** The valley for all maps, drawn once. */
export function drawValley(): string {
  return `<svg class="hidden" aria-hidden="true"><symbol id="valley" viewBox="0 0 ${MAP.width} ${MAP.height}">
${LEVELS.map(height => `<path class="level" d="${levelCurve(height)}"/>`).join('\n')}
<path class="goal" d="M${round(x(GOAL[0]) - 4)} ${round(y(GOAL[1]))}h8m-4 -4v8"/>
</symbol></svg>`
}

/** A map of the valley with one way. */
export function drawWay({ racer, points }: Way, end: string): string {
  const inside = points.filter(point => point.every(Number.isFinite)).map(([px, py]): Point => [clamp(px, -9, 9), clamp(py, -9, 9)])
  const last = inside.at(-1) ?? START
  return `<svg viewBox="0 0 ${MAP.width} ${MAP.height}" role="img" aria-label="${racer.name}: from the start through the valley to a height of ${end}.">
<use href="#valley"/><path class="way" d="${path(inside)}"/><circle class="start" cx="${round(x(START[0]))}" cy="${round(y(START[1]))}" r="3"/><circle class="end" cx="${round(x(last[0]))}" cy="${round(y(last[1]))}" r="3.5"/>
</svg>`
}

/** Panels of one kind: a curve each, in front of those of all racers. */
export interface Panels {
  /** What all panels share, drawn once. */
  readonly backdrop: string
  draw(values: readonly number[], label: string): string
}

/** How panels are laid out. */
export interface PanelOptions {
  readonly id: string
  /** The ends of the logarithmic scale. */
  readonly low: number
  readonly high: number
  /** The number of the first value. */
  readonly first: number
  /** What values are numbered by. */
  readonly unit: string
}

const PANEL = { width: 200, height: 110, left: 30, right: 196, top: 6, bottom: 92 }

/** The panels of some curves. What is beyond the scale runs along its edge. */
export function panelsOf(curves: readonly (readonly number[])[], { id, low, high, first, unit }: PanelOptions): Panels {
  const length = Math.max(...curves.map(values => values.length))
  const across = scaleLinear([first, Math.max(first + 1, first + length - 1)], [PANEL.left, PANEL.right])
  const up = scaleLog([low, high], [PANEL.bottom, PANEL.top]).clamp(true)
  const curve = line<number>((_, i) => across(first + i), value => up(Math.max(value, low))).defined(value => !Number.isNaN(value)).digits(1)
  const lowest = Math.ceil(Math.log10(low))
  const decades = Array.from({ length: Math.floor(Math.log10(high)) - lowest + 1 }, (_, i) => 10 ** (lowest + i))
  const every = Math.ceil(decades.length / 4)
  const rows = decades.filter((_, i) => i % every === 0).map(tick => `<path class="grid" d="M${PANEL.left} ${round(up(tick))}H${PANEL.right}"/><text class="tick" x="${PANEL.left - 4}" y="${round(up(tick) + 3)}" text-anchor="end">${powerText(tick)}</text>`)
  const box = `viewBox="0 0 ${PANEL.width} ${PANEL.height}"`
  return {
    backdrop: `<svg class="hidden" aria-hidden="true"><symbol id="${id}" ${box}>
${rows.join('')}<text class="tick" x="${PANEL.right}" y="${PANEL.height - 5}" text-anchor="end">${unit} ${first + length - 1}</text>
${curves.map(values => `<path class="other" d="${curve(values)}"/>`).join('\n')}
</symbol></svg>`,
    draw: (values, label) => `<svg ${box} role="img" aria-label="${label}"><use href="#${id}"/><path class="way" d="${curve(values)}"/></svg>`,
  }
}

const powerText = (tick: number): string => (tick >= 0.01 && tick <= 100 ? String(tick) : `1e${Math.round(Math.log10(tick))}`)
const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))
const round = (value: number): number => Math.round(value * 10) / 10
