import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, describe, sizeOf } from '../shape.ts'
import { hostData, hostIndices } from './host-data.ts'
import { takeAt } from './indexing.ts'
import { reshape } from './reshape.ts'
import { within } from './within.ts'

// Operations that decide on the host where elements go: they read back, and then move elements on the device.

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
function order(x: NDArray, axis: number, descending: boolean, keep: number, op: string): { within: Int32Array; flat: Int32Array } {
  const data = hostData(x, op)
  const { outer, extent, inner } = rowsOf(x.shape, axis)
  const within = new Int32Array(outer * keep * inner)
  const flat = new Int32Array(within.length)
  // An array without rows may have rows of any length.
  const row = within.length === 0 ? [] : Array.from({ length: extent }, (_, i) => i)
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

/** How to sort: along which axis (default the last), and whether the largest come first. */
export interface SortOptions {
  readonly axis?: number
  readonly descending?: boolean
}

function axisOf(x: NDArray, options: { readonly axis?: number }, op: string): number {
  return checkAxis(checkOptions(options, op).axis ?? -1, checkArray(x, op).ndim, op)
}

/** Elements of `x` at flat positions that were worked out on the host. */
function pickFlat(x: NDArray, flat: Int32Array, shape: Shape, op: string): NDArray {
  return within(op, () => takeAt(reshape(x, [x.size]), hostIndices(x, flat, shape), 0, op))
}

/** The positions that would sort each row along `axis` (default the last), as int32; stable, NaN last (descending: first). */
export function argsort(x: NDArray, options: SortOptions = {}): NDArray {
  const axis = axisOf(x, options, 'argsort')
  return hostIndices(x, order(x, axis, options.descending ?? false, x.shape[axis]!, 'argsort').within, x.shape)
}

/** Each row along `axis` (default the last) in ascending order, NaN last. The gradient goes back to where elements came from. */
export function sort(x: NDArray, options: SortOptions = {}): NDArray {
  const axis = axisOf(x, options, 'sort')
  return pickFlat(x, order(x, axis, options.descending ?? false, x.shape[axis]!, 'sort').flat, x.shape, 'sort')
}

/**
 * The `k` largest (or smallest) entries of each row along an axis, in order, with their positions as int32. NaN counts as largest.
 *
 * @throws ValueError for a `k` that is not from 1 to the extent
 */
export function topk(x: NDArray, options: { readonly k?: number; readonly axis?: number; readonly largest?: boolean } = {}): { values: NDArray; indices: NDArray } {
  const axis = axisOf(x, options, 'topk')
  const k = options.k ?? 1
  if (!Number.isInteger(k) || k < 1 || k > x.shape[axis]!) throw new ValueError(`k must be from 1 to ${x.shape[axis]}, got ${describe(k)}`, { op: 'topk', shapes: [x.shape] })
  const { within, flat } = order(x, axis, options.largest ?? true, k, 'topk')
  const shape = x.shape.map((n, i) => (i === axis ? k : n))
  return { values: pickFlat(x, flat, shape, 'topk'), indices: hostIndices(x, within, shape) }
}

/** The different elements in ascending order, NaN last. */
export function unique(x: NDArray): NDArray {
  const data = hostData(x, 'unique')
  const sorted = [...data.keys()].sort((a, b) => compare(data[a]!, data[b]!))
  const first = sorted.filter((at, i) => i === 0 || compare(data[at]!, data[sorted[i - 1]!]!) !== 0)
  return pickFlat(x, Int32Array.from(first), [first.length], 'unique')
}

/**
 * The positions of true (not zero) elements, one int32 array for each axis.
 *
 * @throws ValueError for a scalar, which has no positions
 */
export function nonzero(x: NDArray): NDArray[] {
  return truePositions(x, 'nonzero')
}

/** What {@link nonzero} gives, on behalf of `op`. */
export function truePositions(x: NDArray, op: string): NDArray[] {
  if (checkArray(x, op).ndim === 0) throw new ValueError('a scalar has no positions', { op, shapes: [x.shape], hint: 'reshape it to (1,) first' })
  const data = hostData(x, op)
  const found = [...data.keys()].filter(i => Number(data[i]) !== 0)
  let stride = x.size
  return x.shape.map(extent => {
    stride /= extent
    const [each, count] = [stride, extent]
    return hostIndices(x, found.map(at => Math.floor(at / each) % count))
  })
}
