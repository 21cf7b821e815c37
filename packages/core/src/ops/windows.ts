import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { MAX_SIZE, checkShape, describe, formatShape, sameShape, sizeOf, specOf } from '../shape.ts'
import { hostIndices } from './host-data.ts'
import { scatterOp, takeOp } from './indexing.ts'
import { stack } from './joining.ts'
import { reshape } from './reshape.ts'
import { padded, strided } from './slicing.ts'
import { transpose } from './transpose.ts'

/** One number for every spatial axis, or one for all. */
export type Extents = number | readonly number[]

/** Windows that slide over the spatial axes of (N, C, …spatial). */
export interface WindowGeometry {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  /** Elements that stand before each spatial axis. */
  readonly before: readonly number[]
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
  const output = spans.map((span, i) => countOf(span, stride[i]!, options.ceil === true, spatial[i]! + padding[i]!))
  // Rounding up may ask for elements behind the padding.
  const after = output.map((count, i) => Math.max(padding[i]!, (count - 1) * stride[i]! + dilation[i]! * (kernel[i]! - 1) + 1 - spatial[i]! - padding[i]!))
  // What the windows read, and all windows side by side, have to be arrays.
  checkShape(x.shape.map((n, i) => (i < 2 ? n : n + padding[i - 2]! + after[i - 2]!)), op)
  checkShape(kernel, op)
  checkShape([x.shape[0]!, x.shape[1]!, ...kernel, ...output], op)
  return { kernel, stride, dilation, before: padding, output }
}

/** Rounding up adds a window that is cut off at the end, but none that would begin behind it: that would see nothing. */
function countOf(span: number, stride: number, ceil: boolean, end: number): number {
  const count = (ceil ? Math.ceil(span / stride) : Math.floor(span / stride)) + 1
  return ceil && (count - 1) * stride >= end ? count - 1 : count
}

/** `x` with `value` before and behind its spatial axes, as far as the windows reach. */
function surround(x: NDArray, { before }: WindowGeometry, reach: readonly number[], value: number): NDArray {
  const shape = x.shape.map((n, i) => (i < 2 ? n : reach[i - 2]!))
  return sameShape(shape, x.shape) ? x : padded(x, { before: [0, 0, ...before], shape, value })
}

/** How far the padded axes reach: to the array's end, or to that of the last window. */
function reaches(spatial: readonly number[], { kernel, stride, dilation, before, output }: WindowGeometry): number[] {
  return spatial.map((n, i) => Math.max(before[i]! + n, (output[i]! - 1) * stride[i]! + dilation[i]! * (kernel[i]! - 1) + 1))
}

/** All places in a window; along the first axis they change fastest. */
function placesOf(kernel: readonly number[]): number[][] {
  return kernel.reduceRight<number[][]>((found, extent) => found.flatMap(rest => Array.from({ length: extent }, (_, i) => [i, ...rest])), [[]])
}

interface UnfoldAttributes extends WindowGeometry {
  /** What stands outside of the array. */
  readonly value: number
}

const unfoldOp: OpFunction<[NDArray], UnfoldAttributes> = /* #__PURE__ */ defineOp<[NDArray], UnfoldAttributes>('unfold', {
  infer: ([x], { kernel, output }) => specOf([x.shape[0]!, x.shape[1]!, sizeOf(kernel), ...output], x.dtype),
  compose: ([x], { value, ...windows }) => {
    const { kernel, stride, dilation, output } = windows
    const around = surround(x, windows, reaches(x.shape.slice(2), windows), value)
    const cut = { steps: [1, 1, ...stride], shape: [x.shape[0]!, x.shape[1]!, ...output] }
    return stack(placesOf(kernel).map(place => strided(around, { starts: [0, 0, ...place.map((at, i) => at * dilation[i]!)], ...cut })), { axis: 2 })
  },
  vjp: (g, [x], _, windows) => [() => fold(g, windows, x.shape.slice(2))],
})

/** All windows: (N, C, places, …output). The places of a window count along its first axis fastest. */
export function unfold(x: NDArray, { kernel, stride, dilation, before, output }: WindowGeometry, value = 0): NDArray {
  return unfoldOp(x, { kernel, stride, dilation, before, output, value })
}

/** For each place and each window along one axis, the position in the padded array. */
function positionsAlong(x: NDArray, axis: number, { kernel, stride, dilation, output }: WindowGeometry): NDArray {
  const positions = new Int32Array(kernel[axis]! * output[axis]!)
  for (let place = 0, i = 0; place < kernel[axis]!; place++) {
    for (let window = 0; window < output[axis]!; window++) positions[i++] = place * dilation[axis]! + window * stride[axis]!
  }
  return hostIndices(x, positions)
}

/** Adds what overlaps, axis by axis, the first one first: all but the first of these steps are smaller by the extents of the kernel, and that one moves whole rows. */
function addWindows(columns: NDArray, spatial: readonly number[], windows: WindowGeometry): NDArray {
  const { kernel, before, output } = windows
  const [n, channels] = columns.shape as [number, number]
  const reach = reaches(spatial, windows)
  let y = columns
  for (let axis = 0, places = n * channels * sizeOf(kernel); axis < kernel.length; axis++) {
    places /= kernel[axis]!
    const [ahead, behind] = [sizeOf(reach.slice(0, axis)), sizeOf(output.slice(axis + 1))]
    if (ahead > 1) y = transpose(reshape(y, [places, kernel[axis]!, ahead, output[axis]! * behind]), [0, 2, 1, 3])
    const source = [places * ahead, reach[axis]!, behind]
    y = scatterOp(reshape(y, [places * ahead, kernel[axis]! * output[axis]!, behind]), positionsAlong(columns, axis, windows), { axis: 1, source })
  }
  const shape = [n, channels, ...spatial]
  const around = reshape(y, [n, channels, ...reach])
  return sameShape(around.shape, shape) ? around : strided(around, { starts: [0, 0, ...before], steps: shape.map(() => 1), shape })
}

/** Without overlaps nothing is added: each element is taken from its place in its window, and is 0 where it has none. */
function placeWindows(columns: NDArray, spatial: readonly number[], { kernel, stride, before, output }: WindowGeometry): NDArray {
  const [n, channels, size] = [columns.shape[0]!, columns.shape[1]!, sizeOf(kernel) * sizeOf(output)]
  let taken = [0]
  spatial.forEach((extent, axis) => {
    const [placeStride, windowStride] = [sizeOf(kernel.slice(0, axis)) * sizeOf(output), sizeOf(output.slice(axis + 1))]
    const along = Array.from({ length: extent }, (_, position) => {
      const window = Math.floor((position + before[axis]!) / stride[axis]!)
      const place = position + before[axis]! - window * stride[axis]!
      return place < kernel[axis]! && window < output[axis]! ? place * placeStride + window * windowStride : size
    })
    taken = taken.flatMap(first => along.map(second => Math.min(first + second, size)))
  })
  const flat = reshape(columns, [n * channels, size])
  const source = taken.includes(size) ? padded(flat, { before: [0, 0], shape: [n * channels, size + 1], value: 0 }) : flat
  return reshape(takeOp(source, hostIndices(columns, taken), { axis: 1, source: source.shape }), [n, channels, ...spatial])
}

interface FoldAttributes extends WindowGeometry {
  readonly spatial: readonly number[]
}

const foldOp: OpFunction<[NDArray], FoldAttributes> = /* #__PURE__ */ defineOp<[NDArray], FoldAttributes>('fold', {
  infer: ([columns], { spatial }) => specOf([columns.shape[0]!, columns.shape[1]!, ...spatial], columns.dtype),
  compose: ([columns], { spatial, ...windows }) => {
    const { kernel, stride, dilation } = windows
    return kernel.every((extent, i) => dilation[i]! * (extent - 1) < stride[i]! && (dilation[i] === 1 || extent === 1))
      ? placeWindows(columns, spatial, windows)
      : addWindows(columns, spatial, windows)
  },
  vjp: (g, _, __, windows) => [() => unfold(g, windows)],
})

/** The opposite of {@link unfold}: each element is the sum of its places in all windows, (N, C, places, …output) to (N, C, …spatial). */
export function fold(columns: NDArray, { kernel, stride, dilation, before, output }: WindowGeometry, spatial: readonly number[]): NDArray {
  return foldOp(columns, { kernel, stride, dilation, before, output, spatial })
}

/** The spatial axes of a kernel in the order in which {@link unfold} has its places, or back: they change round. */
export function asPlaces(weight: NDArray): NDArray {
  const rank = weight.ndim - 2
  return rank === 1 ? weight : transpose(weight, [0, 1, ...Array.from({ length: rank }, (_, i) => rank + 1 - i)])
}
