import type { Context } from '../context.ts'
import { checkContext, currentContext } from '../context.ts'
import type { ArrayOptions } from '../creation.ts'
import { fromTypedArray } from '../creation.ts'
import type { DType, TypedArray } from '../dtype.ts'
import { DTYPES, allocate, checkDType, isBigInt, isHalf } from '../dtype.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { RandomState } from '../random/index.ts'
import { checkHolds, deviceOf } from '../registry.ts'
import type { Shape } from '../shape.ts'
import { checkOptions, checkShape, sizeOf, specOf } from '../shape.ts'
import { encodeHalf } from '../half.ts'
import { randomStateOf } from './streams.ts'

/** A shape; null for one number, a scalar array. */
export type Size = number | readonly number[] | null

/** What draws take beside their distribution. */
export interface RandomOptions extends ArrayOptions {
  /** The shape; without it one number, a scalar array. */
  readonly size?: Size
}

/** What is to be drawn, checked: from here on nothing is refused, so that refused calls leave the streams alone. */
export interface Plan {
  readonly op: string
  readonly shape: Shape
  readonly dtype: DType
  readonly context: Context
}

/** The dtypes that a kind of draw comes in: which, how to say so, and which one unless told otherwise. */
export interface Dtypes {
  readonly default: DType
  readonly words: string
  allows(dtype: DType): boolean
}

export const FLOATS: Dtypes = { default: 'float32', words: 'floating-point numbers', allows: dtype => DTYPES[dtype].kind === 2 }
export const NUMBERS: Dtypes = { default: 'float32', words: 'of a dtype with arithmetic', allows: dtype => DTYPES[dtype].arithmetic }
/** int32 where MXNet has int64, as everywhere for positions: these can be computed with. */
export const INTEGERS: Dtypes = { default: 'int32', words: 'of an integer dtype', allows: dtype => DTYPES[dtype].kind === 1 }

/** Checks everything about a draw but its distribution, the device included. */
export function planOf(op: string, size: Size | undefined, options: ArrayOptions, dtypes: Dtypes): Plan {
  checkOptions(options, op)
  const context = checkContext(options.ctx ?? currentContext(), op)
  const shape = size === null || size === undefined ? [] : checkShape(size, op)
  const dtype = checkDType(options.dtype ?? dtypes.default, op)
  if (!dtypes.allows(dtype)) throw typeError(`draws are ${dtypes.words}, got ${dtype}`, { op, hint: 'cast the result with astype' })
  checkHolds(deviceOf(context, op), specOf(shape, dtype), context, op)
  return { op, shape, dtype, context }
}

/** Draws float32 numbers, and casts them. */
export function drawReals(plan: Plan, fill: (state: RandomState, out: Float32Array) => void): NDArray {
  return finish(plan, allocate('float32', sizeOf(plan.shape)) as Float32Array, fill)
}

/** Draws whole numbers, which a float64 holds exactly as far as 2^53, and casts them. */
export function drawIntegers(plan: Plan, fill: (state: RandomState, out: Float64Array) => void): NDArray {
  return finish(plan, allocate('float64', sizeOf(plan.shape)) as Float64Array, fill)
}

function finish<T extends Float32Array | Float64Array>({ op, shape, dtype, context }: Plan, drawn: T, fill: (state: RandomState, out: T) => void): NDArray {
  if (isHalf(dtype)) {
    fill(randomStateOf(context), drawn)
    return fromTypedArray(encodeHalf(drawn, dtype), shape, dtype, context, op)
  }
  const out = drawn instanceof DTYPES[dtype].array ? null : allocate(dtype, drawn.length)
  fill(randomStateOf(context), drawn)
  if (out !== null && isBigInt(dtype)) for (let i = 0; i < drawn.length; i++) out[i] = BigInt(drawn[i]!)
  else if (out !== null) (out as Exclude<TypedArray, BigInt64Array | BigUint64Array>).set(drawn)
  return fromTypedArray(out ?? drawn, shape, dtype, context, op)
}

/**
 * Checks that whole numbers from `least` to `most` fit.
 *
 * @throws ValueError that says what the dtype holds
 */
export function checkFits(least: number, most: number, dtype: DType, op: string): void {
  const { bits, signed } = DTYPES[dtype]
  const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
  if (least < low || most > high) throw new ValueError(`draws from ${least} to ${most} do not fit into ${dtype}`, { op, hint: `it holds ${low} to ${high}` })
}
