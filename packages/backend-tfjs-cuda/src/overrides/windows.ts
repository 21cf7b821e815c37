import { sameShape, sizeOf } from '@ashlar/core'
import type { Shape, Spec } from '@ashlar/core'
import type { Steps } from '../engine.ts'
import { cut, join, permute, surround } from '../kernels/movement.ts'
import type { TensorInfo } from '../tfjs.ts'
import type { Composed, Operand } from './override.ts'

/** Windows that slide over the spatial axes of (N, C, …spatial), as core has them. */
export interface Windows {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly before: readonly number[]
  readonly output: readonly number[]
}

/** How far the padded axes reach: to the array's end, or to that of the last window. */
export function reaches(spatial: Shape, { kernel, stride, dilation, before, output }: Windows): number[] {
  return spatial.map((n, i) => Math.max(before[i]! + n, (output[i]! - 1) * stride[i]! + dilation[i]! * (kernel[i]! - 1) + 1))
}

/** Whether windows lie side by side and cover the axes: then they are a matter of moving elements. */
function tiles(spatial: Shape, { kernel, stride, dilation, before, output }: Windows): boolean {
  return spatial.every((n, i) => stride[i] === kernel[i] && (dilation[i] === 1 || kernel[i] === 1) && before[i] === 0 && n === output[i]! * kernel[i]!)
}

/** All places in a window; along the first axis they change fastest. */
function placesOf(kernel: readonly number[]): number[][] {
  return kernel.reduceRight<number[][]>((found, extent) => found.flatMap(rest => Array.from({ length: extent }, (_, i) => [i, ...rest])), [[]])
}

/** The axes of tiles (N C, output, kernel, output, kernel, …) in the order of columns, (N C, …places, …output). */
function columnOrder(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, i) => 2 * i + 1)
  return [0, ...axes.map(axis => axis + 1).reverse(), ...axes]
}

/** See `unfold` in core: of `x` all windows (N, C, places, …output), the places of a window counting along its first axis fastest. */
export function unfold(steps: Steps, x: Operand, windows: Windows, value: number): TensorInfo {
  const { kernel, stride, dilation, before, output } = windows
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]]
  if (tiles(spatial, windows)) {
    return permute(steps, x.handle.info, [n * channels, ...output.flatMap((count, i) => [count, kernel[i]!])], columnOrder(spatial.length))
  }
  const shape = [n, channels, ...reaches(spatial, windows)]
  const padded = surround(steps, x.handle.info, x.shape, [0, 0, ...before], value, shape)
  const parts = placesOf(kernel).map(place => cut(steps, padded, shape, [0, 0, ...place.map((at, i) => at * dilation[i]!)], [1, 1, ...stride], [n, channels, ...output]))
  return join(steps, parts.map(part => steps.view(part, [n * channels, sizeOf(output)])))
}

/**
 * Adds up what overlaps along one axis: (blocks, places, ahead, output, behind) to (blocks, ahead, reach, behind). Elements whose positions
 * leave one remainder by the stride are made together, as they are a sum of places that are shifted by whole windows.
 */
function overlap(steps: Steps, x: TensorInfo, extents: readonly [number, number, number, number, number], stride: number, dilation: number, reach: number): TensorInfo {
  const [blocks, places, ahead, output, behind] = extents
  const length = Math.ceil(reach / stride)
  const planes = Array.from({ length: stride }, (): TensorInfo | undefined => undefined)
  for (let place = 0; place < places; place++) {
    const at = place * dilation
    const part = cut(steps, x, [blocks, places, ahead, output * behind], [0, place, 0, 0], [1, 1, 1, 1], [blocks, 1, ahead, output * behind])
    const spread = surround(steps, part, [blocks * ahead, output, behind], [0, Math.floor(at / stride), 0], 0, [blocks * ahead, length, behind])
    const moved = steps.view(spread, [blocks * ahead * length, behind])
    const sum = planes[at % stride]
    planes[at % stride] = sum === undefined ? moved : steps.call('Add', { a: sum, b: moved })
  }
  const whole = join(steps, planes.map(plane => plane ?? steps.fill(0, [blocks * ahead * length, behind], x.dtype)))
  return cut(steps, whole, [blocks * ahead, length * stride, behind], [0, 0, 0], [1, 1, 1], [blocks * ahead, reach, behind])
}

/** See `fold` in core: of columns (N, C, places, …output) the sums of what lies on one element, (N, C, …spatial). */
export function fold(steps: Steps, columns: TensorInfo, windows: Windows, { shape }: Spec): TensorInfo {
  const { kernel, stride, dilation, before, output } = windows
  const [n, channels, ...spatial] = shape as [number, number, ...number[]]
  if (tiles(spatial, windows)) {
    const order = columnOrder(spatial.length)
    const tiled = [n * channels, ...output.flatMap((count, i) => [count, kernel[i]!])]
    return permute(steps, columns, order.map(axis => tiled[axis]!), tiled.map((_, axis) => order.indexOf(axis)))
  }
  const reach = reaches(spatial, windows)
  const y = kernel.reduce((sum, places, axis) => {
    const extents = [n * channels * sizeOf(kernel.slice(axis + 1)), places, sizeOf(reach.slice(0, axis)), output[axis]!, sizeOf(output.slice(axis + 1))] as const
    return overlap(steps, sum, extents, stride[axis]!, dilation[axis]!, reach[axis]!)
  }, columns)
  const around = [n, channels, ...reach]
  return sameShape(around, shape) ? y : cut(steps, y, around, [0, 0, ...before], shape.map(() => 1), shape)
}

/** {@link unfold} as an override. */
export const unfoldWindows = ((steps: Steps, [x]: readonly Operand[], { value, ...windows }: Windows & { readonly value: number }) =>
  unfold(steps, x!, windows, value)) as Composed

/** {@link fold} as an override. */
export const foldWindows = ((steps: Steps, [columns]: readonly Operand[], windows: Windows, out: Spec) => fold(steps, columns!.handle.info, windows, out)) as Composed
