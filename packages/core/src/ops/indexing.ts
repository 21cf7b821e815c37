import { checkArray } from '../array-core.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, checkShape, describe, formatShape, sameShape, specOf } from '../shape.ts'
import { IndexError, ValueError } from '../errors.ts'
import type { DType } from '../dtype.ts'
import { add, mul } from './arithmetic.ts'
import { cast } from './cast.ts'
import { eq } from './compare.ts'
import { maximum, minimum, mod } from './power.ts'
import { expandDims, reshape } from './reshape.ts'

interface IndexAttributes {
  readonly axis: number
  /** The shape that entries are taken from. */
  readonly source: Shape
}

type Pair = [NDArray, NDArray]

const takeOp: OpFunction<Pair, IndexAttributes> = /* #__PURE__ */ defineOp<Pair, IndexAttributes>('take', {
  arity: 2,
  movesOnly: true,
  infer: ([x, indices], { axis }) => specOf([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], x.dtype),
  kernel: (kernels, [x, indices], { axis }, out) => kernels.take(x, indices, axis, out),
  vjp: (g, [, indices], _, attributes) => [() => scatterOp(g, indices, attributes), null],
})

const scatterOp: OpFunction<Pair, IndexAttributes> = /* #__PURE__ */ defineOp<Pair, IndexAttributes>('scatterAdd', {
  arity: 2,
  infer: ([updates], { source }) => specOf(source, updates.dtype),
  kernel: (kernels, [updates, indices], { axis }, out) => kernels.scatterAdd(updates, indices, axis, out),
  vjp: (g, [, indices], _, attributes) => [() => takeOp(g, indices, attributes), null],
})

/** What happens to indices out of range: cut to the nearest end, or counted round. */
export type IndexMode = 'clip' | 'wrap'

/**
 * Entries of `x` at `indices` (any numeric dtype) along `axis`; without an axis, of all elements in C order.
 *
 * @param options `mode` for indices out of range: `clip` (default), or `wrap`, where -1 is the last
 * @returns an array whose shape has the index shape in place of the axis
 */
export function take(x: NDArray, indices: NDArray, options: { readonly axis?: number | null; readonly mode?: IndexMode } = {}): NDArray {
  checkOptions(options, 'take')
  if (options.axis === undefined || options.axis === null) return take(reshape(checkArray(x, 'take'), [-1]), indices, { ...options, axis: 0 })
  const axis = checkAxis(options.axis, checkArray(x, 'take').ndim, 'take')
  const extent = x.shape[axis]!
  if (extent === 0 && checkArray(indices, 'take').size > 0) {
    throw new IndexError(`cannot take from axis ${axis} of ${formatShape(x.shape)}, which is empty`, { op: 'take', shapes: [x.shape, indices.shape] })
  }
  const mode = options.mode ?? 'clip'
  if (mode !== 'clip' && mode !== 'wrap') throw new ValueError(`mode is 'clip' or 'wrap', got ${describe(mode)}`, { op: 'take' })
  return takeOp(x, inRange(indices, extent, mode), { axis, source: x.shape })
}

/** Zeros of `shape` with `updates` added at `indices` along `axis`: the opposite of {@link take}. */
export function scatterAdd(updates: NDArray, indices: NDArray, shape: number | readonly number[], options: { readonly axis?: number } = {}): NDArray {
  const source = checkShape(shape, 'scatterAdd')
  const axis = checkAxis(checkOptions(options, 'scatterAdd').axis ?? 0, source.length, 'scatterAdd')
  const expected = [...source.slice(0, axis), ...checkArray(indices, 'scatterAdd').shape, ...source.slice(axis + 1)]
  if (!sameShape(checkArray(updates, 'scatterAdd').shape, expected)) {
    throw new ValueError(`updates have shape ${formatShape(updates.shape)}, indices and target ask for ${formatShape(expected)}`, { op: 'scatterAdd', shapes: [updates.shape, indices.shape, source] })
  }
  return scatterOp(updates, inRange(indices, source[axis]!, 'clip'), { axis, source })
}

function inRange(indices: NDArray, extent: number, mode: IndexMode): NDArray {
  const index = cast(checkArray(indices, 'take'), 'int32')
  return mode === 'wrap' ? mod(index, extent) : minimum(maximum(index, 0), extent - 1)
}

/**
 * One entry of each row: `x[i, indices[i]]` along `axis` (default the last), clipped to the range.
 *
 * @param indices of the shape of `x` without that axis
 * @throws ValueError where the shapes do not agree
 */
export function pick(x: NDArray, indices: NDArray, options: { readonly axis?: number; readonly keepdims?: boolean } = {}): NDArray {
  const axis = checkAxis(checkOptions(options, 'pick').axis ?? -1, checkArray(x, 'pick').ndim, 'pick')
  const rest = x.shape.filter((_, i) => i !== axis)
  if (checkArray(indices, 'pick').size !== rest.reduce((a, b) => a * b, 1)) {
    throw new ValueError(`one index for each of ${formatShape(rest)} is needed, got indices of shape ${formatShape(indices.shape)}`, { op: 'pick', shapes: [x.shape, indices.shape] })
  }
  const extent = x.shape[axis]!
  const after = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  // The flat position of element (before, index, after) is (before * extent + index) * after + behind.
  const index = inRange(reshape(indices, rest), extent, 'clip')
  const flat = add(mul(index, after), positions(index, extent * after, after))
  const picked = take(x, flat)
  return (options.keepdims ?? false) ? expandDims(picked, axis) : picked
}

/** For each entry of a reduced array in C order, the flat position of its row's first element. */
function positions(like: NDArray, outer: number, after: number): NDArray {
  const starts = new Int32Array(like.size)
  for (let i = 0; i < starts.length; i++) starts[i] = Math.floor(i / after) * outer + (i % after)
  const out = { shape: like.shape, dtype: 'int32' as const, size: like.size }
  return like.make(like.device.upload(starts, out), out)
}

/** 1 at each index and 0 elsewhere, along a new last axis of extent `depth`. An index out of range gives zeros. */
export function oneHot(indices: NDArray, depth: number, options: { readonly dtype?: DType } = {}): NDArray {
  const classes = Int32Array.from({ length: checkShape(depth, 'oneHot')[0]! }, (_, i) => i)
  const index = expandDims(cast(checkArray(indices, 'oneHot'), 'int32'), -1)
  const out = { shape: [classes.length], dtype: 'int32' as const, size: classes.length }
  return cast(eq(index, index.make(index.device.upload(classes, out), out)), options.dtype ?? 'float32')
}
