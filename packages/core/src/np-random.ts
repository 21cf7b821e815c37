import { checkArray } from './array-core.ts'
import type { ArrayOptions } from './creation.ts'
import { array, fromTypedArray } from './creation.ts'
import { assign } from './ops/set.ts'
import type { Context } from './context.ts'
import { checkContext, currentContext } from './context.ts'
import type { DType } from './dtype.ts'
import { DTYPES, allocate, checkDType, isFloat } from './dtype.ts'
import { ValueError, typeError } from './errors.ts'
import type { NDArray } from './ndarray.ts'
import { take } from './ops/indexing.ts'
import type { RandomSnapshot, RealArray } from './random/index.ts'
import { RandomState, fillNormal, fillUniform, shuffledOrder, shuffledRowOrder } from './random/index.ts'
import { checkShape, describe, sizeOf } from './shape.ts'
import { state } from './state.ts'

const states: Map<string, RandomState> = state.random as Map<string, RandomState>

/** All host memory shares one stream; every other device has its own (behaviour N-04, N-06). */
export function randomStateOf(context: Context): RandomState {
  const key = context.deviceType === 'cpu' ? 'cpu' : context.toString()
  const known = states.get(key)
  if (known !== undefined) return known
  const fresh = new RandomState(context.deviceType === 'cpu' ? 0 : context.deviceId)
  if (lastSeed !== null) fresh.seed(lastSeed)
  states.set(key, fresh)
  return fresh
}

/** A device that draws for the first time after `seed` starts from that seed too. */
let lastSeed: number | null = null

/**
 * Starts the random streams again from a seed: of every device, or of `ctx` alone. A fresh process starts at 0.
 *
 * @throws TypeError unless the seed is a whole number
 */
export function seed(value: number, ctx?: Context): void {
  if (!Number.isSafeInteger(value)) throw typeError(`a seed is a whole number, got ${describe(value)}`, { op: 'random.seed' })
  if (ctx !== undefined) return randomStateOf(checkContext(ctx, 'random.seed')).seed(value)
  lastSeed = value
  for (const each of states.values()) each.seed(value)
}

/** The generators' state on a device, to `setState` later. */
export function getState(ctx: Context = currentContext()): RandomSnapshot {
  return randomStateOf(ctx).save()
}

/** Continues from what `getState` gave. */
export function setState(snapshot: RandomSnapshot, ctx: Context = currentContext()): void {
  if (typeof snapshot !== 'object' || snapshot === null || !('main' in snapshot) || !('parallel' in snapshot)) {
    throw typeError(`expected what getState gave, got ${describe(snapshot)}`, { op: 'random.setState' })
  }
  randomStateOf(ctx).restore(snapshot)
}

/** What draws take beside their distribution. */
export interface RandomOptions extends ArrayOptions {
  /** The shape; without it one number, a scalar array. */
  readonly size?: number | readonly number[] | null
}

type Size = number | readonly number[] | null

function drawReal(op: string, size: Size, options: ArrayOptions, fill: (state: RandomState, out: RealArray) => void): NDArray {
  const context = checkContext(options.ctx ?? currentContext(), op)
  const shape = size === null ? [] : checkShape(size, op)
  const dtype = checkDType(options.dtype ?? 'float32', op)
  if (!isFloat(dtype)) throw typeError(`draws are float32 or float64, got ${dtype}`, { op, hint: 'cast the result with astype' })
  const out = allocate(dtype, sizeOf(shape)) as RealArray
  fill(randomStateOf(context), out)
  return fromTypedArray(out, shape, dtype, context, op)
}

function finite(value: number, name: string, op: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ValueError(`${name} must be a finite number, got ${describe(value)}`, { op })
  return value
}

/**
 * Draws from U[low, high): `uniform(low, high, size, options)` or `uniform({ low, high, size, dtype, ctx })`.
 *
 * @example
 * ```ts
 * import { np, npx, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * npx.random.seed(0)
 * console.log(np.random.uniform({ size: [3] }))
 * // array([0.5488135 , 0.5928446 , 0.71518934])
 * ```
 */
export function uniform(options?: RandomOptions & { readonly low?: number; readonly high?: number }): NDArray
export function uniform(low: number, high?: number, size?: Size, options?: ArrayOptions): NDArray
export function uniform(first: number | (RandomOptions & { low?: number; high?: number }) = {}, high = 1, size: Size = null, options: ArrayOptions = {}): NDArray {
  if (typeof first === 'object' && first !== null) return uniform(first.low ?? 0, first.high ?? 1, first.size ?? null, first)
  finite(first, 'low', 'random.uniform')
  finite(high, 'high', 'random.uniform')
  return drawReal('random.uniform', size, options, ({ main }, out) => fillUniform(main, out, first, high))
}

/** Draws from the normal distribution: `normal(loc, scale, size, options)` or `normal({ loc, scale, size, dtype, ctx })`. */
export function normal(options?: RandomOptions & { readonly loc?: number; readonly scale?: number }): NDArray
export function normal(loc: number, scale?: number, size?: Size, options?: ArrayOptions): NDArray
export function normal(first: number | (RandomOptions & { loc?: number; scale?: number }) = {}, scale = 1, size: Size = null, options: ArrayOptions = {}): NDArray {
  if (typeof first === 'object' && first !== null) return normal(first.loc ?? 0, first.scale ?? 1, first.size ?? null, first)
  finite(first, 'loc', 'random.normal')
  if (finite(scale, 'scale', 'random.normal') < 0) throw new ValueError(`scale must not be negative, got ${scale}`, { op: 'random.normal' })
  return drawReal('random.normal', size, options, ({ main }, out) => fillNormal(main, out, first, scale))
}

/** U[0, 1) of that shape. */
export function rand(...shape: number[]): NDArray {
  return uniform(0, 1, shape)
}

/** The standard normal distribution of that shape. */
export function randn(...shape: number[]): NDArray {
  return normal(0, 1, shape)
}

/** The least and the greatest number of an integer dtype. */
function limitsOf(dtype: DType): [number, number] {
  const { bits, signed } = DTYPES[dtype]
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
}

/** Whole numbers from `low` up to but without `high`; with one bound, from 0 up to it. Default dtype int32. */
export function randint(low: number, high: number | null = null, size: Size = null, options: ArrayOptions = {}): NDArray {
  const [from, to] = high === null ? [0, low] : [low, high]
  if (!Number.isInteger(from) || !Number.isInteger(to) || from >= to) throw new ValueError(`need whole numbers low < high, got ${from} and ${to}`, { op: 'random.randint' })
  const context = checkContext(options.ctx ?? currentContext(), 'random.randint')
  const shape = size === null ? [] : checkShape(size, 'random.randint')
  const dtype = checkDType(options.dtype ?? 'int32', 'random.randint')
  if (DTYPES[dtype].kind !== 1 || !DTYPES[dtype].arithmetic) throw typeError(`draws are int32, uint8 or int8, got ${dtype}`, { op: 'random.randint' })
  const [least, most] = limitsOf(dtype)
  if (from < least || to - 1 > most) throw new ValueError(`draws from ${from} up to ${to} do not fit into ${dtype}`, { op: 'random.randint', hint: `it holds ${least} to ${most}` })
  const out = new Int32Array(sizeOf(shape))
  randomStateOf(context).parallel.fillInteger(out, from, to)
  const drawn = fromTypedArray(out, shape, 'int32', context, 'random.randint')
  return drawn.astype(dtype)
}

/** The numbers 0 to `n` - 1, or the entries of an array along its first axis, in random order, as a new array. */
export function permutation(x: number | NDArray): NDArray {
  const [count] = typeof x === 'number' ? checkShape(x, 'random.permutation') : [checkArray(x, 'random.permutation').length]
  const context = typeof x === 'number' ? currentContext() : x.context
  const engine = randomStateOf(context).main
  // Rows are exchanged from the end, single elements from the start: as MXNet does, so that its orders come out.
  const order = typeof x !== 'number' && x.ndim > 1 ? shuffledRowOrder(engine, count!) : shuffledOrder(engine, count!)
  const index = array(Int32Array.from(order), { ctx: context })
  return typeof x === 'number' ? index : take(x, index, { axis: 0 })
}

/** Puts the entries of an array along its first axis in random order, in place. */
export function shuffle(x: NDArray): void {
  assign(x, 'random.shuffle', () => permutation(x))
}
