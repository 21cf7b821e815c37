import { checkArray, isNDArray } from './array-core.ts'
import { Buffer } from './buffer.ts'
import type { Context } from './context.ts'
import { checkContext, currentContext } from './context.ts'
import type { DType, TypedArray } from './dtype.ts'
import { DTYPES, allocate, checkDType, isBigInt, isHalf } from './dtype.ts'
import { ValueError, typeError } from './errors.ts'
import { encodeHalf } from './half.ts'
import { track } from './memory.ts'
import { NDArray } from './ndarray.ts'
import { astype } from './ops/cast.ts'
import { fillLike } from './ops/fill.ts'
import { checkHolds, deviceOf } from './registry.ts'
import type { Shape } from './shape.ts'
import { checkShape, describe, formatShape, sizeOf } from './shape.ts'

/** Where and as what a new array is made. */
export interface ArrayOptions {
  /** Default float32. */
  readonly dtype?: DType
  /** Default: the current context. */
  readonly ctx?: Context
}

/** Numbers, bools or nested lists of them, a typed array, or an array. */
export type ArrayLikeInput = number | bigint | boolean | TypedArray | Uint8ClampedArray | NDArray | readonly ArrayLikeInput[]

/** A new array from elements in C order, which are copied; `data` must be the dtype's own typed array. */
export function fromTypedArray(data: TypedArray, shape: Shape, dtype: DType, context: Context = currentContext(), op = 'array'): NDArray {
  const device = deviceOf(checkContext(context, op), op)
  const size = sizeOf(checkShape(shape, op))
  checkHolds(device, { dtype, size }, context, op)
  if (data.length !== size || !(data instanceof (DTYPES[dtype].array as unknown as new () => TypedArray))) {
    throw new ValueError(`${describe(data)} of ${data.length} elements does not fill ${formatShape(shape)} of ${dtype}`, { op, shapes: [shape] })
  }
  const out = { shape, dtype, size }
  const array = new NDArray(new Buffer(device.upload(data, out), device, out), shape, dtype, size, context)
  track(array)
  return array
}

function dtypeOfTypedArray(data: TypedArray | Uint8ClampedArray): DType {
  if (data instanceof Uint8ClampedArray) return 'uint8'
  for (const [dtype, { array }] of Object.entries(DTYPES)) {
    if (dtype !== 'bool' && !isHalf(dtype as DType) && data instanceof (array as unknown as new () => TypedArray)) return dtype as DType
  }
  throw typeError(`no dtype for ${describe(data)}`, { op: 'array' })
}

/** The extents of nested lists. @throws ValueError where they are ragged */
function shapeOfLists(value: ArrayLikeInput): number[] {
  const shape: number[] = []
  for (let level: ArrayLikeInput = value; Array.isArray(level); level = level[0]!) {
    shape.push(level.length)
    // Lists that hold themselves never end; checkShape refuses that depth.
    if (level.length === 0 || shape.length > 32) break
  }
  return shape
}

function flattenInto(value: ArrayLikeInput, shape: Shape, depth: number, out: (number | bigint)[]): void {
  if (depth === shape.length) {
    const element = isNDArray(value) ? value.item() : value
    if (typeof element !== 'number' && typeof element !== 'bigint' && typeof element !== 'boolean') {
      if (Array.isArray(element)) throw ragged(shape)
      throw typeError(`elements are numbers or bools, got ${describe(element)}`, { op: 'array' })
    }
    out.push(typeof element === 'boolean' ? Number(element) : element)
    return
  }
  if (!Array.isArray(value) || value.length !== shape[depth]) throw ragged(shape)
  for (const entry of value) flattenInto(entry, shape, depth + 1, out)
}

function ragged(shape: Shape): ValueError {
  return new ValueError(`the nested lists are ragged: they do not all have the shape ${formatShape(shape)} that the first ones have`, { op: 'array' })
}

function toBigInt(value: number | bigint): bigint {
  if (typeof value === 'bigint') return value
  if (!Number.isFinite(value)) throw new ValueError(`${value} is no 64-bit integer`, { op: 'array' })
  return BigInt(Math.trunc(value))
}

/** Host elements as the dtype's own typed array: integers truncate and wrap, bool is `!= 0`. */
function toHost(values: ArrayLike<number | bigint>, dtype: DType): TypedArray {
  if (isHalf(dtype)) return encodeHalf(Array.from(values, Number), dtype)
  const out = allocate(dtype, values.length)
  const big = isBigInt(dtype)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    out[i] = (dtype === 'bool' ? Number(Number(value) !== 0) : big ? toBigInt(value) : Number(value)) as never
  }
  return out
}

/**
 * A new array from numbers or nested lists (float32 unless told otherwise), a typed array (its dtype) or an array (its
 * dtype and context). The elements are copied.
 *
 * @throws ValueError for ragged lists, TypeError for elements that are no numbers
 * @example
 * ```ts
 * import { array, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * console.log(array([[1, 2], [3, 4]]))
 * // array([[1., 2.],
 * //        [3., 4.]])
 * ```
 */
export function array(value: ArrayLikeInput, options: ArrayOptions = {}): NDArray {
  const dtype = options.dtype === undefined ? undefined : checkDType(options.dtype, 'array')
  if (isNDArray(value)) {
    const cast = dtype === undefined || dtype === value.dtype ? value.detach() : astype(value.detach(), dtype)
    return options.ctx === undefined ? cast : cast.asInContext(options.ctx)
  }
  if (ArrayBuffer.isView(value)) {
    const data = value as TypedArray | Uint8ClampedArray
    const own = dtypeOfTypedArray(data)
    const target = dtype ?? own
    // The device copies the elements, so the caller's array can go there as it is.
    const host = target === own && !(data instanceof Uint8ClampedArray) ? data : toHost(data, target)
    return fromTypedArray(host, [data.length], target, options.ctx)
  }
  const shape = checkShape(shapeOfLists(value), 'array')
  const flat: (number | bigint)[] = []
  flattenInto(value, shape, 0, flat)
  return fromTypedArray(toHost(flat, dtype ?? 'float32'), shape, dtype ?? 'float32', options.ctx)
}

/** An array of `shape` that holds `value` everywhere. */
export function full(shape: number | readonly number[], value: number, options: ArrayOptions = {}): NDArray {
  const context = options.ctx ?? currentContext()
  const dtype = checkDType(options.dtype ?? 'float32', 'full')
  const checked = checkShape(shape, 'full')
  if (typeof value !== 'number') throw typeError(`the value is a number, got ${describe(value)}`, { op: 'full' })
  if (isBigInt(dtype)) toBigInt(value)
  const device = deviceOf(checkContext(context, 'full'), 'full')
  const out = { shape: checked, dtype, size: sizeOf(checked) }
  checkHolds(device, out, context, 'full')
  const result = new NDArray(new Buffer(device.fill(value, out), device, out), checked, dtype, out.size, context)
  track(result)
  return result
}

/** An array of zeros. */
export function zeros(shape: number | readonly number[], options: ArrayOptions = {}): NDArray {
  return full(shape, 0, options)
}

/** An array of ones. */
export function ones(shape: number | readonly number[], options: ArrayOptions = {}): NDArray {
  return full(shape, 1, options)
}

/** Zeros of the shape, dtype and context of `x`. */
export function zerosLike(x: NDArray): NDArray {
  return fillLike(checkArray(x, 'zerosLike'), 0)
}

/** Ones of the shape, dtype and context of `x`. */
export function onesLike(x: NDArray): NDArray {
  return fillLike(checkArray(x, 'onesLike'), 1)
}

/**
 * `arange(stop)` or `arange(start, stop, step)`: numbers at equal distances, the end left out; float32 unless told otherwise.
 *
 * @throws ValueError for a step of 0
 */
export function arange(start: number, stop: number | null = null, step = 1, options: ArrayOptions = {}): NDArray {
  if (step === 0 || !Number.isFinite(step)) throw new ValueError(`the step must be a number other than 0, got ${step}`, { op: 'arange' })
  const [from, to] = stop === null ? [0, start] : [start, stop]
  const count = checkShape(Math.max(0, Math.ceil((to - from) / step)), 'arange')
  const dtype = checkDType(options.dtype ?? 'float32', 'arange')
  return fromTypedArray(toHost(Array.from({ length: count[0]! }, (_, i) => from + i * step), dtype), count, dtype, options.ctx, 'arange')
}

/** `count` numbers at equal distances from `start` to `stop`, both included. */
export function linspace(start: number, stop: number, count = 50, options: ArrayOptions & { readonly endpoint?: boolean } = {}): NDArray {
  if (!Number.isInteger(count)) throw typeError(`the count is a whole number, got ${describe(count)}`, { op: 'linspace' })
  const shape = checkShape(count, 'linspace')
  const gaps = (options.endpoint ?? true) ? count - 1 : count
  const dtype = checkDType(options.dtype ?? 'float32', 'linspace')
  const values = Array.from({ length: count }, (_, i) => (i === gaps && i > 0 ? stop : start + (i * (stop - start)) / Math.max(gaps, 1)))
  return fromTypedArray(toHost(values, dtype), shape, dtype, options.ctx, 'linspace')
}

/** Ones on a diagonal (`k` above the main one), zeros elsewhere. */
export function eye(rows: number, columns: number = rows, k = 0, options: ArrayOptions = {}): NDArray {
  const shape = checkShape([rows, columns], 'eye')
  if (!Number.isInteger(k)) throw typeError(`the diagonal is a whole number, got ${describe(k)}`, { op: 'eye' })
  const dtype = checkDType(options.dtype ?? 'float32', 'eye')
  const host = allocate(dtype, rows * columns)
  for (let row = Math.max(0, -k); row < rows && row + k < columns; row++) host[row * columns + row + k] = (isBigInt(dtype) ? 1n : 1) as never
  return fromTypedArray(host, shape, dtype, options.ctx, 'eye')
}
