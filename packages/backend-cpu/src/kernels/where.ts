import { isFloat } from '@ashlar/core'
import type { Kernels, TypedArray } from '@ashlar/core'
import { broadcastStrides, eachPlane, gridOf } from '../layout.ts'
import type { Floats, Integers } from '../types.ts'
import { fastWhere } from '../fast.ts'
import { pool } from '../pool.ts'

interface Plane {
  readonly rows: number
  readonly cols: number
  /** Where the condition, `a` and `b` start, and their strides along rows and columns; the output is dense from `o`. */
  readonly at: readonly number[]
  readonly row: readonly number[]
  readonly col: readonly number[]
  readonly o: number
}

function chooseFloats(condition: Uint8Array, a: Floats, b: Floats, out: Floats, { rows, cols, at, row, col, o: o0 }: Plane): void {
  const [c0, a0, b0] = at as [number, number, number]
  const [cRow, aRow, bRow] = row as [number, number, number]
  const [cCol, aCol, bCol] = col as [number, number, number]
  for (let r = 0, o = o0; r < rows; r++) {
    for (let c = 0, k = c0 + r * cRow, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, k += cCol, i += aCol, j += bCol) {
      out[o++] = condition[k] === 0 ? b[j]! : a[i]!
    }
  }
}

function chooseIntegers(condition: Uint8Array, a: Integers, b: Integers, out: Integers, { rows, cols, at, row, col, o: o0 }: Plane): void {
  const [c0, a0, b0] = at as [number, number, number]
  const [cRow, aRow, bRow] = row as [number, number, number]
  const [cCol, aCol, bCol] = col as [number, number, number]
  for (let r = 0, o = o0; r < rows; r++) {
    for (let c = 0, k = c0 + r * cRow, i = a0 + r * aRow, j = b0 + r * bRow; c < cols; c++, k += cCol, i += aCol, j += bCol) {
      out[o++] = condition[k] === 0 ? b[j]! : a[i]!
    }
  }
}

/** See `Kernels.where`. */
export const where: Kernels<TypedArray>['where'] = (condition, a, b, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  if (out.size === 0 || fastWhere(out.dtype, condition.handle, a.handle, b.handle, handle)) return handle
  const grid = gridOf(out.shape, [condition, a, b].map(x => broadcastStrides(x.shape, out.shape)))
  const { rows, cols } = grid
  const row = grid.strides.map(s => s.at(-2)!)
  const col = grid.strides.map(s => s.at(-1)!)
  const truth = condition.handle as Uint8Array
  let o = 0
  eachPlane(grid, [0, 0, 0], at => {
    const plane = { rows, cols, at, row, col, o }
    if (isFloat(out.dtype)) chooseFloats(truth, a.handle as Floats, b.handle as Floats, handle as Floats, plane)
    else chooseIntegers(truth, a.handle as Integers, b.handle as Integers, handle as Integers, plane)
    o += rows * cols
  })
  return handle
}
