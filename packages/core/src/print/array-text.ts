import { type Element, elementColumn, scalarString } from './elements.ts'
import { layOut, shownOffsets, type Style } from './layout.ts'
import { printLimits } from './limits.ts'

/** What can be printed: the elements of an array in row-major order with their shape and dtype. */
export interface Printable {
  /** float16 and bfloat16 decoded to numbers, bool as 0 and 1, int64 and uint64 as bigint. */
  data: ArrayLike<number> | ArrayLike<bigint>
  shape: readonly number[]
  /** Name of the dtype, such as `float32`. */
  dtype: string
  /** The context to show, such as `gpu(0)`; absent on the CPU. */
  context?: string
}

const prefix = 'array('

/**
 * The repr of an array: `array([1., 2.])`, with `, dtype=…` for all but float32 and bool and `, ctx=…` where there is a
 * context. Layout and digits are those of NumPy's `array2string`; the suffixes those of MXNet's `ndarray.__repr__`.
 *
 * @throws RangeError if the data are fewer than the shape asks for
 */
export function arrayRepr(value: Printable): string {
  // The closing bracket takes one column.
  const style: Style = { separator: ', ', indent: prefix.length, width: printLimits.lineWidth - 1 }
  const body = prefix + bodyText(value, style)
  // NumPy states the shape where the brackets alone do not show it.
  const shape = value.shape.length > 1 && isEmpty(value) ? `, shape=(${value.shape.join(', ')})` : ''
  const context = value.context === undefined ? '' : `, ctx=${value.context}`
  return `${body}${shape}${dtypeSuffix(value, body + shape)}${context})`
}

/** The str of an array: `[1. 2.]`, for a 0-d array that of its element; ` @gpu(0)` follows where there is a context. */
export function arrayString(value: Printable): string {
  if (value.shape.length === 0) return scalarString(elementAt(value, 0), value.dtype)
  const text = bodyText(value, { separator: ' ', indent: 0, width: printLimits.lineWidth })
  return value.context === undefined ? text : `${text} @${value.context}`
}

function bodyText(value: Printable, style: Style): string {
  if (isEmpty(value)) return '[]'
  const alone = value.shape.length === 0
  // Only what is shown is read: summarised arrays can be large.
  const shown = shownOffsets(value.shape).map((offset) => elementAt(value, offset))
  const write = elementColumn(shown, value.dtype, alone)
  return alone ? write(elementAt(value, 0)) : layOut(value.shape, style, (offset) => write(elementAt(value, offset)))
}

/** The dtypes whose name NumPy itself leaves out; MXNet then appends the name without breaking the line. */
const impliedInNumPy: ReadonlySet<string> = new Set(['float64', 'int64', 'bool'])

function dtypeSuffix(value: Printable, text: string): string {
  if (value.dtype === 'float32') return ''
  const name = `dtype=${value.dtype}`
  const implied = impliedInNumPy.has(value.dtype) && !isEmpty(value)
  if (implied) return value.dtype === 'bool' ? '' : `, ${name}`
  // The name moves to a line of its own if it would end beyond the width.
  const lastLine = text.length - (text.lastIndexOf('\n') + 1)
  const fits = lastLine + 1 + name.length + 2 <= printLimits.lineWidth
  return fits ? `, ${name}` : `,\n${' '.repeat(prefix.length)}${name}`
}

function isEmpty(value: Printable): boolean {
  return value.shape.includes(0)
}

function elementAt(value: Printable, offset: number): Element {
  const element = value.data[offset]
  if (element === undefined) {
    throw new RangeError(`shape (${value.shape.join(',')}) has more elements than the ${value.data.length} given`)
  }
  return element
}
