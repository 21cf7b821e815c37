import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, describe, sizeOf, specOf } from '../shape.ts'
import { takeAlongOp } from './gather.ts'
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

/** The sorting order of every row along an axis: the first `keep` positions within the row. */
function order(x: NDArray, axis: number, descending: boolean, keep: number, op: string): NDArray {
  const data = hostData(x, op)
  const { outer, extent, inner } = rowsOf(x.shape, axis)
  const positions = new Int32Array(outer * keep * inner)
  // An array without rows may have rows of any length.
  const row = positions.length === 0 ? [] : Array.from({ length: extent }, (_, i) => i)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const base = o * extent * inner + i
      const sorted = row.toSorted((a, b) => {
        const sign = compare(data[base + a * inner]!, data[base + b * inner]!)
        return descending ? -sign : sign
      })
      for (let k = 0; k < keep; k++) positions[(o * keep + k) * inner + i] = sorted[k]!
    }
  }
  return hostIndices(x, positions, x.shape.with(axis, keep))
}

/** How to sort: along which axis (default the last), and whether the largest come first. */
export interface SortOptions {
  readonly axis?: number
  readonly descending?: boolean
}

function axisOf(x: NDArray, options: { readonly axis?: number }, op: string): number {
  return checkAxis(checkOptions(options, op).axis ?? -1, checkArray(x, op).ndim, op)
}

interface SortAttributes {
  readonly axis: number
  readonly descending: boolean
}

const argsortOp = /* #__PURE__ */ defineOp<[NDArray], SortAttributes>('argsort', {
  movesOnly: true,
  constant: true,
  infer: ([x]) => specOf(x.shape, 'int32'),
  compose: ([x], { axis, descending }) => order(x, axis, descending, x.shape[axis]!, 'argsort'),
})

/** The positions that would sort each row along `axis` (default the last), as int32; stable, NaN last (descending: first). */
export function argsort(x: NDArray, options: SortOptions = {}): NDArray {
  return within('argsort', () => argsortOp(x, { axis: axisOf(x, options, 'argsort'), descending: Boolean(options.descending) }))
}

const sortOp = /* #__PURE__ */ defineOp<[NDArray], SortAttributes>('sort', {
  movesOnly: true,
  infer: ([x]) => x,
  compose: ([x], attributes) => takeAlongOp(x, argsortOp(x, attributes), { axis: attributes.axis }),
})

/** Each row along `axis` (default the last) in ascending order, NaN last. The gradient goes back to where elements came from. */
export function sort(x: NDArray, options: SortOptions = {}): NDArray {
  return within('sort', () => sortOp(x, { axis: axisOf(x, options, 'sort'), descending: Boolean(options.descending) }))
}

/** The positions; what is there is taken along the axis, which has a gradient. */
const topkOp = /* #__PURE__ */ defineOp<[NDArray], { k: number; axis: number; largest: boolean }>('topk', {
  movesOnly: true,
  constant: true,
  infer: ([x], { k, axis }) => specOf(x.shape.with(axis, k), 'int32'),
  compose: ([x], { k, axis, largest }) => order(x, axis, largest, k, 'topk'),
})

/**
 * The `k` largest (or smallest) entries of each row along an axis, in order, with their positions as int32. NaN counts as largest.
 *
 * @throws ValueError for a `k` that is not from 1 to the extent
 */
export function topk(x: NDArray, options: { readonly k?: number; readonly axis?: number; readonly largest?: boolean } = {}): { values: NDArray; indices: NDArray } {
  return within('topk', () => {
    const axis = axisOf(x, options, 'topk')
    const k = options.k ?? 1
    if (!Number.isInteger(k) || k < 1 || k > x.shape[axis]!) throw new ValueError(`k must be from 1 to ${x.shape[axis]}, got ${describe(k)}`, { op: 'topk', shapes: [x.shape] })
    const indices = topkOp(x, { k, axis, largest: Boolean(options.largest ?? true) })
    return { values: takeAlongOp(x, indices, { axis }), indices }
  })
}

/** The different elements in ascending order, NaN last. */
export function unique(x: NDArray): NDArray {
  const data = hostData(x, 'unique')
  const sorted = [...data.keys()].sort((a, b) => compare(data[a]!, data[b]!))
  const first = sorted.filter((at, i) => i === 0 || compare(data[at]!, data[sorted[i - 1]!]!) !== 0)
  return within('unique', () => takeAt(reshape(x, [x.size]), hostIndices(x, first), 0, 'unique'))
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
