import type { Floats } from '../types.ts'

/**
 * One side of a product as its lines (rows of the left side, columns of the right one), all of length k: where the
 * first starts, the distance from line to line, and the step within a line. Transposed or not is only a matter of these.
 */
export interface Matrix<A> {
  readonly data: A
  readonly start: number
  readonly line: number
  readonly step: number
}

/** The right side is packed in pieces of about this many doubles (half a megabyte), to stay in a second-level cache. */
const PIECE = 65536
/** Scratch beyond this many doubles is not kept for the next call. */
const KEPT = 1 << 20

let scratch: Float64Array = new Float64Array(0)
const tile = new Float64Array(16)

function scratchOf(size: number): Float64Array {
  if (size <= scratch.length) return scratch
  const fresh = new Float64Array(size)
  if (size <= KEPT) scratch = fresh
  return fresh
}

/**
 * Copies up to four lines side by side into a panel, step by step, and zeros for those that are missing, so that
 * the inner loop reads consecutive doubles for all four cases of transposition, and float32 is widened once an element
 * instead of once a product.
 */
function pack({ data, line, step }: Matrix<Floats>, start: number, lines: number, k: number, panel: Float64Array, at: number): void {
  let i0 = start
  if (lines === 4) {
    let i1 = i0 + line, i2 = i1 + line, i3 = i2 + line
    for (let p = 0, o = at; p < k; p++, o += 4) {
      panel[o] = data[i0]!; panel[o + 1] = data[i1]!; panel[o + 2] = data[i2]!; panel[o + 3] = data[i3]!
      i0 += step; i1 += step; i2 += step; i3 += step
    }
    return
  }
  for (let p = 0, o = at; p < k; p++, o += 4, i0 += step) {
    for (let l = 0; l < 4; l++) panel[o + l] = l < lines ? data[i0 + l * line]! : 0
  }
}

/** A tile of 4 by 4 sums in locals: eight loads for sixteen products. Only `rows` by `cols` of it are stored. */
function multiplyTile(
  panels: Float64Array, a: number, b: number, k: number, out: Floats, o: number, width: number, rows: number, cols: number,
): void {
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0
  let c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0
  for (let p = 0; p < k; p++, a += 4, b += 4) {
    const a0 = panels[a]!, a1 = panels[a + 1]!, a2 = panels[a + 2]!, a3 = panels[a + 3]!
    const b0 = panels[b]!, b1 = panels[b + 1]!, b2 = panels[b + 2]!, b3 = panels[b + 3]!
    c00 += a0 * b0; c01 += a0 * b1; c02 += a0 * b2; c03 += a0 * b3
    c10 += a1 * b0; c11 += a1 * b1; c12 += a1 * b2; c13 += a1 * b3
    c20 += a2 * b0; c21 += a2 * b1; c22 += a2 * b2; c23 += a2 * b3
    c30 += a3 * b0; c31 += a3 * b1; c32 += a3 * b2; c33 += a3 * b3
  }
  if (rows === 4 && cols === 4) {
    const o1 = o + width, o2 = o1 + width, o3 = o2 + width
    out[o] = c00; out[o + 1] = c01; out[o + 2] = c02; out[o + 3] = c03
    out[o1] = c10; out[o1 + 1] = c11; out[o1 + 2] = c12; out[o1 + 3] = c13
    out[o2] = c20; out[o2 + 1] = c21; out[o2 + 2] = c22; out[o2 + 3] = c23
    out[o3] = c30; out[o3 + 1] = c31; out[o3 + 2] = c32; out[o3 + 3] = c33
  } else {
    tile[0] = c00; tile[1] = c01; tile[2] = c02; tile[3] = c03
    tile[4] = c10; tile[5] = c11; tile[6] = c12; tile[7] = c13
    tile[8] = c20; tile[9] = c21; tile[10] = c22; tile[11] = c23
    tile[12] = c30; tile[13] = c31; tile[14] = c32; tile[15] = c33
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[o + i * width + j] = tile[i * 4 + j]!
  }
}

/** A vector times the lines of a matrix, read where they are: packing would cost as much as the product itself. */
function multiplyVector(x: Floats, xStart: number, xStep: number, matrix: Matrix<Floats>, k: number, out: Floats, o: number, n: number): void {
  if (matrix.step === 1) multiplyLines(x, xStart, xStep, matrix, k, out, o, n)
  else multiplyAcross(x, xStart, xStep, matrix, k, out, o, n)
}

/** Lines that run along memory: four sums at a time, so that the vector is read once for four. */
function multiplyLines(x: Floats, xStart: number, xStep: number, matrix: Matrix<Floats>, k: number, out: Floats, o: number, n: number): void {
  const { data, start, line } = matrix
  const vector = scratchOf(k)
  for (let p = 0, i = xStart; p < k; p++, i += xStep) vector[p] = x[i]!
  let j = 0
  for (; j + 3 < n; j += 4) {
    let sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0
    const q0 = start + j * line, q1 = q0 + line, q2 = q1 + line, q3 = q2 + line
    for (let p = 0; p < k; p++) {
      const value = vector[p]!
      sum0 += value * data[q0 + p]!
      sum1 += value * data[q1 + p]!
      sum2 += value * data[q2 + p]!
      sum3 += value * data[q3 + p]!
    }
    out[o + j] = sum0; out[o + j + 1] = sum1; out[o + j + 2] = sum2; out[o + j + 3] = sum3
  }
  for (; j < n; j++) {
    let sum = 0
    for (let p = 0, q = start + j * line; p < k; p++, q++) sum += vector[p]! * data[q]!
    out[o + j] = sum
  }
}

/** Lines that run across memory: it is read in its own order, two steps of all lines at a time. */
function multiplyAcross(x: Floats, xStart: number, xStep: number, matrix: Matrix<Floats>, k: number, out: Floats, o: number, n: number): void {
  const { data, start, line, step } = matrix
  const sums = scratchOf(n)
  sums.fill(0, 0, n)
  let p = 0
  for (; p + 1 < k; p += 2) {
    const x0 = x[xStart + p * xStep]!, x1 = x[xStart + (p + 1) * xStep]!
    for (let j = 0, q = start + p * step; j < n; j++, q += line) sums[j] = sums[j]! + (x0 * data[q]! + x1 * data[q + step]!)
  }
  if (p < k) {
    const x0 = x[xStart + p * xStep]!
    for (let j = 0, q = start + p * step; j < n; j++, q += line) sums[j] = sums[j]! + x0 * data[q]!
  }
  for (let j = 0; j < n; j++) out[o + j] = sums[j]!
}

/**
 * The product of `m` lines of `a` with `n` lines of `b`, each `k` long, dense from `out[start]`. Sums are kept in
 * double over the whole of `k`, so float32 results are off by little more than their final rounding.
 */
export function multiplyFloats(a: Matrix<Floats>, b: Matrix<Floats>, out: Floats, start: number, m: number, k: number, n: number): void {
  if (m <= 2) {
    for (let i = 0; i < m; i++) multiplyVector(a.data, a.start + i * a.line, a.step, b, k, out, start + i * n, n)
    return
  }
  if (n === 1) return multiplyVector(b.data, b.start, b.step, a, k, out, start, m)
  const piece = Math.min(Math.max(4, Math.floor(PIECE / k / 4) * 4), Math.ceil(n / 4) * 4)
  const panels = scratchOf((piece + 4) * k)
  const aPanel = piece * k
  for (let j0 = 0; j0 < n; j0 += piece) {
    const j1 = Math.min(n, j0 + piece)
    for (let j = j0; j < j1; j += 4) pack(b, b.start + j * b.line, Math.min(4, n - j), k, panels, (j - j0) * k)
    for (let i = 0; i < m; i += 4) {
      const rows = Math.min(4, m - i)
      pack(a, a.start + i * a.line, rows, k, panels, aPanel)
      for (let j = j0; j < j1; j += 4) {
        multiplyTile(panels, aPanel, (j - j0) * k, k, out, start + i * n + j, n, rows, Math.min(4, n - j))
      }
    }
  }
}
