import { floatFormat } from './float-format.ts'
import { floatColumn, floatScalar } from './float-text.ts'

/** One element of an array: bigint for int64 and uint64, number for every other dtype. */
export type Element = number | bigint

/**
 * How the elements of an array are written, from those that will be shown.
 *
 * @param alone true for a 0-d array, where a bool is not padded
 */
export function elementColumn(values: readonly Element[], dtype: string, alone: boolean): (value: Element) => string {
  if (dtype === 'bool') return alone ? boolText : (value) => boolText(value).padStart(5)
  const format = floatFormat(dtype)
  if (format !== undefined) {
    const write = floatColumn(values.map(Number), format)
    return (value) => write(Number(value))
  }
  const width = values.reduce((widest: number, value) => Math.max(widest, integerText(value).length), 0)
  return (value) => integerText(value).padStart(width)
}

/**
 * One value as `str` of a NumPy scalar: `3.0`, `1e-09`, `-7`, `True`.
 *
 * @param value the value; numbers must be representable in `dtype`
 * @param dtype name of the dtype; a bool counts as true unless it is 0
 */
export function scalarString(value: number | bigint | boolean, dtype: string): string {
  const element = typeof value === 'boolean' ? Number(value) : value
  if (dtype === 'bool') return boolText(element)
  const format = floatFormat(dtype)
  return format === undefined ? integerText(element) : floatScalar(Number(element), format)
}

function boolText(value: Element): string {
  return Number(value) === 0 ? 'False' : 'True'
}

function integerText(value: Element): string {
  return String(value)
}
