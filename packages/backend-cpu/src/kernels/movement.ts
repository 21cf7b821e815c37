import { stridesOf } from '@ashlar/core'
import type { DType, Kernels, Shape, TypedArray } from '@ashlar/core'
import { broadcastStrides, eachPlane, gridOf } from '../layout.ts'
import { fastCopy } from '../fast-copy.ts'
import { fill } from './fill.ts'
import { words } from './words.ts'
import type { Words } from './words.ts'
import { pool } from '../pool.ts'

/** Below it a loop beats the native `set`, which needs a view of either side. */
const LONG_RUN = 64
/** Side of the tiles in which a plane is transposed: two of them, of doubles, fit in a first-level cache. */
const TILE = 32

interface Plane {
  readonly rows: number
  readonly cols: number
  readonly from: number
  readonly fromRow: number
  readonly fromCol: number
  readonly to: number
  readonly toRow: number
  readonly toCol: number
}

function copyFloat(x: Float32Array | Float64Array, out: Float32Array | Float64Array, p: Plane): void {
  const { rows, cols, from, fromRow, fromCol, to, toRow, toCol } = p
  for (let r = 0; r < rows; r++) {
    for (let c = 0, i = from + r * fromRow, o = to + r * toRow; c < cols; c++, i += fromCol, o += toCol) out[o] = x[i]!
  }
}

function copyInteger(x: Int32Array | Uint16Array | Uint8Array, out: Int32Array | Uint16Array | Uint8Array, p: Plane): void {
  const { rows, cols, from, fromRow, fromCol, to, toRow, toCol } = p
  for (let r = 0; r < rows; r++) {
    for (let c = 0, i = from + r * fromRow, o = to + r * toRow; c < cols; c++, i += fromCol, o += toCol) out[o] = x[i]!
  }
}

function copyPlane(x: Words, out: Words, p: Plane): void {
  if (x instanceof Float32Array || x instanceof Float64Array) copyFloat(x, out as Float32Array | Float64Array, p)
  else copyInteger(x, out as Int32Array | Uint16Array | Uint8Array, p)
}

function copyTiled(x: Words, out: Words, p: Plane): void {
  for (let r = 0; r < p.rows; r += TILE) {
    for (let c = 0; c < p.cols; c += TILE) {
      copyPlane(x, out, {
        ...p,
        rows: Math.min(TILE, p.rows - r),
        cols: Math.min(TILE, p.cols - c),
        from: p.from + r * p.fromRow + c * p.fromCol,
        to: p.to + r * p.toRow + c * p.toCol,
      })
    }
  }
}

/** Where a strided view of an array starts, and its strides, in elements. */
interface View {
  readonly data: TypedArray
  readonly start: number
  readonly strides: readonly number[]
}

/** Copies elements from one strided view to another of the same shape. All kernels of this file come down to it. */
function copyStrided(from: View, to: View, shape: Shape, dtype: DType): void {
  if (shape.includes(0)) return
  const x = words(from.data, dtype)
  const out = words(to.data, dtype)
  const width = x.width
  // A 64-bit integer moves as two 32-bit words: one more axis.
  const wide = (strides: readonly number[]): readonly number[] => (width === 1 ? strides : [...strides.map(s => s * width), 1])
  const grid = gridOf(width === 1 ? shape : [...shape, width], [wide(from.strides), wide(to.strides)])
  const { rows, cols } = grid
  const [fromRow, fromCol] = grid.strides[0]!.slice(-2) as [number, number]
  const [toRow, toCol] = grid.strides[1]!.slice(-2) as [number, number]
  const fast = fastCopy({ data: x.array, row: fromRow, col: fromCol }, { data: out.array, row: toRow, col: toCol }, rows, cols)
  if (fast !== null) return eachPlane(grid, [from.start * width, to.start * width], ([i, o]) => fast(i!, o!))
  const runs = fromCol === 1 && toCol === 1 && cols >= LONG_RUN
  const tiled = Math.abs(fromCol) > 1 && rows > TILE && cols > TILE
  eachPlane(grid, [from.start * width, to.start * width], ([i, o]) => {
    if (runs) {
      for (let r = 0; r < rows; r++) {
        const start = i! + r * fromRow
        out.array.set(x.array.subarray(start, start + cols), o! + r * toRow)
      }
      return
    }
    const plane = { rows, cols, from: i!, fromRow, fromCol, to: o!, toRow, toCol }
    if (tiled) copyTiled(x.array, out.array, plane)
    else copyPlane(x.array, out.array, plane)
  })
}

/** See `Kernels.transpose`. */
export const transpose: Kernels<TypedArray>['transpose'] = (x, permutation, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  const strides = stridesOf(x.shape)
  const from = { data: x.handle, start: 0, strides: permutation.map(axis => strides[axis]!) }
  copyStrided(from, { data: handle, start: 0, strides: stridesOf(out.shape) }, out.shape, out.dtype)
  return handle
}

/** See `Kernels.broadcastTo`. */
export const broadcastTo: Kernels<TypedArray>['broadcastTo'] = (x, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  const from = { data: x.handle, start: 0, strides: broadcastStrides(x.shape, out.shape) }
  copyStrided(from, { data: handle, start: 0, strides: stridesOf(out.shape) }, out.shape, out.dtype)
  return handle
}

/** See `Kernels.slice`. */
export const slice: Kernels<TypedArray>['slice'] = (x, starts, steps, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  const strides = stridesOf(x.shape)
  const start = strides.reduce((sum, stride, axis) => sum + stride * starts[axis]!, 0)
  const from = { data: x.handle, start, strides: strides.map((stride, axis) => stride * steps[axis]!) }
  copyStrided(from, { data: handle, start: 0, strides: stridesOf(out.shape) }, out.shape, out.dtype)
  return handle
}

/** See `Kernels.pad`. */
export const pad: Kernels<TypedArray>['pad'] = (x, before, value, out) => {
  const handle = fill(value, out)
  const strides = stridesOf(out.shape)
  const start = strides.reduce((sum, stride, axis) => sum + stride * before[axis]!, 0)
  copyStrided({ data: x.handle, start: 0, strides: stridesOf(x.shape) }, { data: handle, start, strides }, x.shape, out.dtype)
  return handle
}

/** See `Kernels.concat`. */
export const concat: Kernels<TypedArray>['concat'] = (inputs, axis, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  const strides = stridesOf(out.shape)
  let position = 0
  for (const x of inputs) {
    const to = { data: handle, start: position * strides[axis]!, strides }
    copyStrided({ data: x.handle, start: 0, strides: stridesOf(x.shape) }, to, x.shape, out.dtype)
    position += x.shape[axis]!
  }
  return handle
}
