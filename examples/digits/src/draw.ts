import { INK, SIDE } from './digits-data.ts'
import type { Misread } from './evaluate.ts'

/** How wide the terminal is, and whether it shows colours. */
export interface Canvas {
  readonly columns: number
  readonly colors: boolean
}

const SHADES = ' .:-=+*#%@'
/** Two characters for a pixel, because characters are about twice as high as wide. */
const WIDTH = 2 * SIDE
const GAP = '  '

/** Misread digits side by side, as many as fit, with what was read and what is right below each. */
export function drawMisread(misread: readonly Misread[], canvas: Canvas): string[] {
  const fitting = Math.max(1, Math.floor((canvas.columns + GAP.length) / (WIDTH + GAP.length)))
  const shown = misread.slice(0, Math.min(6, fitting))
  const row = (cell: (digit: Misread) => string): string => shown.map(cell).join(GAP).trimEnd()
  const lines = Array.from({ length: SIDE }, (_, y) => row(digit => drawRow(digit.pixels.subarray(y * SIDE, (y + 1) * SIDE), canvas.colors)))
  return [...lines, row(digit => `read as ${digit.predicted}`.padEnd(WIDTH)), row(digit => `but is  ${digit.label}`.padEnd(WIDTH))]
}

function drawRow(pixels: Uint8Array, colors: boolean): string {
  if (!colors) return [...pixels].map(level => SHADES[Math.round((level / INK) * (SHADES.length - 1))]!.repeat(2)).join('')
  // Colours 232 to 255 are the greys from black to white.
  return `${[...pixels].map(level => `\x1b[48;5;${232 + Math.round((level / INK) * 23)}m  `).join('')}\x1b[0m`
}
