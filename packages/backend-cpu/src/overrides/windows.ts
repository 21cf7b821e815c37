import { isFloat, sizeOf } from '@ashlar/core'
import type { Override, Shape, Spec, TypedArray } from '@ashlar/core'
import { pool } from '../pool.ts'
import type { Floats, HostTensor } from '../types.ts'
import { copyInto, toTruth } from '../types.ts'
import { fastWindows } from './fast-windows.ts'

/** Windows over the spatial axes of (N, C, …spatial), up to three of them; see `WindowGeometry` in core. */
export interface Windows {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly before: readonly number[]
  readonly output: readonly number[]
}

/** How the places of a window are counted: along its last axis fastest, as in memory, or along its first. */
export type Order = 'memory' | 'first'

/** Arrays that the loops below run on: whole numbers of any width come as int32. */
type Numbers = Floats | Int32Array

/**
 * Calls `visit` with each run of windows, along their last axis, that see the array at one place; `gap` with each run that does not.
 * A run's first window is the `window`-th of all, and `column` is where it lies in the columns.
 */
export function eachRun(
  planes: number, spatial: Shape, windows: Windows, order: Order,
  visit: (element: number, step: number, count: number, column: number, window: number) => void, gap: (count: number, column: number, window: number) => void,
): void {
  const three = (list: readonly number[], lead: number): [number, number, number] => [...new Array<number>(3 - list.length).fill(lead), ...list] as [number, number, number]
  const [depth, height, width] = three(spatial, 1)
  const [kernelD, kernelH, kernelW] = three(windows.kernel, 1)
  const [strideD, strideH, strideW] = three(windows.stride, 1)
  const [dilationD, dilationH, dilationW] = three(windows.dilation, 1)
  const [padD, padH, padW] = three(windows.before, 0)
  const [outD, outH, outW] = three(windows.output, 1)
  const places = kernelD * kernelH * kernelW
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < places; i++) {
      const [d, h, w] = [Math.floor(i / (kernelH * kernelW)), Math.floor(i / kernelW) % kernelH, i % kernelW]
      const place = order === 'memory' ? i : d + kernelD * (h + kernelH * w)
      const shift = w * dilationW - padW
      const from = Math.min(Math.max(Math.ceil(-shift / strideW), 0), outW)
      const to = Math.min(Math.max(Math.floor((width - 1 - shift) / strideW) + 1, from), outW)
      let column = (plane * places + place) * outD * outH * outW
      let window = plane * outD * outH * outW
      for (let z = 0; z < outD; z++) {
        for (let y = 0; y < outH; y++, column += outW, window += outW) {
          const [front, row] = [z * strideD + d * dilationD - padD, y * strideH + h * dilationH - padH]
          if (front < 0 || front >= depth || row < 0 || row >= height) {
            gap(outW, column, window)
            continue
          }
          gap(from, column, window)
          visit(((plane * depth + front) * height + row) * width + shift + from * strideW, strideW, to - from, column + from, window + from)
          gap(outW - to, column + to, window + to)
        }
      }
    }
  }
}

function copyRuns(x: Numbers, out: Numbers, planes: number, spatial: Shape, windows: Windows, order: Order, value: number): void {
  eachRun(planes, spatial, windows, order, (element, step, count, column) => {
    for (let i = 0; i < count; i++) out[column + i] = x[element + i * step]!
  }, (count, column) => {
    for (let i = 0; i < count; i++) out[column + i] = value
  })
}

function addRuns(columns: Numbers, out: Float64Array | Int32Array, planes: number, spatial: Shape, windows: Windows, order: Order): void {
  eachRun(planes, spatial, windows, order, (element, step, count, column) => {
    for (let i = 0; i < count; i++) out[element + i * step] = out[element + i * step]! + columns[column + i]!
  }, () => {})
}

const numbers = ({ dtype, handle }: HostTensor): Numbers => (isFloat(dtype) ? (handle as Floats) : new Int32Array(handle as Int32Array))

/** Windows as columns. */
export function columnsOf(x: HostTensor, windows: Windows, order: Order, out: Spec, value = 0): TypedArray {
  const handle = pool.acquire(out.dtype, out.size)
  const [planes, spatial] = [x.shape[0]! * x.shape[1]!, x.shape.slice(2)]
  if (fastWindows('columns', x.handle, handle, out.dtype, planes, spatial, windows, order, value)) return handle
  const source = numbers(x)
  const target = isFloat(out.dtype) ? (handle as Floats) : new Int32Array(out.size)
  copyRuns(source, target, planes, spatial, windows, order, value)
  if (target !== handle) copyInto(handle, target)
  return handle
}

/** The array with columns added to the elements that they are of. Float32 sums are kept in double until the end. */
export function foldColumns(columns: HostTensor, windows: Windows, order: Order, out: Spec): TypedArray {
  const [planes, spatial] = [out.shape[0]! * out.shape[1]!, out.shape.slice(2)]
  const handle = pool.acquireZeros(out.dtype, out.size)
  if (fastWindows('addColumns', handle, columns.handle, out.dtype, planes, spatial, windows, order, 0)) return handle
  const sums = isFloat(out.dtype) ? new Float64Array(out.size) : new Int32Array(out.size)
  addRuns(numbers(columns), sums, planes, spatial, windows, order)
  if (out.dtype === 'bool') toTruth(sums as Int32Array)
  copyInto(handle, sums)
  return handle
}

interface UnfoldAttributes extends Windows {
  readonly value: number
}

/** See `unfold` in core: (N, C, …spatial) to (N, C, places, …output). */
export const unfold = (([x]: readonly HostTensor[], attributes: UnfoldAttributes, out: Spec) => columnsOf(x!, attributes, 'first', out, attributes.value)) as Override<TypedArray>

/** See `fold` in core. */
export const fold = (([columns]: readonly HostTensor[], windows: Windows, out: Spec) => foldColumns(columns!, windows, 'first', out)) as Override<TypedArray>

/** How many places a window has. */
export const placesOf = ({ kernel }: Windows): number => sizeOf(kernel)
