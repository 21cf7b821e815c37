import { checkArray, isNDArray } from '../array-core.ts'
import { IndexError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { describe } from '../shape.ts'
import { take } from './indexing.ts'
import { reshape } from './reshape.ts'
import { strided } from './slicing.ts'

/** A range of positions: Python's `start:stop:step`, with null for what is left out. */
export class Slice {
  readonly start: number | null
  readonly stop: number | null
  readonly step: number

  constructor(start: number | null, stop: number | null, step: number) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** Makes a {@link Slice}: `np.slice(1, 3)` is `1:3`. */
export function slice(start: number | null = null, stop: number | null = null, step: number | null = null): Slice {
  for (const part of [start, stop, step]) {
    if (part !== null && !Number.isInteger(part)) throw typeError(`slice bounds are whole numbers or null, got ${describe(part)}`, { op: 'slice' })
  }
  if (step === 0) throw new IndexError('slice step cannot be zero', { op: 'slice' })
  return new Slice(start, stop, step ?? 1)
}

/** Stands for a new axis of extent 1 in an index. */
export const newaxis: unique symbol = Symbol.for('@ashlar/newaxis') as never

/**
 * One part of an index: a position (negative ones count from the end), a slice as text (`'1:3'`, `'::2'`) or as
 * `np.slice(…)`, `np.newaxis`, `'...'`, a list of positions, or an integer array of them.
 */
export type Index = number | string | Slice | typeof newaxis | readonly number[] | NDArray

function parse(text: string): Slice {
  const parts = text.split(':')
  const numbers = parts.map(part => (part.trim() === '' ? null : Number(part)))
  if (parts.length < 2 || parts.length > 3 || numbers.some(n => n !== null && !Number.isInteger(n))) {
    throw typeError(`'${text}' is no slice`, { op: 'get', hint: `write 'start:stop:step' with any part left out, or '...'` })
  }
  return slice(numbers[0], numbers[1], numbers[2] ?? null)
}

/** Start, step and count of a slice over an extent, as Python cuts them. */
function resolve({ start, stop, step }: Slice, extent: number): { start: number; step: number; count: number } {
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1]
  const bound = (value: number | null, otherwise: number): number =>
    value === null ? otherwise : Math.min(Math.max(value < 0 ? value + extent : value, low), high)
  const from = bound(start, step > 0 ? low : high)
  const to = bound(stop, step > 0 ? high : low)
  const count = Math.max(0, Math.ceil((to - from) / step))
  return { start: count === 0 ? 0 : from, step, count }
}

/** Fills `'...'` and missing parts with whole axes. */
function expand(index: readonly Index[], rank: number, x: NDArray): Exclude<Index, string>[] {
  const consuming = index.filter(part => part !== newaxis && part !== '...').length
  if (index.filter(part => part === '...').length > 1) throw new IndexError(`an index can only have a single ellipsis ('...')`, { op: 'get' })
  if (consuming > rank) {
    throw new IndexError(`too many indices for array: array is ${rank}-dimensional, but ${consuming} were indexed`, { op: 'get', shapes: [x.shape] })
  }
  const whole = Array.from({ length: rank - consuming }, () => slice())
  const at = index.indexOf('...')
  const parts = at < 0 ? [...index, ...whole] : [...index.slice(0, at), ...whole, ...index.slice(at + 1)]
  return parts.map(part => (typeof part === 'string' ? parse(part) : part))
}

interface Selection {
  /** The slicing of every axis; positions and lists are handled as 1-element slices and takes. */
  readonly starts: number[]
  readonly steps: number[]
  readonly shape: number[]
  /** The shape after positions were dropped and new axes put in. */
  readonly final: number[]
  /** The one list or array of positions, with its axis in `shape` and in `final`. */
  readonly list: { readonly axis: number; readonly at: number; readonly positions: NDArray | readonly number[] } | null
}

function select(x: NDArray, index: readonly Index[]): Selection {
  const result = { starts: [] as number[], steps: [] as number[], shape: [] as number[], final: [] as number[], list: null as Selection['list'] }
  for (const part of expand(index, x.ndim, x)) {
    if (part === newaxis) {
      result.final.push(1)
      continue
    }
    const axis = result.shape.length
    const extent = x.shape[axis]!
    if (typeof part === 'number') {
      if (!Number.isInteger(part)) throw typeError(`positions are whole numbers, got ${part}`, { op: 'get' })
      result.starts.push(position(part, extent, axis))
      result.steps.push(1)
      result.shape.push(1)
      continue
    }
    const range = part instanceof Slice ? resolve(part, extent) : { start: 0, step: 1, count: extent }
    if (!(part instanceof Slice)) {
      if (result.list !== null) throw new IndexError('one list of positions an index, so far', { op: 'get', shapes: [x.shape], hint: 'index twice' })
      result.list = { axis, at: result.final.length, positions: checkPositions(part, extent, axis) }
    }
    result.starts.push(range.start)
    result.steps.push(range.step)
    result.shape.push(range.count)
    result.final.push(range.count)
  }
  return result
}

function position(value: number, extent: number, axis: number): number {
  if (value < -extent || value >= extent) {
    throw new IndexError(`index ${value} is out of bounds for axis ${axis} with size ${extent}`, { op: 'get' })
  }
  return value < 0 ? value + extent : value
}

function checkPositions(part: unknown, extent: number, axis: number): NDArray | readonly number[] {
  if (Array.isArray(part) && part.every(Number.isInteger)) return part.map(value => position(value, extent, axis))
  if (isNDArray(part) && part.dtype !== 'bool') return part
  throw typeError(`an index is a number, a slice, newaxis, '...', or a list of positions, got ${describe(part)}`, { op: 'get' })
}

/**
 * The elements that an index selects, as a new array; the gradient goes back to where they came from.
 *
 * @throws IndexError for positions out of range and for too many of them
 */
export function get(x: NDArray, index: readonly Index[]): NDArray {
  const { starts, steps, shape, final, list } = select(checkArray(x, 'get'), index)
  const whole = shape.every((n, i) => n === x.shape[i] && steps[i] === 1)
  const cut = reshape(whole ? x : strided(x, { starts, steps, shape }), final)
  if (list === null) return cut
  const { positions } = list
  if (isNDArray(positions)) return take(cut, positions, { axis: list.at, mode: 'wrap' })
  const spec = { shape: [positions.length], dtype: 'int32' as const, size: positions.length }
  return take(cut, x.make(x.device.upload(Int32Array.from(positions), spec), spec), { axis: list.at })
}
