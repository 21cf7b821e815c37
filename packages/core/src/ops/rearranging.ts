import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, checkShape, describe, formatShape, specOf } from '../shape.ts'
import { broadcastTo } from './broadcast.ts'
import { concatenate } from './joining.ts'
import { copy, expandDims, reshape } from './reshape.ts'
import { flip, padded, strided } from './slicing.ts'
import { checkInteger, checkNumber, within } from './within.ts'

/** The positions `start` up to `stop` along an axis. */
function between(x: NDArray, axis: number, start: number, stop: number): NDArray {
  return strided(x, {
    starts: x.shape.map((_, i) => (i === axis ? start : 0)),
    steps: x.shape.map(() => 1),
    shape: x.shape.map((n, i) => (i === axis ? stop - start : n)),
  })
}

/** One of the parts: an operation has one output. */
const splitOp = /* #__PURE__ */ defineOp<[NDArray], { axis: number; start: number; stop: number }>('split', {
  movesOnly: true,
  infer: ([x], { axis, start, stop }) => specOf(x.shape.map((n, i) => (i === axis ? stop - start : n)), x.dtype),
  compose: ([x], { axis, start, stop }) => between(x, axis, start, stop),
  vjp: (g, [x], _, { axis, start }) => [() => padded(g, { before: x.shape.map((__, i) => (i === axis ? start : 0)), shape: x.shape, value: 0 })],
})

/**
 * Cuts an array along an axis: into a number of equal parts, or at positions.
 *
 * @throws ValueError where it cannot be divided equally
 */
export function split(x: NDArray, parts: number | readonly number[], options: { readonly axis?: number } = {}): NDArray[] {
  return within('split', () => {
    const axis = checkAxis(checkOptions(options, 'split').axis ?? 0, checkArray(x, 'split').ndim, 'split')
    const cuts = cutsOf(parts, x, axis)
    return [...cuts, x.shape[axis]!].map((stop, i) => {
      const start = i === 0 ? 0 : cuts[i - 1]!
      return splitOp(x, { axis, start, stop: Math.max(stop, start) })
    })
  })
}

function cutsOf(parts: unknown, x: NDArray, axis: number): number[] {
  const extent = x.shape[axis]!
  if (Array.isArray(parts)) return parts.map(each => checkInteger(each, 'a position to cut at', 'split')).map(cut => Math.min(Math.max(cut < 0 ? cut + extent : cut, 0), extent))
  const count = checkInteger(parts, 'the number of parts', 'split')
  if (count < 1 || extent % count !== 0 || (extent === 0 && count > MAX_PARTS)) {
    throw new ValueError(`array split does not result in an equal division: ${extent} into ${count}`, { op: 'split', shapes: [x.shape], hint: 'give the positions to cut at' })
  }
  return Array.from({ length: count - 1 }, (_, i) => ((i + 1) * extent) / count)
}

/** Nothing divides into any number of parts; a list of them has to end somewhere. */
const MAX_PARTS = 2 ** 16

/** `reps` has as many entries as the result has axes: those of `x` at least. */
const tileOp = /* #__PURE__ */ defineOp<[NDArray], { reps: readonly number[] }>('tile', {
  movesOnly: true,
  infer: ([x], { reps }) => specOf(checkShape(inFront(x.shape, reps.length).map((n, i) => n * reps[i]!), 'tile'), x.dtype),
  compose: ([x], { reps }) => {
    const shape = inFront(x.shape, reps.length)
    // Axes that stay as they are need no partner: an array has 32 axes at most.
    const apart = shape.flatMap((n, i) => (reps[i] === 1 ? [n] : [1, n]))
    const repeated = broadcastTo(reshape(x, apart), shape.flatMap((n, i) => (reps[i] === 1 ? [n] : [reps[i]!, n])))
    return reshape(repeated, shape.map((n, i) => n * reps[i]!))
  },
})

/** A shape with extents of 1 in front, up to some rank. */
const inFront = (shape: Shape, rank: number): number[] => [...new Array<number>(Math.max(rank - shape.length, 0)).fill(1), ...shape]

/** The array laid out `reps` times along each axis; missing axes are put in front. */
export function tile(x: NDArray, reps: number | readonly number[]): NDArray {
  return within('tile', () => {
    const wanted = checkShape(reps, 'tile')
    return tileOp(x, { reps: inFront(wanted, checkArray(x, 'tile').ndim) })
  })
}

const repeatOp = /* #__PURE__ */ defineOp<[NDArray], { repeats: number; axis: number }>('repeat', {
  movesOnly: true,
  infer: ([x], { repeats, axis }) => specOf(checkShape(x.shape.map((n, i) => (i === axis ? n * repeats : n)), 'repeat'), x.dtype),
  compose: ([x], { repeats, axis }) => {
    const apart = expandDims(x, axis + 1)
    return reshape(broadcastTo(apart, apart.shape.map((n, i) => (i === axis + 1 ? repeats : n))), x.shape.map((n, i) => (i === axis ? n * repeats : n)))
  },
})

/** Each element `repeats` times in a row along an axis; without one, of all elements in C order. */
export function repeat(x: NDArray, repeats: number, options: { readonly axis?: number | null } = {}): NDArray {
  return within('repeat', () => {
    const times = checkInteger(repeats, 'the number of repeats', 'repeat')
    if (times < 0) throw new ValueError(`repeats may not be negative, got ${times}`, { op: 'repeat' })
    const { axis = null } = checkOptions(options, 'repeat')
    checkArray(x, 'repeat')
    return axis === null ? repeatOp(reshape(x, [x.size]), { repeats: times, axis: 0 }) : repeatOp(x, { repeats: times, axis: checkAxis(axis, x.ndim, 'repeat') })
  })
}

/** One shift for each of the axes, which may come more than once. */
const rollOp = /* #__PURE__ */ defineOp<[NDArray], { shifts: readonly number[]; axes: readonly number[] }>('roll', {
  movesOnly: true,
  infer: ([x]) => x,
  compose: ([x], { shifts, axes }) => copy(shifts.reduce((y, by, i) => rolled(y, by, axes[i]!), x)),
})

/** Moves elements along axes, those that leave at the end coming in at the start; without an axis, of all in C order. */
export function roll(x: NDArray, shift: number | readonly number[], options: { readonly axis?: number | readonly number[] | null } = {}): NDArray {
  return within('roll', () => {
    const { axis = null } = checkOptions(options, 'roll')
    const shifts = (Array.isArray(shift) ? shift as readonly unknown[] : [shift]).map(each => checkInteger(each, 'a shift', 'roll'))
    checkArray(x, 'roll')
    if (axis === null) return reshape(rollOp(reshape(x, [x.size]), { shifts: [shifts.reduce((a, b) => a + b, 0)], axes: [0] }), x.shape)
    const axes = (Array.isArray(axis) ? axis as readonly unknown[] : [axis]).map(each => checkAxis(each, x.ndim, 'roll'))
    if (shifts.length !== axes.length && shifts.length !== 1 && axes.length !== 1) throw new ValueError(`${shifts.length} shifts for ${axes.length} axes`, { op: 'roll', shapes: [x.shape] })
    // As in NumPy, one shift serves all axes, and one axis takes all shifts.
    const count = Math.max(axes.length, shifts.length)
    const spread = (list: readonly number[]): number[] => Array.from({ length: count }, (_, i) => list[list.length === 1 ? 0 : i]!)
    return rollOp(x, { shifts: spread(shifts), axes: spread(axes) })
  })
}

function rolled(x: NDArray, shift: number, axis: number): NDArray {
  const extent = x.shape[axis]!
  const by = extent === 0 ? 0 : ((shift % extent) + extent) % extent
  return by === 0 ? x : concatenate([between(x, axis, extent - by, extent), between(x, axis, 0, extent - by)], { axis })
}

/** What stands outside: a constant, the nearest element, or a mirror image with or without the edge element. */
export type PadMode = 'constant' | 'edge' | 'reflect' | 'symmetric'

/** `[before, after]` for every axis, or one pair for all. */
export type PadWidth = readonly (readonly [number, number])[] | readonly [number, number] | number

function pairs(width: unknown, rank: number): readonly (readonly [number, number])[] {
  const all: unknown = typeof width === 'number' ? [width, width] : width
  const list = Array.isArray(all) && typeof all[0] === 'number' ? Array.from({ length: rank }, () => all) : all
  if (!isPairs(list) || list.length !== rank) {
    throw new ValueError(`a width is [before, after] for each of ${rank} axes, got ${describe(width)}`, { op: 'pad' })
  }
  return list
}

const isPairs = (value: unknown): value is readonly (readonly [number, number])[] =>
  Array.isArray(value) && value.every(pair => Array.isArray(pair) && pair.length === 2 && pair.every(n => Number.isSafeInteger(n) && n >= 0))

interface MirrorAttributes {
  readonly widths: readonly (readonly [before: number, after: number])[]
  readonly mode: Exclude<PadMode, 'constant'>
}

/** Padding by the array's own elements; `pad` itself is the kernel, whose elements are constant. */
const mirrorPadOp = /* #__PURE__ */ defineOp<[NDArray], MirrorAttributes>('mirrorPad', {
  movesOnly: true,
  infer: ([x], { widths, mode }) => {
    const shape = [...x.shape]
    for (const [axis, [before, after]] of widths.entries()) {
      const extent = shape[axis]!
      if (before + after > 0 && (extent === 0 || (mode !== 'edge' && Math.max(before, after) > extent - (mode === 'reflect' ? 1 : 0)))) {
        throw new ValueError(`cannot fill ${before} and ${after} around axis ${axis} of ${formatShape(shape)} by '${mode}'`, { op: 'pad', shapes: [shape] })
      }
      shape[axis] = before + extent + after
    }
    return specOf(shape, x.dtype)
  },
  compose: ([x], { widths, mode }) => copy(widths.reduce((y, [before, after], axis) => mirror(y, axis, before, after, mode), x)),
})

/**
 * Puts elements around an array.
 *
 * @throws ValueError for widths that do not fit, or that a mirror image cannot fill
 */
export function pad(x: NDArray, width: PadWidth, options: { readonly mode?: PadMode; readonly constantValues?: number } = {}): NDArray {
  return within('pad', () => {
    const widths = pairs(width, checkArray(x, 'pad').ndim)
    const { mode = 'constant', constantValues = 0 } = checkOptions(options, 'pad')
    const shape = checkShape(x.shape.map((n, i) => n + widths[i]![0] + widths[i]![1]), 'pad')
    if (mode === 'constant') return padded(x, { before: widths.map(([before]) => before), shape, value: checkNumber(constantValues, 'the constant', 'pad') })
    if (!['edge', 'reflect', 'symmetric'].includes(mode)) throw new ValueError(`unknown mode ${describe(mode)}`, { op: 'pad', hint: `use 'constant', 'edge', 'reflect' or 'symmetric'` })
    return mirrorPadOp(x, { widths, mode })
  })
}

function mirror(x: NDArray, axis: number, before: number, after: number, mode: PadMode): NDArray {
  if (before === 0 && after === 0) return x
  const extent = x.shape[axis]!
  const skip = mode === 'reflect' ? 1 : 0
  const head = mode === 'edge' ? repeatOp(between(x, axis, 0, 1), { repeats: before, axis }) : flip(between(x, axis, skip, skip + before), axis)
  const tail = mode === 'edge' ? repeatOp(between(x, axis, extent - 1, extent), { repeats: after, axis }) : flip(between(x, axis, extent - skip - after, extent - skip), axis)
  return concatenate([head, x, tail], { axis })
}
