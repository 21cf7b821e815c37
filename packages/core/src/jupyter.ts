import type { NDArray } from './ndarray.ts'
import { DTYPES } from './dtype.ts'
import type { TypedArray } from './dtype.ts'
import { elementColumn, scalarString } from './print/elements.ts'
import { formatShape } from './shape.ts'

/** The forms of a value that a notebook chooses from, by MIME type. */
export interface MimeBundle {
  readonly 'text/plain': string
  readonly 'text/html': string
}

/** The longest axis of an array shown as a table, and of one shown as an image, one rectangle a pixel. */
const MOST_CELLS = 20
const MOST_PIXELS = 64
/** About how wide images are shown, in CSS pixels. */
const IMAGE_WIDTH = 256

/**
 * Gives a class the method by which notebooks (Deno's Jupyter kernel and others) ask for a rich form: the `repr()` as text,
 * and as HTML a table of a vector or matrix of up to 20 × 20, an image of a matrix or of pixels (height, width, 3 or 4) of
 * up to 64 × 64, the `repr()` of all else. What can be read only asynchronously is not read.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const display = Symbol.for('Jupyter.display')
 * const shown = (np.ones([2, 3]) as unknown as Record<symbol, () => Record<string, string>>)[display]!()
 * console.log(shown['text/html']!.includes('NDArray (2, 3) float32'))
 * // true
 * ```
 */
export function displayInJupyter(prototype: NDArray): void {
  Object.defineProperty(prototype, Symbol.for('Jupyter.display'), {
    value(this: NDArray): MimeBundle {
      const text = this.repr()
      return { 'text/plain': text, 'text/html': richForm(this) ?? `<pre>${escape(text)}</pre>` }
    },
    configurable: true,
    writable: true,
  })
}

function richForm(x: NDArray): string | null {
  if (x.buffer === null || x.size === 0 || !x.device.capabilities.syncRead) return null
  const [height = 1, width = 1] = x.ndim === 1 ? [1, x.shape[0]!] : x.shape
  const isMatrix = x.ndim === 1 || x.ndim === 2
  if (isMatrix && Math.max(height, width) <= MOST_CELLS) return table(x, width)
  const isImage = x.ndim === 2 || (x.ndim === 3 && (x.shape[2] === 3 || x.shape[2] === 4))
  return isImage && Math.max(height, width) <= MOST_PIXELS ? image(x, height, width) : null
}

function heading(x: NDArray): string {
  const context = x.context.deviceType === 'cpu' ? '' : ` on ${x.context}`
  return `NDArray ${formatShape(x.shape)} ${x.dtype}${context}`
}

function table(x: NDArray, width: number): string {
  const values: (number | bigint)[] = Array.from<number | bigint>(x.toTypedArray())
  const write = elementColumn(values, x.dtype, false)
  // The printer pads numbers so that their points are in line, which a fixed pitch and kept blanks preserve.
  const cells = values.map(value => `<td style="text-align:right;font-family:monospace;white-space:pre">${escape(write(value))}</td>`)
  const rows = Array.from({ length: values.length / width }, (_, row) => `<tr>${cells.slice(row * width, (row + 1) * width).join('')}</tr>`)
  return `<table><thead><tr><th colspan="${width}" style="text-align:left">${escape(heading(x))}</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function image(x: NDArray, height: number, width: number): string {
  const { colorOf, title } = palette(x, x.toTypedArray())
  const rectangles: string[] = []
  for (let row = 0; row < height; row++) {
    for (let start = 0, end = 0; start < width; start = end) {
      const fill = colorOf(row * width + start)
      // Neighbours of one colour are one rectangle.
      for (end = start + 1; end < width && colorOf(row * width + end) === fill; end++);
      if (fill !== null) rectangles.push(`<rect x="${start}" y="${row}" width="${end - start}" height="1" fill="${fill}"/>`)
    }
  }
  const scale = Math.max(1, Math.floor(IMAGE_WIDTH / Math.max(height, width)))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges">`
    + `<title>${escape(title)}</title>${rectangles.join('')}</svg>`
}

interface Palette {
  /** The colour of a pixel; null for one that is not finite, which is left out. */
  colorOf(pixel: number): string | null
  readonly title: string
}

/** Black is the least number and white the greatest; bytes are taken as they are where they have colours. */
function palette(x: NDArray, data: TypedArray): Palette {
  const channels = x.ndim === 2 ? 1 : x.shape[2]!
  const colors = Math.min(channels, 3)
  const isBytes = channels > 1 && x.dtype === 'uint8'
  let [least, most]: [number | bigint, number | bigint] = isBytes ? [0, 255] : [Infinity, -Infinity]
  for (let i = 0; i < data.length && !isBytes; i++) {
    const value = data[i]!
    if (i % channels === 3 || !Number.isFinite(Number(value))) continue
    if (value < least) least = value
    if (value > most) most = value
  }
  const [low, high] = [Number(least), Number(most)]
  // Halved, because the distance of the largest numbers is infinite.
  const unit = (value: number): number => (high === low ? 0 : (value / 2 - low / 2) / (high / 2 - low / 2))
  const opaque = DTYPES[x.dtype].kind === 1 ? 255 : 1
  const colorOf = (pixel: number): string | null => {
    const values = Array.from({ length: channels }, (_, i) => Number(data[pixel * channels + i]))
    if (!values.every(Number.isFinite)) return null
    const parts = values.map((value, i) => (i < colors ? unit(value) : Math.min(1, Math.max(0, value / opaque))))
    return `#${(channels === 1 ? [parts[0]!, parts[0]!, parts[0]!] : parts).map(hexByte).join('')}`
  }
  const range = low <= high ? `, ${scalarString(least, x.dtype)} (dark) to ${scalarString(most, x.dtype)} (bright)` : ', no finite numbers'
  return { colorOf, title: heading(x) + range }
}

function hexByte(unit: number): string {
  return Math.round(unit * 255).toString(16).padStart(2, '0')
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/gu, character => ESCAPES[character]!)
}
