import { addScaled, dot, rotate } from './vectors.ts'

const MOST_ITERATIONS = 50

/**
 * The eigenvectors of a symmetric matrix, in no order, accurate to rounding relative to its largest eigenvalue: Householder
 * reflections make it tridiagonal, and implicitly shifted QL steps diagonal (Golub and Van Loan, chapter 8).
 *
 * @param rows the matrix, overwritten
 */
export function eigenvectors(rows: readonly Float64Array[]): Float64Array[] {
  const count = rows.length
  const reflections = tridiagonalize(rows)
  const diagonal = Float64Array.from(rows, (row, i) => row[i]!)
  const off = Float64Array.from(rows, (row, i) => (i + 1 < count ? row[i + 1]! : 0))
  const vectors = Array.from({ length: count }, (_, i) => {
    const unit = new Float64Array(count)
    unit[i] = 1
    return unit
  })
  for (const v of reflections.reverse()) for (const row of vectors) addScaled(row, v, -2 * dot(row, v))
  diagonalize(diagonal, off, vectors)
  return vectors
}

/** Leaves the tridiagonal matrix in `rows`, and returns the unit vectors of the reflections. */
function tridiagonalize(rows: readonly Float64Array[]): Float64Array[] {
  const count = rows.length
  const reflections: Float64Array[] = []
  for (let k = 0; k + 2 < count; k++) {
    const v = new Float64Array(count)
    v.set(rows[k]!.subarray(k + 1), k + 1)
    const norm = Math.sqrt(dot(v, v))
    if (norm === 0) continue
    // Away from the entry, so that nothing cancels.
    v[k + 1]! += v[k + 1]! < 0 ? -norm : norm
    const length = Math.sqrt(dot(v, v))
    for (let i = k + 1; i < count; i++) v[i]! /= length
    reflections.push(v)
    const w = Float64Array.from(rows, (row, i) => (i < k ? 0 : 2 * dot(row, v)))
    addScaled(w, v, -dot(w, v))
    for (let i = k; i < count; i++) {
      addScaled(rows[i]!, w, -v[i]!)
      addScaled(rows[i]!, v, -w[i]!)
    }
  }
  return reflections
}

/** QL steps until nothing is left beside the diagonal; `vectors` take part in every rotation. */
function diagonalize(diagonal: Float64Array, off: Float64Array, vectors: readonly Float64Array[]): void {
  const count = diagonal.length
  for (let low = 0; low < count; low++) {
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      let high = low
      while (high + 1 < count && Math.abs(off[high]!) > Number.EPSILON * (Math.abs(diagonal[high]!) + Math.abs(diagonal[high + 1]!))) high++
      if (high === low) break
      step(low, high, diagonal, off, vectors)
    }
  }
}

/** One implicit QL step on the block from `low` to `high`, with Wilkinson's shift. */
function step(low: number, high: number, diagonal: Float64Array, off: Float64Array, vectors: readonly Float64Array[]): void {
  const slope = (diagonal[low + 1]! - diagonal[low]!) / (2 * off[low]!)
  const shift = diagonal[low]! - off[low]! / (slope + (slope < 0 ? -1 : 1) * Math.hypot(slope, 1))
  let bulge = diagonal[high]! - shift
  let [cosine, sine, carried] = [1, 1, 0]
  for (let i = high - 1; i >= low; i--) {
    const [beside, kept] = [sine * off[i]!, cosine * off[i]!]
    const radius = Math.hypot(beside, bulge)
    off[i + 1] = radius
    if (radius === 0) {
      diagonal[i + 1]! -= carried
      off[high] = 0
      return
    }
    sine = beside / radius
    cosine = bulge / radius
    const corner = diagonal[i + 1]! - carried
    const change = (diagonal[i]! - corner) * sine + 2 * cosine * kept
    carried = sine * change
    diagonal[i + 1] = corner + carried
    bulge = cosine * change - kept
    rotate(vectors[i]!, vectors[i + 1]!, cosine, sine)
  }
  diagonal[low]! -= carried
  off[low] = bulge
  off[high] = 0
}
