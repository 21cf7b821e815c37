import { isNDArray } from '../array-core.ts'
import type { TypedArray } from '../dtype.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { broadcastShapes, describe, formatShape, sameShape, sizeOf, stridesOf } from '../shape.ts'
import type { Size } from './draw.ts'

/** A parameter of a distribution: a number for all draws, or an array that is broadcast, with one for each. */
export type Parameter = number | NDArray | TypedArray | readonly number[]

/** Which numbers a parameter may be. */
export type Rule = 'finite' | 'nonnegative' | 'positive' | 'probability' | 'number'

const RULES: Readonly<Record<Rule, readonly [words: string, test: (value: number) => boolean]>> = {
  // Draws are float32, so a number that overflows there is no more use than infinity.
  finite: ['a finite float32 number', value => Number.isFinite(Math.fround(value))],
  nonnegative: ['a finite number, 0 or more', value => value >= 0 && Number.isFinite(Math.fround(value))],
  positive: ['a finite number above 0', value => Math.fround(value) > 0 && Number.isFinite(Math.fround(value))],
  probability: ['a probability from 0 to 1', value => value >= 0 && value <= 1],
  number: ['a number', value => !Number.isNaN(value)],
}

/** Numbers on the host with their shape. */
export interface Column {
  readonly values: ArrayLike<number>
  readonly shape: Shape
}

/** Whether an argument is an options object rather than a parameter. */
export function isOptions<T>(value: T): value is Exclude<T, Parameter | null | undefined> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) && !isNDArray(value)
}

/** The numbers of a parameter. @throws TypeError unless it is one */
export function columnOf(value: unknown, name: string, op: string): Column {
  if (typeof value === 'number') return { values: [value], shape: [] }
  if (isNDArray(value)) return { values: Array.from(value.toTypedArray() as ArrayLike<number | bigint>, Number), shape: value.shape }
  if ((Array.isArray(value) && value.every(entry => typeof entry === 'number')) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    const values = Array.from(value as ArrayLike<number | bigint>, Number)
    return { values, shape: [values.length] }
  }
  throw typeError(`${name} is a number, a list of numbers or an array, got ${describe(value)}`, { op })
}

/** Checks each number of a parameter. @throws TypeError unless it is one, ValueError for a number that the rule forbids */
export function checkParameter(value: unknown, name: string, rule: Rule, op: string): Column {
  const column = columnOf(value, name, op)
  const [words, test] = RULES[rule]
  for (let i = 0; i < column.values.length; i++) {
    if (!test(column.values[i]!)) throw new ValueError(`${name} must be ${words}, got ${column.values[i]}`, { op })
  }
  return column
}

/** The shape of the draws: `size`, which the parameters must broadcast to, or what they broadcast to together. */
export function shapeOfDraws(columns: readonly Column[], size: Size | undefined, op: string): Size {
  const common = columns.reduce<Shape>((shape, column) => broadcastShapes(shape, column.shape, op), [])
  if (size === undefined || size === null) return common
  // What is no shape at all is refused, with its own message, where the draw is planned.
  if (common.length === 0 || !(typeof size === 'number' || Array.isArray(size))) return size
  const shape = typeof size === 'number' ? [size] : size
  if (!sameShape(broadcastShapes(common, shape, op), shape)) {
    throw new ValueError(`parameters of shape ${formatShape(common)} do not broadcast to the size ${formatShape(shape)}`, { op, shapes: [common, shape] })
  }
  return shape
}

/** A parameter's numbers, one for each draw, in C order. */
export function spread({ values, shape: from }: Column, to: Shape): Float64Array {
  const strides = stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride))
  const lead = to.length - from.length
  return Float64Array.from({ length: sizeOf(to) }, (_, index) => {
    let position = 0
    for (let axis = to.length - 1; axis >= lead; axis--) {
      position += (index % to[axis]!) * strides[axis - lead]!
      index = Math.floor(index / to[axis]!)
    }
    return values[position]!
  })
}

/**
 * Checks a list of probabilities: numbers from 0 to 1 that sum to 1 within what NumPy allows for.
 *
 * @param open whether the last one only stands for what the others leave, so that just their sum counts
 */
export function checkProbabilities(value: unknown, name: string, op: string, open: boolean): ArrayLike<number> {
  const { values, shape } = checkParameter(value, name, 'probability', op)
  if (shape.length !== 1 || values.length === 0) throw new ValueError(`${name} must be a list of one number or more, got shape ${formatShape(shape)}`, { op, shapes: [shape] })
  const sum = Array.from(values).slice(0, open ? -1 : undefined).reduce((a, b) => a + b, 0)
  // The root of the epsilon of the numbers' own dtype: float32 probabilities rarely sum to 1 exactly.
  const tolerance = value instanceof Float32Array || (isNDArray(value) && value.dtype !== 'float64') ? 2 ** -11.5 : 2 ** -26
  if (open ? sum > 1 + tolerance : Math.abs(sum - 1) > tolerance) throw new ValueError(`${open ? `all of ${name} but the last` : name} must sum to 1${open ? ' at most' : ''}, got ${sum}`, { op })
  return values
}
