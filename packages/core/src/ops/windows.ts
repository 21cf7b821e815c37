import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { MAX_SIZE, checkShape, describe, formatShape } from '../shape.ts'
import { stack } from './joining.ts'
import { padded, strided } from './slicing.ts'

/** One number for every spatial axis, or one for all. */
export type Extents = number | readonly number[]

/** Windows that slide over the spatial axes of (N, C, …spatial). */
export interface WindowGeometry {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  /** Elements put before and behind each spatial axis. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  /** How many windows fit along each axis. */
  readonly output: readonly number[]
}

/** An option as one whole number for each of `rank` axes. @throws ValueError */
export function extents(value: Extents, rank: number, least: number, name: string, op: string): number[] {
  const list: readonly unknown[] = typeof value === 'number' ? new Array<number>(rank).fill(value) : Array.isArray(value) ? value : []
  if (list.length !== rank || !list.every(n => Number.isInteger(n) && (n as number) >= least && (n as number) <= MAX_SIZE)) {
    throw new ValueError(`${name} is a whole number from ${least}, or ${rank} of them, got ${describe(value)}`, { op })
  }
  return [...list] as number[]
}

/** How windows lie: `floor((n + 2p - d(k-1) - 1) / s) + 1` of them along an axis, or `ceil` (behaviour B-10.3). */
export function geometry(
  x: NDArray,
  kernel: readonly number[],
  options: { readonly stride: readonly number[]; readonly padding: readonly number[]; readonly dilation: readonly number[]; readonly ceil?: boolean },
  op: string,
): WindowGeometry {
  const { stride, padding, dilation } = options
  const spatial = x.shape.slice(2)
  const spans = spatial.map((n, i) => n + 2 * padding[i]! - (dilation[i]! * (kernel[i]! - 1) + 1))
  if (spans.some(span => span < 0)) {
    throw new ValueError(`a window of ${formatShape(kernel)} does not fit into ${formatShape(spatial)} with padding ${formatShape(padding)}`, { op, shapes: [x.shape] })
  }
  const output = spans.map((span, i) => (options.ceil === true ? Math.ceil(span / stride[i]!) : Math.floor(span / stride[i]!)) + 1)
  // Rounding up may ask for elements behind the padding.
  const after = output.map((count, i) => Math.max(padding[i]!, (count - 1) * stride[i]! + dilation[i]! * (kernel[i]! - 1) + 1 - spatial[i]! - padding[i]!))
  // What the windows read, and all windows side by side, have to be arrays.
  checkShape(x.shape.map((n, i) => (i < 2 ? n : n + padding[i - 2]! + after[i - 2]!)), op)
  checkShape(kernel, op)
  checkShape([x.shape[0]!, x.shape[1]!, ...kernel, ...output], op)
  return { kernel, stride, dilation, before: padding, after, output }
}

/** All positions within a window, in C order. */
export function offsets(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>((found, extent) => found.flatMap(offset => Array.from({ length: extent }, (_, i) => [...offset, i])), [[]])
}

/** `x` with `value` around its spatial axes. */
export function surround(x: NDArray, { before, after }: WindowGeometry, value: number): NDArray {
  if ([...before, ...after].every(n => n === 0)) return x
  return padded(x, {
    before: [0, 0, ...before],
    shape: x.shape.map((n, i) => (i < 2 ? n : n + before[i - 2]! + after[i - 2]!)),
    value,
  })
}

/** What every window has at one position: (N, C, …output), one slice of the padded array. */
export function atOffset(x: NDArray, offset: readonly number[], { stride, dilation, output }: WindowGeometry): NDArray {
  return strided(x, {
    starts: [0, 0, ...offset.map((at, i) => at * dilation[i]!)],
    steps: [1, 1, ...stride],
    shape: [x.shape[0]!, x.shape[1]!, ...output],
  })
}

/** All windows: (N, C, positions, …output). */
export function unfold(x: NDArray, windows: WindowGeometry, value = 0): NDArray {
  const around = surround(x, windows, value)
  return stack(offsets(windows.kernel).map(offset => atOffset(around, offset, windows)), { axis: 2 })
}
