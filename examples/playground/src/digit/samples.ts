import type { Stroke } from './raster.ts'

/** An arc round (x, y), angles in quarters of a turn, clockwise from three o'clock. */
function arc(x: number, y: number, rx: number, ry: number, from: number, to: number): Stroke {
  const steps = 40
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = (from + (to - from) * i / steps) * Math.PI / 2
    return { x: x + rx * Math.cos(angle), y: y + ry * Math.sin(angle) }
  })
}

function line(...numbers: readonly number[]): Stroke {
  return Array.from({ length: numbers.length / 2 }, (_, i) => ({ x: numbers[2 * i]!, y: numbers[2 * i + 1]! }))
}

/** One digit of each kind, as the page draws them for whoever asks. */
export const SAMPLES: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.22, 0.34, -1, 3)],
  [line(0.4, 0.28, 0.55, 0.15, 0.55, 0.85)],
  [[...arc(0.5, 0.34, 0.2, 0.19, -2, 0.4), ...line(0.3, 0.84, 0.74, 0.84)]],
  [[...arc(0.47, 0.33, 0.2, 0.18, -2, 1), ...arc(0.47, 0.68, 0.22, 0.17, -1, 2)]],
  [line(0.5, 0.14, 0.26, 0.6, 0.76, 0.6), line(0.62, 0.4, 0.56, 0.88)],
  [[...line(0.7, 0.16, 0.36, 0.16, 0.34, 0.47), ...arc(0.47, 0.64, 0.22, 0.2, -1.4, 1.7)]],
  [[...line(0.58, 0.13, 0.4, 0.36), ...arc(0.5, 0.66, 0.2, 0.2, -2, 2)]],
  [line(0.28, 0.16, 0.72, 0.16, 0.44, 0.86), line(0.36, 0.5, 0.68, 0.5)],
  [[...arc(0.5, 0.32, 0.17, 0.17, 1, -3), ...arc(0.5, 0.68, 0.2, 0.19, -1, 3)]],
  [[...arc(0.49, 0.34, 0.19, 0.19, 0, -4), ...line(0.68, 0.34, 0.66, 0.6, 0.52, 0.86)]],
]
