import { isNDArray } from '../array-core.ts'
import { allocate } from '../dtype.ts'
import { IndexError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { checkShape, describe, formatShape, sameShape, sizeOf, stridesOf } from '../shape.ts'
import { cast } from './cast.ts'
import { hostData, nearData } from './host-data.ts'
import type { IndexedAxis } from './index-range.ts'
import { checkBeside, checkNotEmpty, hostPositions, position } from './index-range.ts'
import { mod } from './power.ts'
import { Slice, newaxis, parseSlice, slice } from './slice.ts'

/**
 * One part of an index: a position (negative ones count from the end), a slice as text (`'1:3'`, `'::2'`) or as
 * `np.slice(…)`, `np.newaxis`, `'...'`, a list of positions, an array of them, or a mask: a bool array of one or more axes.
 */
export type Index = number | string | Slice | typeof newaxis | readonly number[] | NDArray

/** Positions of any shape, from the start, in the flat order of the source axes that they cover. */
export interface Picks {
  readonly kind: 'picks'
  /** The extents of the source axes: one for positions, several (or none) for a mask. */
  readonly covers: Shape
  readonly shape: Shape
  /** An int32 array where they lie on a device that is not looked at. */
  readonly positions: Int32Array | NDArray
}

/** What an index does to the axes of its array, in order. */
export type Part =
  | { readonly kind: 'new' }
  | { readonly kind: 'point'; readonly start: number }
  | { readonly kind: 'range'; readonly start: number; readonly step: number; readonly count: number }
  | Picks

/** An index that was checked against its array. */
export interface Plan {
  readonly parts: readonly Part[]
  /** The lists, arrays and masks among them, which go together. */
  readonly picks: readonly Picks[]
  /** Their common shape. */
  readonly block: Shape
  /** They stand apart from each other, so that the block comes first in the result (NumPy's rule). */
  readonly front: boolean
}

const isMask = (part: Index): part is NDArray => isNDArray(part) && part.dtype === 'bool'
const isPosition = (part: Index): boolean => typeof part === 'number' || Array.isArray(part) || isNDArray(part)

/** How many source axes a part of an index takes. */
function consumes(part: Index): number {
  if (part === newaxis || part === '...') return 0
  return isMask(part) ? part.ndim : 1
}

/** Fills `'...'` and missing parts with whole axes. */
function expand(x: NDArray, index: readonly Index[], op: string): Index[] {
  const consuming = index.reduce<number>((n, part) => n + consumes(part), 0)
  const at = index.indexOf('...')
  if (at >= 0 && index.includes('...', at + 1)) throw new IndexError(`an index can only have a single ellipsis ('...')`, { op })
  if (consuming > x.ndim) {
    throw new IndexError(`too many indices for array: array is ${x.ndim}-dimensional, but ${consuming} were indexed`, { op, shapes: [x.shape] })
  }
  const whole = Array.from({ length: x.ndim - consuming }, () => slice())
  return at < 0 ? [...index, ...whole] : [...index.slice(0, at), ...whole, ...index.slice(at + 1)]
}

/** Whether something other than a position stands between positions. An ellipsis does, even where it stands for no axis. */
function standApart(index: readonly Index[]): boolean {
  const found = index.flatMap((part, i) => (isPosition(part) ? [i] : []))
  return found.length > 0 && found.at(-1)! - found[0]! >= found.length
}

/** Start, step and count of a slice over an extent, as Python cuts them. */
function range({ start, stop, step }: Slice, extent: number): Part {
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1]
  const bound = (value: number | null, otherwise: number): number =>
    value === null ? otherwise : Math.min(Math.max(value < 0 ? value + extent : value, low), high)
  const from = bound(start, step > 0 ? low : high)
  const to = bound(stop, step > 0 ? high : low)
  const count = Math.max(0, Math.ceil((to - from) / step))
  return { kind: 'range', start: count === 0 ? 0 : from, step, count }
}

function mask(part: NDArray, x: NDArray, axis: number, op: string): Picks {
  const covers = x.shape.slice(axis, axis + part.ndim)
  if (!sameShape(part.shape, covers)) {
    const i = covers.findIndex((n, k) => n !== part.shape[k])
    throw new IndexError(`boolean index did not match indexed array along axis ${axis + i}; size of axis is ${covers[i]} but size of corresponding boolean axis is ${part.shape[i]}`, {
      op, shapes: [part.shape, x.shape],
    })
  }
  const data = hostData(part, op)
  const positions = new Int32Array(data.length)
  let count = 0
  for (let i = 0; i < data.length; i++) if (Number(data[i]) !== 0) positions[count++] = i
  return { kind: 'picks', covers, shape: [count], positions: positions.subarray(0, count) }
}

function picks(part: readonly number[] | NDArray, where: IndexedAxis): Picks {
  const extent = where.shape[where.axis]!
  const covers = [extent]
  if (!isNDArray(part)) return { kind: 'picks', covers, shape: [part.length], positions: Int32Array.from(part, value => position(value, where)) }
  const near = nearData(part)
  if (near !== null) return { kind: 'picks', covers, shape: part.shape, positions: hostPositions(near, where) }
  checkNotEmpty(part.size, where)
  return { kind: 'picks', covers, shape: part.shape, positions: mod(cast(part, 'int32'), extent) }
}

function partOf(part: Index, x: NDArray, axis: number, op: string): Part {
  if (part === newaxis) return { kind: 'new' }
  if (isNDArray(part)) checkBeside(x, part, op)
  if (isMask(part)) return mask(part, x, axis, op)
  const extent = x.shape[axis]!
  if (part instanceof Slice) return range(part, extent)
  if (typeof part === 'string') return range(parseSlice(part, op), extent)
  if (typeof part === 'number' && Number.isInteger(part)) return { kind: 'point', start: position(part, { axis, shape: x.shape, op }) }
  if (isNDArray(part) || (Array.isArray(part) && part.every(Number.isInteger))) return picks(part, { axis, shape: x.shape, op })
  throw typeError(`an index is a number, a slice, newaxis, '...', a list or array of positions, or a mask, got ${describe(part)}`, { op })
}

/** The common shape of lists of positions. */
function blockOf(found: readonly Picks[], op: string): Shape {
  const rank = Math.max(0, ...found.map(({ shape }) => shape.length))
  const block = new Array<number>(rank).fill(1)
  for (const { shape } of found) {
    for (const [i, n] of shape.entries()) {
      const at = rank - shape.length + i
      if (n !== 1 && block[at] !== 1 && n !== block[at]) {
        const shapes = found.map(each => each.shape)
        throw new IndexError(`shape mismatch: indexing arrays could not be broadcast together with shapes ${shapes.map(formatShape).join(' ')}`, { op, shapes })
      }
      if (n !== 1) block[at] = n
    }
  }
  return checkShape(block, op)
}

/**
 * Checks an index and works out what it does.
 *
 * @throws IndexError for positions out of range, too many parts, and masks and lists that do not fit; TypeError for what is no index
 */
export function plan(x: NDArray, index: readonly Index[], op: string): Plan {
  let axis = 0
  const parts = expand(x, index, op).map(part => {
    const result = partOf(part, x, axis, op)
    axis += consumes(part)
    return result
  })
  const found = parts.filter(part => part.kind === 'picks')
  return { parts, picks: found, block: found.length === 0 ? [] : blockOf(found, op), front: found.length > 0 && standApart(index) }
}

/** Adds up the lists of positions, broadcast and each times its multiplier, to one position for every entry of the block. */
export function combine(found: readonly Picks[], multipliers: readonly number[], block: Shape, at: (each: Picks) => ArrayLike<number>): Int32Array {
  const size = sizeOf(block)
  const total = allocate('int32', size) as Int32Array
  for (const [k, each] of found.entries()) {
    const positions = at(each)
    const multiplier = multipliers[k]!
    const ahead = block.length - each.shape.length
    const strides = stridesOf(each.shape).map((stride, i) => (each.shape[i] === 1 ? 0 : stride))
    const same = sizeOf(each.shape) === size
    for (let i = 0; i < size; i++) {
      let from = i
      if (!same) {
        from = 0
        for (let axis = block.length - 1, rest = i; axis >= ahead; axis--) {
          from += (rest % block[axis]!) * strides[axis - ahead]!
          rest = Math.floor(rest / block[axis]!)
        }
      }
      total[i]! += positions[from]! * multiplier
    }
  }
  return total
}
