import type { DType } from './dtype.ts'
import { AshlarError, ValueError, typeError } from './errors.ts'

/** The extents of an array, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** What is known of an array before it exists. An NDArray is one too. */
export interface Spec {
  readonly shape: Shape
  readonly dtype: DType
  /** The number of elements: the product of the shape. */
  readonly size: number
}

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1
  for (let i = 0; i < shape.length; i++) size *= shape[i]!
  return size
}

/** The spec of an array of that shape and dtype. */
export function specOf(shape: Shape, dtype: DType): Spec {
  return { shape, dtype, size: sizeOf(shape) }
}

/** Python's form of a shape: `(2, 3)`, `(256,)`, `()`. */
export function formatShape(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Distances between neighbours along each axis, in elements, of a dense array in C order. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride
    stride *= shape[i]!
  }
  return strides
}

/** The largest number of elements of one array: what a 32-bit index reaches. */
export const MAX_SIZE: number = 2 ** 31 - 1

/**
 * Takes a number or a list as a shape.
 *
 * @throws TypeError for anything but whole numbers, ValueError for negative ones and for more than 2^31 - 1 elements
 */
export function checkShape(value: unknown, op: string): number[] {
  const shape = typeof value === 'number' ? [value] : value
  if (!Array.isArray(shape) || !shape.every(n => typeof n === 'number' && Number.isInteger(n))) {
    throw typeError(`a shape is a whole number or a list of them, got ${describe(value)}`, { op })
  }
  if (shape.length > 32) throw new ValueError(`at most 32 dimensions, got ${shape.length}`, { op })
  if (shape.some(n => n < 0)) throw new ValueError(`negative dimensions are not allowed, got ${formatShape(shape)}`, { op })
  if (sizeOf(shape) > MAX_SIZE) {
    throw new ValueError(`shape ${formatShape(shape)} has more than ${MAX_SIZE} elements`, { op, shapes: [shape] })
  }
  return shape.slice()
}

/** A short word for a value in a message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(v => (typeof v === 'number' ? String(v) : describe(v))).join(', ').slice(0, 60)}]`
  if (typeof value === 'object' || typeof value === 'function') {
    const name = (value as object).constructor?.name
    return name === undefined || name === '' ? typeof value : name
  }
  return String(value)
}

/**
 * The common shape of two operands by NumPy's rule: extents are matched from the right, and 1 stretches.
 *
 * @throws AshlarError `operands could not be broadcast together with shapes [2,3] [4]` (behaviour B-14.4)
 */
export function broadcastShapes(a: Shape, b: Shape, op: string): Shape {
  if (sameShape(a, b)) return a
  const rank = Math.max(a.length, b.length)
  const shape = new Array<number>(rank)
  for (let i = 1; i <= rank; i++) {
    const m = i <= a.length ? a[a.length - i]! : 1
    const n = i <= b.length ? b[b.length - i]! : 1
    if (m !== n && m !== 1 && n !== 1) {
      throw new AshlarError(`operands could not be broadcast together with shapes [${a.join(',')}] [${b.join(',')}]`, {
        op,
        shapes: [a, b],
        hint: 'extents must be equal or 1, counted from the last axis',
      })
    }
    shape[rank - i] = m === 1 ? n : m
  }
  return shape
}

/**
 * Turns an axis that may count from the end into one that counts from the start.
 *
 * @throws ValueError `axis 2 is out of bounds for array of dimension 2`
 */
export function checkAxis(axis: unknown, rank: number, op: string): number {
  if (typeof axis !== 'number' || !Number.isInteger(axis)) {
    throw typeError(`an axis is a whole number, got ${describe(axis)}`, { op })
  }
  if (axis < -rank || axis >= rank) {
    throw new ValueError(`axis ${axis} is out of bounds for array of dimension ${rank}`, { op })
  }
  return axis < 0 ? axis + rank : axis
}

/**
 * Checks trailing options, so that a number in their place, as in Python's `x.sum(1)`, is not passed over.
 *
 * @throws TypeError for anything but an object
 */
export function checkOptions<T extends object>(options: T, op: string): T {
  if (typeof options === 'object' && options !== null) return options
  throw typeError(`options are an object, got ${describe(options)}`, { op, hint: `name them, as in { axis: 0 }` })
}

/**
 * The axes of a reduction, ascending; none given means all.
 *
 * @throws ValueError for an axis out of bounds or given twice
 */
export function checkAxes(axis: number | readonly number[] | null | undefined, rank: number, op: string): number[] {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i)
  if (typeof axis !== 'number' && !Array.isArray(axis)) throw typeError(`an axis is a whole number or a list of them, got ${describe(axis)}`, { op })
  const axes = (typeof axis === 'number' ? [axis] : axis as readonly number[]).map(a => checkAxis(a, rank, op)).sort((a, b) => a - b)
  if (axes.some((a, i) => a === axes[i - 1])) throw new ValueError('duplicate value in axis', { op })
  return axes
}

/** The shape after reducing `axes` (ascending), with them kept as 1 or left out. */
export function reducedShape(shape: Shape, axes: readonly number[], keepdims: boolean): number[] {
  const out: number[] = []
  for (let i = 0; i < shape.length; i++) {
    if (!axes.includes(i)) out.push(shape[i]!)
    else if (keepdims) out.push(1)
  }
  return out
}
