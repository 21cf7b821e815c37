import { REACH } from '../points/datasets.ts'

/** A place of the plane. */
export interface Cross {
  readonly x: number
  readonly y: number
}

/** How far an arrow key moves the cross; with Shift, five times as far. */
const PACE = 0.1

/** What a key does on the plane. */
export type PlaneKey =
  | { readonly type: 'move'; readonly cross: Cross }
  | { readonly type: 'set' }
  | { readonly type: 'swap' }
  | { readonly type: 'undo' }

/** What the page does for a key on the plane; null where it leaves it to the browser. */
export function planeKey(key: string, shift: boolean, { x, y }: Cross): PlaneKey | null {
  const pace = shift ? 5 * PACE : PACE
  const to = (dx: number, dy: number): PlaneKey => {
    const bounded = (value: number): number => Math.round(Math.min(REACH, Math.max(-REACH, value)) * 100) / 100
    return { type: 'move', cross: { x: bounded(x + dx * pace), y: bounded(y + dy * pace) } }
  }
  switch (key) {
    case 'ArrowLeft': return to(-1, 0)
    case 'ArrowRight': return to(1, 0)
    case 'ArrowUp': return to(0, 1)
    case 'ArrowDown': return to(0, -1)
    case 'Enter':
    case ' ': return { type: 'set' }
    case 'x':
    case 'X': return { type: 'swap' }
    case 'Backspace': return { type: 'undo' }
    default: return null
  }
}
