import { checkArray } from '../array-core.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxes, specOf } from '../shape.ts'
import { expandDims, reshape } from './reshape.ts'

const sliceOp: OpFunction<[NDArray], SliceAttributes> = /* #__PURE__ */ defineOp<[NDArray], SliceAttributes>('slice', {
  movesOnly: true,
  infer: ([x], { shape }) => specOf(shape, x.dtype),
  kernel: (kernels, [x], { starts, steps }, out) => kernels.slice(x, starts, steps, out),
  vjp: (g, [x], _, attributes) => [() => unslice(g, x.shape, attributes)],
})

/** Where a slice begins, its strides and its extents, along every axis. */
export interface SliceAttributes {
  readonly starts: readonly number[]
  readonly steps: readonly number[]
  readonly shape: Shape
}

/** Elements at regular distances along each axis; indexing is made of it. */
export function strided(x: NDArray, attributes: SliceAttributes): NDArray {
  return sliceOp(x, attributes)
}

/** Puts a slice's gradient where its elements came from, zeros elsewhere. */
function unslice(g: NDArray, shape: Shape, { starts, steps }: SliceAttributes): NDArray {
  let y = g
  for (let axis = 0; axis < shape.length; axis++) {
    const step = steps[axis]!
    const count = y.shape[axis]!
    // A negative step is a positive one from the other end, flipped.
    if (step < 0) y = flip(y, axis)
    const start = step < 0 ? starts[axis]! + (count - 1) * step : starts[axis]!
    if (Math.abs(step) > 1 && count > 0) y = spread(y, axis, Math.abs(step))
    const before = shape.map((_, i) => (i === axis ? start : 0))
    y = padded(y, { before, shape: y.shape.map((n, i) => (i === axis ? shape[axis]! : n)), value: 0 })
  }
  return y
}

/** Puts `step - 1` zeros between neighbours along an axis. */
function spread(x: NDArray, axis: number, step: number): NDArray {
  const count = x.shape[axis]!
  const opened = expandDims(x, axis + 1)
  const wide = padded(opened, { before: opened.shape.map(() => 0), shape: opened.shape.map((n, i) => (i === axis + 1 ? step : n)), value: 0 })
  const merged = reshape(wide, x.shape.map((n, i) => (i === axis ? n * step : n)))
  const shape = x.shape.map((n, i) => (i === axis ? (count - 1) * step + 1 : n))
  return strided(merged, { starts: shape.map(() => 0), steps: shape.map(() => 1), shape })
}

const flipOp: OpFunction<[NDArray], { axes: readonly number[] }> = /* #__PURE__ */ defineOp<[NDArray], { axes: readonly number[] }>('flip', {
  movesOnly: true,
  infer: ([x]) => x,
  // A slice that runs backwards.
  kernel: (kernels, [x], { axes }, out) => kernels.slice(
    x, x.shape.map((n, i) => (axes.includes(i) ? Math.max(n - 1, 0) : 0)), x.shape.map((_, i) => (axes.includes(i) ? -1 : 1)), out,
  ),
  vjp: (g, _, __, attributes) => [() => flipOp(g, attributes)],
})

/** Reverses the order along an axis, or along all. */
export function flip(x: NDArray, axis?: number | readonly number[]): NDArray {
  return flipOp(x, { axes: checkAxes(axis, checkArray(x, 'flip').ndim, 'flip') })
}

/** Where an array lies in a larger one, and what surrounds it. */
export interface PadAttributes {
  readonly before: readonly number[]
  readonly shape: Shape
  readonly value: number
}

/** `x` inside a larger array of `value`. */
export const padded: OpFunction<[NDArray], PadAttributes> = /* #__PURE__ */ defineOp<[NDArray], PadAttributes>('pad', {
  infer: ([x], { shape }) => specOf(shape, x.dtype),
  kernel: (kernels, [x], { before, value }, out) => kernels.pad(x, before, value, out),
  vjp: (g, [x], _, { before }) => [() => sliceOp(g, { starts: before, steps: before.map(() => 1), shape: x.shape })],
})
