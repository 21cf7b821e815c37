/** A place on the pad, whose sides have length 1; y grows downwards. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** A line drawn without lifting the pen; a single place is a dot. */
export type Stroke = readonly Place[]

/** The pictures that the network knows: eight by eight pixels. */
export const PIXELS_A_SIDE = 8
export const PIXELS = PIXELS_A_SIDE ** 2

/** They come from bitmaps of 32 by 32 dots: each grey level counts the dots of a block of four by four. */
const DOTS = 32
const BLOCK = DOTS / PIXELS_A_SIDE

/**
 * Dots of ink in each bitmap, the mean of the 1,797 digits. It is nearly the same for every digit, a slim 1 included: whoever
 * prepared the data made thin strokes thicker.
 */
const INK_DOTS = 312

/** The digits of the data fill the height, and rarely the outer columns. */
const WIDEST = 23

/** Radii of the pen, in dots. */
const [THINNEST, THICKEST] = [1, 6]

/**
 * A drawing as the network knows digits: in the middle, as high as the picture, and with a pen that leaves as much ink as the data has.
 *
 * @returns 64 grey levels from 0 to 1, row by row; all 0 where nothing is drawn
 */
export function rasterize(strokes: readonly Stroke[]): Float32Array {
  const drawn = strokes.filter(stroke => stroke.length > 0)
  if (drawn.length === 0) return new Float32Array(PIXELS)
  let [thin, thick] = [THINNEST, THICKEST]
  // A thicker pen never leaves less ink, so halving finds the right one.
  for (let round = 0; round < 12; round++) {
    const radius = (thin + thick) / 2
    if (count(bitmap(fit(drawn, radius), radius)) < INK_DOTS) thin = radius
    else thick = radius
  }
  const dots = bitmap(fit(drawn, thick), thick)
  return Float32Array.from({ length: PIXELS }, (_, i) => {
    const [top, left] = [Math.floor(i / PIXELS_A_SIDE) * BLOCK, (i % PIXELS_A_SIDE) * BLOCK]
    let ink = 0
    for (let y = top; y < top + BLOCK; y++) for (let x = left; x < left + BLOCK; x++) ink += dots[y * DOTS + x]!
    return ink / BLOCK ** 2
  })
}

/** Moves and scales strokes so that a pen of that radius fills the height of the bitmap, and no more than the usual width. */
function fit(strokes: readonly Stroke[], radius: number): Stroke[] {
  const all = strokes.flat()
  const [left, right] = [Math.min(...all.map(p => p.x)), Math.max(...all.map(p => p.x))]
  const [top, bottom] = [Math.min(...all.map(p => p.y)), Math.max(...all.map(p => p.y))]
  const [width, height] = [right - left, bottom - top]
  const [room, across] = [DOTS - 2 * radius, WIDEST - 2 * radius]
  // A dash stays one: it is scaled by its width.
  const byHeight = height > width / 3 ? room / height : across / Math.max(width, 1e-6)
  const scaleY = Number.isFinite(byHeight) ? byHeight : 0
  const scaleX = Math.min(scaleY, across / Math.max(width, 1e-6))
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2]
  return strokes.map(stroke => stroke.map(({ x, y }) => ({ x: DOTS / 2 + (x - middleX) * scaleX, y: DOTS / 2 + (y - middleY) * scaleY })))
}

/** Which dots a round pen covers. */
function bitmap(strokes: readonly Stroke[], radius: number): Uint8Array {
  const dots = new Uint8Array(DOTS ** 2)
  for (const stroke of strokes) {
    stroke.forEach((to, i) => mark(dots, stroke[Math.max(0, i - 1)]!, to, radius))
  }
  return dots
}

function mark(dots: Uint8Array, from: Place, to: Place, radius: number): void {
  const within = (value: number): number => Math.min(DOTS, Math.max(0, value))
  const [top, bottom] = [within(Math.floor(Math.min(from.y, to.y) - radius)), within(Math.ceil(Math.max(from.y, to.y) + radius))]
  const [left, right] = [within(Math.floor(Math.min(from.x, to.x) - radius)), within(Math.ceil(Math.max(from.x, to.x) + radius))]
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y]
      const at = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
      if ((px - at * dx) ** 2 + (py - at * dy) ** 2 <= radius ** 2) dots[y * DOTS + x] = 1
    }
  }
}

function count(dots: Uint8Array): number {
  return dots.reduce((total, dot) => total + dot, 0)
}
