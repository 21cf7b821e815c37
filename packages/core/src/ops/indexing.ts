import { checkArray } from '../array-core.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, checkShape, formatShape, reducedShape, sameShape, sizeOf, specOf } from '../shape.ts'
import { ValueError } from '../errors.ts'
import type { DType } from '../dtype.ts'
import { checkDType } from '../dtype.ts'
import { add, mul } from './arithmetic.ts'
import { cast } from './cast.ts'
import { eq } from './compare.ts'
import { hostIndices } from './host-data.ts'
import type { IndexMode } from './index-range.ts'
import { checkBeside, inRange } from './index-range.ts'
import { expandDims, reshape } from './reshape.ts'
import { checkInteger, within } from './within.ts'

interface IndexAttributes {
  readonly axis: number
  /** The shape that entries are taken from. */
  readonly source: Shape
}

type Pair = [NDArray, NDArray]

/** Entries at positions in range, without a check. */
export const takeOp: OpFunction<Pair, IndexAttributes> = /* #__PURE__ */ defineOp<Pair, IndexAttributes>('take', {
  arity: 2,
  movesOnly: true,
  infer: ([x, indices], { axis }) => specOf([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], x.dtype),
  kernel: (kernels, [x, indices], { axis }, out) => kernels.take(x, indices, axis, out),
  vjp: (g, [, indices], _, attributes) => [() => scatterOp(g, indices, attributes), null],
})

/** The opposite of {@link takeOp}: entries that go to one position are added. */
export const scatterOp: OpFunction<Pair, IndexAttributes> = /* #__PURE__ */ defineOp<Pair, IndexAttributes>('scatterAdd', {
  arity: 2,
  infer: ([updates], { source }) => specOf(source, updates.dtype),
  kernel: (kernels, [updates, indices], { axis }, out) => kernels.scatterAdd(updates, indices, axis, out),
  vjp: (g, [, indices], _, attributes) => [() => takeOp(g, indices, attributes), null],
})

/** What happens to indices out of range (see {@link IndexMode}), and the axis. */
export interface TakeOptions {
  readonly axis?: number | null
  readonly mode?: IndexMode
}

/**
 * Entries of `x` at `indices` (any numeric dtype) along `axis`; without an axis, of all elements in C order.
 *
 * @param options `mode` for indices out of range: `clip`, or `wrap`, where -1 is the last. By default they raise where the
 *   indices lie in host memory, and are clipped elsewhere
 * @returns an array whose shape has the index shape in place of the axis
 * @throws IndexError for indices out of range, where they are looked at
 */
export function take(x: NDArray, indices: NDArray, options: TakeOptions = {}): NDArray {
  return within('take', () => taken(x, indices, options))
}

function taken(x: NDArray, indices: NDArray, options: TakeOptions): NDArray {
  const { axis: given, mode } = checkOptions(options, 'take')
  const source = given === undefined || given === null ? reshape(checkArray(x, 'take'), [-1]) : x
  const axis = checkAxis(given ?? 0, checkArray(source, 'take').ndim, 'take')
  return takeAt(source, inRange(indices, mode, { axis, shape: source.shape, op: 'take' }), axis, 'take')
}

/** What {@link take} does, for int32 positions that are known to be in range, on behalf of `op`. */
export function takeAt(x: NDArray, positions: NDArray, axis: number, op: string): NDArray {
  checkBeside(x, positions, op)
  return takeOp(x, positions, { axis, source: x.shape })
}

/** Positions in range, and the weight. */
const embeddingOp = /* #__PURE__ */ defineOp<Pair>('embedding', {
  arity: 2,
  movesOnly: true,
  infer: ([indices, weight]) => specOf([...indices.shape, ...weight.shape.slice(1)], weight.dtype),
  compose: ([indices, weight]) => takeAt(weight, indices, 0, 'embedding'),
  vjp: (g, [indices, weight]) => [null, () => scatterOp(g, indices, { axis: 0, source: weight.shape })],
})

/**
 * The rows of `weight` (entries, …) at `indices`: (…indices, …). The gradient of a row adds up over its uses.
 *
 * @throws IndexError for indices out of range that lie in host memory; elsewhere they are clipped
 */
export function embedding(indices: NDArray, weight: NDArray): NDArray {
  return within('embedding', () => {
    if (checkArray(weight, 'embedding').ndim === 0) throw new ValueError('weight needs at least one dimension, got ()', { op: 'embedding', shapes: [weight.shape] })
    const positions = inRange(indices, undefined, { axis: 0, shape: weight.shape, op: 'embedding' })
    checkBeside(weight, positions, 'embedding')
    return embeddingOp(positions, weight)
  })
}

/** Zeros of `shape` with `updates` added at `indices` along `axis`: the opposite of {@link take}. */
export function scatterAdd(updates: NDArray, indices: NDArray, shape: number | readonly number[], options: { readonly axis?: number } = {}): NDArray {
  return within('scatterAdd', () => scattered(updates, indices, shape, options))
}

function scattered(updates: NDArray, indices: NDArray, shape: number | readonly number[], options: { readonly axis?: number }): NDArray {
  const source = checkShape(shape, 'scatterAdd')
  const axis = checkAxis(checkOptions(options, 'scatterAdd').axis ?? 0, source.length, 'scatterAdd')
  const expected = [...source.slice(0, axis), ...checkArray(indices, 'scatterAdd').shape, ...source.slice(axis + 1)]
  if (!sameShape(checkArray(updates, 'scatterAdd').shape, expected)) {
    throw new ValueError(`updates have shape ${formatShape(updates.shape)}, indices and target ask for ${formatShape(expected)}`, { op: 'scatterAdd', shapes: [updates.shape, indices.shape, source] })
  }
  return scatterOp(updates, inRange(indices, undefined, { axis, shape: source, op: 'scatterAdd' }), { axis, source })
}

/** Positions in range are of the shape of `x` without the axis. */
const pickOp = /* #__PURE__ */ defineOp<Pair, { axis: number; keepdims: boolean }>('pick', {
  arity: 2,
  movesOnly: true,
  infer: ([x], { axis, keepdims }) => specOf(reducedShape(x.shape, [axis], keepdims), x.dtype),
  compose: ([x, index], { axis, keepdims }) => {
    const after = sizeOf(x.shape.slice(axis + 1))
    // The flat position of element (before, index, after) is (before * extent + index) * after + behind.
    const flat = add(mul(index, after), positions(index, x.shape[axis]! * after, after))
    const found = takeAt(reshape(x, [x.size]), flat, 0, 'pick')
    return keepdims ? expandDims(found, axis) : found
  },
})

/**
 * One entry of each row: `x[i, indices[i]]` along `axis` (default the last).
 *
 * @param indices of the shape of `x` without that axis
 * @param options `mode` for indices out of range, as {@link take} has it
 * @throws ValueError where the shapes do not agree, IndexError for indices out of range that lie in host memory
 */
export function pick(x: NDArray, indices: NDArray, options: { readonly axis?: number; readonly keepdims?: boolean; readonly mode?: IndexMode } = {}): NDArray {
  return within('pick', () => picked(x, indices, options))
}

function picked(x: NDArray, indices: NDArray, options: { readonly axis?: number; readonly keepdims?: boolean; readonly mode?: IndexMode }): NDArray {
  const axis = checkAxis(checkOptions(options, 'pick').axis ?? -1, checkArray(x, 'pick').ndim, 'pick')
  const rest = x.shape.filter((_, i) => i !== axis)
  if (checkArray(indices, 'pick').size !== rest.reduce((a, b) => a * b, 1)) {
    throw new ValueError(`one index for each of ${formatShape(rest)} is needed, got indices of shape ${formatShape(indices.shape)}`, { op: 'pick', shapes: [x.shape, indices.shape] })
  }
  const index = inRange(reshape(indices, rest), options.mode, { axis, shape: x.shape, op: 'pick' })
  checkBeside(x, index, 'pick')
  return pickOp(x, index, { axis, keepdims: Boolean(options.keepdims) })
}

/** For each entry of a reduced array in C order, the flat position of its row's first element. */
function positions(like: NDArray, outer: number, after: number): NDArray {
  const starts = new Int32Array(like.size)
  for (let i = 0; i < starts.length; i++) starts[i] = Math.floor(i / after) * outer + (i % after)
  const out = { shape: like.shape, dtype: 'int32' as const, size: like.size }
  return like.make(like.device.upload(starts, out), out)
}

const oneHotOp = /* #__PURE__ */ defineOp<[NDArray], { depth: number; dtype: DType }>('oneHot', {
  infer: ([indices], { depth, dtype }) => specOf([...indices.shape, depth], dtype),
  compose: ([indices], { depth, dtype }) => {
    const index = expandDims(indices, -1)
    return cast(eq(index, hostIndices(index, Int32Array.from({ length: depth }, (_, i) => i))), dtype)
  },
})

/** 1 at each index and 0 elsewhere, along a new last axis of extent `depth`. An index out of range gives zeros. */
export function oneHot(indices: NDArray, depth: number, options: { readonly dtype?: DType } = {}): NDArray {
  return within('oneHot', () => {
    const dtype = checkDType(checkOptions(options, 'oneHot').dtype ?? 'float32', 'oneHot')
    const [count] = checkShape([checkInteger(depth, 'depth', 'oneHot')], 'oneHot') as [number]
    checkShape([...checkArray(indices, 'oneHot').shape, count], 'oneHot')
    return oneHotOp(cast(indices, 'int32'), { depth: count, dtype })
  })
}
