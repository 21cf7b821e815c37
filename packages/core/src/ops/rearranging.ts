import { checkArray } from '../array-core.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkAxis, checkShape, describe, formatShape } from '../shape.ts'
import { broadcastTo } from './broadcast.ts'
import { concatenate } from './joining.ts'
import { expandDims, reshape } from './reshape.ts'
import { flip, padded, strided } from './slicing.ts'

/** The positions `start` up to `stop` along an axis. */
function between(x: NDArray, axis: number, start: number, stop: number): NDArray {
  return strided(x, {
    starts: x.shape.map((_, i) => (i === axis ? start : 0)),
    steps: x.shape.map(() => 1),
    shape: x.shape.map((n, i) => (i === axis ? stop - start : n)),
  })
}

/**
 * Cuts an array along an axis: into a number of equal parts, or at positions.
 *
 * @throws ValueError where it cannot be divided equally
 */
export function split(x: NDArray, parts: number | readonly number[], options: { readonly axis?: number } = {}): NDArray[] {
  const axis = checkAxis(options.axis ?? 0, checkArray(x, 'split').ndim, 'split')
  const extent = x.shape[axis]!
  if (typeof parts === 'number') {
    if (!Number.isInteger(parts) || parts < 1 || extent % parts !== 0) {
      throw new ValueError(`array split does not result in an equal division: ${extent} into ${parts}`, { op: 'split', shapes: [x.shape], hint: 'give the positions to cut at' })
    }
    return split(x, Array.from({ length: parts - 1 }, (_, i) => ((i + 1) * extent) / parts), options)
  }
  const cuts = parts.map(cut => Math.min(Math.max(cut < 0 ? cut + extent : cut, 0), extent))
  return [...cuts, extent].map((stop, i) => {
    const start = i === 0 ? 0 : cuts[i - 1]!
    return between(x, axis, start, Math.max(stop, start))
  })
}

/** The array laid out `reps` times along each axis; missing axes are put in front. */
export function tile(x: NDArray, reps: number | readonly number[]): NDArray {
  const wanted = checkShape(reps, 'tile')
  const rank = Math.max(wanted.length, checkArray(x, 'tile').ndim)
  const shape = [...new Array<number>(rank - x.ndim).fill(1), ...x.shape]
  const times = [...new Array<number>(rank - wanted.length).fill(1), ...wanted]
  const apart = reshape(x, shape.flatMap(n => [1, n]))
  return reshape(broadcastTo(apart, shape.flatMap((n, i) => [times[i]!, n])), shape.map((n, i) => n * times[i]!))
}

/** Each element `repeats` times in a row along an axis; without one, of all elements in C order. */
export function repeat(x: NDArray, repeats: number, options: { readonly axis?: number | null } = {}): NDArray {
  const [times] = checkShape(repeats, 'repeat') as [number]
  if (options.axis === undefined || options.axis === null) return repeat(reshape(checkArray(x, 'repeat'), [-1]), times, { axis: 0 })
  const axis = checkAxis(options.axis, checkArray(x, 'repeat').ndim, 'repeat')
  const apart = expandDims(x, axis + 1)
  const wide = broadcastTo(apart, apart.shape.map((n, i) => (i === axis + 1 ? times : n)))
  return reshape(wide, x.shape.map((n, i) => (i === axis ? n * times : n)))
}

/** Moves elements along axes, those that leave at the end coming in at the start; without an axis, of all in C order. */
export function roll(x: NDArray, shift: number | readonly number[], options: { readonly axis?: number | readonly number[] | null } = {}): NDArray {
  if (options.axis === undefined || options.axis === null) {
    if (typeof shift !== 'number') throw typeError(`without an axis the shift is one number, got ${describe(shift)}`, { op: 'roll' })
    return reshape(roll(reshape(checkArray(x, 'roll'), [-1]), shift, { axis: 0 }), x.shape)
  }
  const axes = typeof options.axis === 'number' ? [options.axis] : options.axis
  const shifts = typeof shift === 'number' ? axes.map(() => shift) : shift
  if (shifts.length !== axes.length) throw new ValueError(`${shifts.length} shifts for ${axes.length} axes`, { op: 'roll' })
  return axes.reduce((y, each, i) => {
    const axis = checkAxis(each, checkArray(x, 'roll').ndim, 'roll')
    const extent = y.shape[axis]!
    const by = extent === 0 ? 0 : ((shifts[i]! % extent) + extent) % extent
    return by === 0 ? y : concatenate([between(y, axis, extent - by, extent), between(y, axis, 0, extent - by)], { axis })
  }, x)
}

/** What stands outside: a constant, the nearest element, or a mirror image with or without the edge element. */
export type PadMode = 'constant' | 'edge' | 'reflect' | 'symmetric'

/** `[before, after]` for every axis, or one pair for all. */
export type PadWidth = readonly (readonly [number, number])[] | readonly [number, number] | number

function pairs(width: PadWidth, rank: number): readonly (readonly [number, number])[] {
  const all = typeof width === 'number' ? [width, width] : width
  const list = typeof all[0] === 'number' ? Array.from({ length: rank }, () => all as readonly [number, number]) : (all as readonly (readonly [number, number])[])
  if (list.length !== rank || list.some(pair => pair.length !== 2 || pair.some(n => !Number.isInteger(n) || n < 0))) {
    throw new ValueError(`a width is [before, after] for each of ${rank} axes, got ${describe(width)}`, { op: 'pad' })
  }
  return list
}

/**
 * Puts elements around an array.
 *
 * @throws ValueError for widths that do not fit, or that a mirror image cannot fill
 */
export function pad(x: NDArray, width: PadWidth, options: { readonly mode?: PadMode; readonly constantValues?: number } = {}): NDArray {
  const widths = pairs(width, checkArray(x, 'pad').ndim)
  const mode = options.mode ?? 'constant'
  if (mode === 'constant') {
    return padded(x, { before: widths.map(([before]) => before), shape: x.shape.map((n, i) => n + widths[i]![0] + widths[i]![1]), value: options.constantValues ?? 0 })
  }
  if (!['edge', 'reflect', 'symmetric'].includes(mode)) throw new ValueError(`unknown mode ${describe(mode)}`, { op: 'pad', hint: `use 'constant', 'edge', 'reflect' or 'symmetric'` })
  return widths.reduce((y, [before, after], axis) => mirror(y, axis, before, after, mode), x)
}

function mirror(x: NDArray, axis: number, before: number, after: number, mode: PadMode): NDArray {
  if (before === 0 && after === 0) return x
  const extent = x.shape[axis]!
  const skip = mode === 'reflect' ? 1 : 0
  if (extent === 0 || (mode !== 'edge' && Math.max(before, after) > extent - skip)) {
    throw new ValueError(`cannot fill ${before} and ${after} around axis ${axis} of ${formatShape(x.shape)} by '${mode}'`, { op: 'pad', shapes: [x.shape] })
  }
  const head = mode === 'edge' ? repeat(between(x, axis, 0, 1), before, { axis }) : flip(between(x, axis, skip, skip + before), axis)
  const tail = mode === 'edge' ? repeat(between(x, axis, extent - 1, extent), after, { axis }) : flip(between(x, axis, extent - skip - after, extent - skip), axis)
  return concatenate([head, x, tail], { axis })
}
