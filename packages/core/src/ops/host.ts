import { checkArray } from '../array-core.ts'
import type { TypedArray } from '../dtype.ts'
import { IndexError, NotImplementedError, ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkShape, formatShape, sameShape, sizeOf } from '../shape.ts'
import { add, mul } from './arithmetic.ts'
import { scatterAdd, take } from './indexing.ts'
import { reshape } from './reshape.ts'
import { get } from './get.ts'
import { cast } from './cast.ts'

// Operations that decide on the host where elements go: they read back, and then move elements on the device.

/** Host elements, for operations that cannot run on a device. @throws NotImplementedError where reads are asynchronous */
function hostData(x: NDArray, op: string): TypedArray {
  if (!checkArray(x, op).device.capabilities.syncRead) {
    throw new NotImplementedError(`${x.context} cannot be read synchronously, and ${op} decides on the host`, { op, hint: 'copy the array to cpu() first: await x.toTypedArrayAsync()' })
  }
  return x.toTypedArray()
}

/** Positions that were worked out on the host, as an int32 array beside `x`. */
export function hostIndices(x: NDArray, positions: ArrayLike<number>, shape: Shape = [positions.length]): NDArray {
  const out = { shape, dtype: 'int32' as const, size: sizeOf(shape) }
  return x.make(x.device.upload(Int32Array.from(positions), out), out)
}

/** Ascending order in which NaN comes last; equal elements keep their order. */
function compare(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  // oxlint-disable-next-line no-self-compare -- NaN is what differs from itself
  return a !== a ? (b !== b ? 0 : 1) : -1
}

interface Rows {
  readonly outer: number
  readonly extent: number
  readonly inner: number
}

function rowsOf(shape: Shape, axis: number): Rows {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) }
}

/** The sorting order of every row along an axis: positions within the row, and their flat positions. */
function order(x: NDArray, axis: number, descending: boolean, keep: number): { within: Int32Array; flat: Int32Array } {
  const data = hostData(x, 'argsort')
  const { outer, extent, inner } = rowsOf(x.shape, axis)
  const within = new Int32Array(outer * keep * inner)
  const flat = new Int32Array(within.length)
  const row = Array.from({ length: extent }, (_, i) => i)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const base = o * extent * inner + i
      const sorted = row.toSorted((a, b) => {
        const sign = compare(data[base + a * inner]!, data[base + b * inner]!)
        return descending ? -sign : sign
      })
      for (let k = 0; k < keep; k++) {
        const at = (o * keep + k) * inner + i
        within[at] = sorted[k]!
        flat[at] = base + sorted[k]! * inner
      }
    }
  }
  return { within, flat }
}

/** The positions that would sort each row along `axis` (default the last), as int32; stable, NaN last. */
export function argsort(x: NDArray, options: { readonly axis?: number; readonly descending?: boolean } = {}): NDArray {
  const axis = checkAxis(options.axis ?? -1, checkArray(x, 'argsort').ndim, 'argsort')
  return hostIndices(x, order(x, axis, options.descending ?? false, x.shape[axis]!).within, x.shape)
}

/** Each row along `axis` (default the last) in ascending order, NaN last. The gradient goes back to where elements came from. */
export function sort(x: NDArray, options: { readonly axis?: number; readonly descending?: boolean } = {}): NDArray {
  const axis = checkAxis(options.axis ?? -1, checkArray(x, 'sort').ndim, 'sort')
  return take(x, hostIndices(x, order(x, axis, options.descending ?? false, x.shape[axis]!).flat, x.shape))
}

/** The `k` largest (or smallest) entries of each row along an axis, in order, with their positions as int32. */
export function topk(x: NDArray, options: { readonly k?: number; readonly axis?: number; readonly largest?: boolean } = {}): { values: NDArray; indices: NDArray } {
  const axis = checkAxis(options.axis ?? -1, checkArray(x, 'topk').ndim, 'topk')
  const k = options.k ?? 1
  if (!Number.isInteger(k) || k < 1 || k > x.shape[axis]!) throw new ValueError(`k must be from 1 to ${x.shape[axis]}, got ${k}`, { op: 'topk', shapes: [x.shape] })
  const { within, flat } = order(x, axis, options.largest ?? true, k)
  const shape = x.shape.map((n, i) => (i === axis ? k : n))
  return { values: take(x, hostIndices(x, flat, shape)), indices: hostIndices(x, within, shape) }
}

/** The different elements in ascending order, NaN last. */
export function unique(x: NDArray): NDArray {
  const data = hostData(x, 'unique')
  const sorted = [...data.keys()].sort((a, b) => compare(data[a]!, data[b]!))
  const first = sorted.filter((at, i) => i === 0 || compare(data[at]!, data[sorted[i - 1]!]!) !== 0)
  return take(reshape(x, [-1]), hostIndices(x, first))
}

/** The positions of true (not zero) elements, one int32 array for each axis. */
export function nonzero(x: NDArray): NDArray[] {
  const data = hostData(x, 'nonzero')
  const found = [...data.keys()].filter(i => Number(data[i]) !== 0)
  let stride = x.size
  return x.shape.map(extent => {
    stride /= extent
    const [each, count] = [stride, extent]
    return hostIndices(x, found.map(at => Math.floor(at / each) % count))
  })
}

/** The elements where a mask of the leading axes is true: what `x.get(mask)` gives. */
export function maskedPositions(mask: NDArray, shape: Shape): Int32Array {
  if (!sameShape(mask.shape, shape.slice(0, mask.ndim))) {
    throw new IndexError(`boolean index of shape ${formatShape(mask.shape)} does not match the indexed array of shape ${formatShape(shape)}`, { op: 'get', shapes: [mask.shape, shape] })
  }
  const data = hostData(mask, 'get') as Uint8Array
  return Int32Array.from([...data.keys()].filter(i => data[i] !== 0))
}

/**
 * One element for each index: `out[i, j] = x[i, indices[i, j]]` along `axis`. The index array has the shape of `x` but along that axis.
 *
 * @throws ValueError where the shapes do not agree, IndexError for positions out of range
 */
export function takeAlongAxis(x: NDArray, indices: NDArray, options: { readonly axis?: number } = {}): NDArray {
  const axis = checkAxis(options.axis ?? -1, checkArray(x, 'takeAlongAxis').ndim, 'takeAlongAxis')
  const index = checkArray(indices, 'takeAlongAxis')
  if (index.ndim !== x.ndim || index.shape.some((n, i) => i !== axis && n !== x.shape[i])) {
    throw new ValueError(`indices ${formatShape(index.shape)} do not fit ${formatShape(x.shape)} along axis ${axis}`, { op: 'takeAlongAxis', shapes: [x.shape, index.shape] })
  }
  const { extent, inner } = rowsOf(x.shape, axis)
  const count = index.shape[axis]!
  // Flat position: (outer * extent + index) * inner + inner position; all but the index is known here.
  const base = new Int32Array(index.size)
  for (let at = 0; at < base.length; at++) {
    const o = Math.floor(at / (count * inner))
    base[at] = o * extent * inner + (at % inner)
  }
  const within = cast(index, 'int32')
  return take(x, add(mul(within, inner), hostIndices(x, base, index.shape)))
}

/**
 * Elements or rows at positions that are given axis by axis: `out[…] = x[indices[0, …], indices[1, …], …]`.
 *
 * @param indices of shape (m, …), m at most the rank of `x`
 */
export function gatherNd(x: NDArray, indices: NDArray): NDArray {
  const [m, flat, rest] = flatten(checkArray(x, 'gatherNd').shape, indices, 'gatherNd')
  const rows = reshape(x, [sizeOf(x.shape.slice(0, m)), ...rest])
  return take(rows, flat, { axis: 0 })
}

/** Zeros of `shape` with `updates` added at positions that are given axis by axis: the opposite of {@link gatherNd}. */
export function scatterNd(updates: NDArray, indices: NDArray, shape: readonly number[]): NDArray {
  const target = checkShape(shape, 'scatterNd')
  const [m, flat, rest] = flatten(target, indices, 'scatterNd')
  const rows = [sizeOf(target.slice(0, m)), ...rest]
  return reshape(scatterAdd(updates, flat, rows), target)
}

function flatten(shape: Shape, indices: NDArray, op: string): [number, NDArray, Shape] {
  const m = checkArray(indices, op).shape[0]
  if (m === undefined || m < 1 || m > shape.length) {
    throw new ValueError(`indices of shape ${formatShape(indices.shape)} name ${m ?? 'no'} axes of ${formatShape(shape)}`, { op, shapes: [shape, indices.shape] })
  }
  let flat = get(indices, [0])
  for (let axis = 1; axis < m; axis++) flat = add(mul(flat, shape[axis]!), get(indices, [axis]))
  return [m, cast(flat, 'int32'), shape.slice(m)]
}
