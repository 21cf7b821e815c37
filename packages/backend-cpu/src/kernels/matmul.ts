import { isFloat, sizeOf } from '@ashlar/core'
import type { Kernels, TypedArray } from '@ashlar/core'
import { broadcastStrides, eachPlane, gridOf } from '../layout.ts'
import { copyInto, toTruth } from '../types.ts'
import type { Floats } from '../types.ts'
import { fastBatch, fastProduct } from '../fast-product.ts'
import { multiplyFloats } from './gemm.ts'
import type { Matrix } from './gemm.ts'
import { pool } from '../pool.ts'

/** Rows of `a` times columns of `b`, by the definition. `Math.imul` keeps the low bits, and the store wraps. */
function multiplyIntegers(a: Matrix<Int32Array>, b: Matrix<Int32Array>, out: Int32Array, start: number, m: number, k: number, n: number): void {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const left = a.data[a.start + i * a.line + p * a.step]!
      for (let j = 0, o = start + i * n, q = b.start + p * b.step; j < n; j++, o++, q += b.line) {
        out[o] = out[o]! + Math.imul(left, b.data[q]!)
      }
    }
  }
}

/**
 * See `Kernels.matmul`. Floats are multiplied and added in double, whatever the dtype, and rounded once when stored:
 * that is faster here than rounding as one goes, since the engine computes in double anyway.
 */
export const matmul: Kernels<TypedArray>['matmul'] = (a, b, transposeA, transposeB, out) => {
  const m = out.shape.at(-2)!
  const n = out.shape.at(-1)!
  const k = a.shape.at(transposeA ? -2 : -1)!
  if (out.size === 0 || k === 0) return pool.acquireZeros(out.dtype, out.size)
  const handle = pool.acquire(out.dtype, out.size)

  const float = isFloat(out.dtype)
  // Integers multiply in 32 bits, of which narrower ones keep the low part.
  const left = float ? (a.handle as Floats) : new Int32Array(a.handle as Int32Array)
  const right = float ? (b.handle as Floats) : new Int32Array(b.handle as Int32Array)
  const target = float ? (handle as Floats) : new Int32Array(out.size)

  const batch = out.shape.slice(0, -2)
  const lines = { a: transposeA ? 1 : k, b: transposeB ? k : 1 }
  const steps = { a: transposeA ? m : 1, b: transposeB ? 1 : n }
  const run = (aStart: number, bStart: number, o: number, rows: number): void => {
    const x = { data: left, start: aStart, line: lines.a, step: steps.a }
    const y = { data: right, start: bStart, line: lines.b, step: steps.b }
    if (float && fastProduct(out.dtype, x, y, target, o, rows, k, n)) return
    if (float) multiplyFloats(x as Matrix<Floats>, y as Matrix<Floats>, target as Floats, o, rows, k, n)
    else multiplyIntegers(x as Matrix<Int32Array>, y as Matrix<Int32Array>, target as Int32Array, o, rows, k, n)
  }
  /** All products in one call, where each side is either a matrix for each of them or one for all. */
  const runBatch = (): boolean => {
    const count = sizeOf(batch)
    const stepOf = (size: number, matrix: number): number | null => (size === matrix ? 0 : size === matrix * count ? matrix : null)
    const [aStep, bStep] = [stepOf(a.size, m * k), stepOf(b.size, k * n)]
    if (aStep === null || bStep === null) return false
    const x = { data: left, start: 0, line: lines.a, step: steps.a }
    const y = { data: right, start: 0, line: lines.b, step: steps.b }
    return fastBatch(out.dtype, x, y, target, { count, aStep, bStep, m, k, n })
  }

  if (b.size === k * n && a.size === sizeOf(batch) * m * k && !transposeA) {
    run(0, 0, 0, sizeOf(batch) * m) // one matrix for the whole batch: its rows stack to a single product
  } else if (!float || !runBatch()) {
    const aBatch = broadcastStrides(a.shape.slice(0, -2), batch).map(s => s * m * k)
    const bBatch = broadcastStrides(b.shape.slice(0, -2), batch).map(s => s * k * n)
    const grid = gridOf(batch, [aBatch, bBatch])
    let o = 0
    eachPlane(grid, [0, 0], ([aStart, bStart]) => {
      for (let r = 0; r < grid.rows; r++) {
        for (let c = 0; c < grid.cols; c++, o += m * n) {
          const [x, y] = grid.strides as [readonly number[], readonly number[]]
          run(aStart! + r * x.at(-2)! + c * x.at(-1)!, bStart! + r * y.at(-2)! + c * y.at(-1)!, o, m)
        }
      }
    })
  }
  if (!float) {
    if (out.dtype === 'bool') toTruth(target as Int32Array)
    copyInto(handle, target)
  }
  return handle
}
