import type { Place, Stroke } from './raster.ts'

/** A drawing, and the keyboard's pen. */
export interface Drawing {
  readonly strokes: readonly Stroke[]
  readonly pen: Place
  /** Whether the keyboard's pen draws where it goes. */
  readonly down: boolean
}

export const EMPTY: Drawing = { strokes: [], pen: { x: 0.5, y: 0.5 }, down: false }

/** Nearer places would add nothing to a line. */
const NEAR = 0.006

/** A line begins. */
export function begin({ strokes, ...rest }: Drawing, place: Place): Drawing {
  return { ...rest, strokes: [...strokes, [place]], pen: place }
}

/** The last line goes on. */
export function extend(drawing: Drawing, place: Place): Drawing {
  const line = drawing.strokes.at(-1)
  const last = line?.at(-1)
  if (line === undefined || last === undefined || Math.hypot(place.x - last.x, place.y - last.y) < NEAR) return drawing
  return { ...drawing, strokes: drawing.strokes.with(-1, [...line, place]), pen: place }
}

export function takeBack(drawing: Drawing): Drawing {
  return { ...drawing, strokes: drawing.strokes.slice(0, -1), down: false }
}

const PACE = 0.05
const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** The drawing after a key; null where the page leaves it to the browser. */
export function press(drawing: Drawing, key: string): Drawing | null {
  const direction = DIRECTIONS[key]
  if (direction !== undefined) {
    const pen = { x: bounded(drawing.pen.x + direction[0] * PACE), y: bounded(drawing.pen.y + direction[1] * PACE) }
    return drawing.down ? extend(drawing, pen) : { ...drawing, pen }
  }
  if (key === ' ') return drawing.down ? { ...drawing, down: false } : { ...begin(drawing, drawing.pen), down: true }
  if (key === 'Backspace') return takeBack(drawing)
  return key === 'Delete' ? EMPTY : null
}

function bounded(value: number): number {
  return Math.min(1, Math.max(0, Math.round(value * 1000) / 1000))
}
