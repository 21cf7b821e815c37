import { eigenvectors } from './eigenvectors.ts'
import { addScaled, dot, rotate } from './vectors.ts'

/** Vectors count as orthogonal below this cosine, far below what float32 shows. */
const TOLERANCE = 1e-12
const MOST_SWEEPS = 60

/**
 * The singular vectors on the longer side of a matrix, by decreasing singular value, each up to its sign: `count` orthonormal
 * vectors that span what the given ones span.
 *
 * The eigenvectors of the inner products say which sums of the given vectors are orthogonal, to half of the digits; rotating the
 * pairs that are not quite makes that all of them (one-sided Jacobi: Hestenes, 1958; Demmel and Veselić, 1992).
 *
 * @param vectors the matrix's columns if it is tall, its rows if it is wide, one after the other
 * @param count how many; no more than each has entries
 */
export function singularVectors(vectors: Float64Array, count: number): Float64Array {
  const length = vectors.length / count
  const given = Array.from({ length: count }, (_, i) => vectors.subarray(i * length, (i + 1) * length))
  const products = given.map(() => new Float64Array(count))
  for (let i = 0; i < count; i++) for (let j = 0; j <= i; j++) products[i]![j] = products[j]![i] = dot(given[i]!, given[j]!)
  const turned = eigenvectors(products).map(weights => {
    const sum = new Float64Array(length)
    given.forEach((vector, i) => addScaled(sum, vector, weights[i]!))
    return sum
  })
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) if (!rotateAll(turned)) break
  const norms = turned.map(vector => Math.sqrt(dot(vector, vector)))
  const order = norms.map((_, i) => i).sort((a, b) => norms[b]! - norms[a]!)
  const sorted = new Float64Array(vectors.length)
  order.forEach((from, to) => addScaled(sorted.subarray(to * length, (to + 1) * length), turned[from]!, 1 / norms[from]!))
  return sorted
}

/** One sweep over all pairs; tells whether any had to be turned. */
function rotateAll(vectors: readonly Float64Array[]): boolean {
  let turned = false
  const squares = vectors.map(vector => dot(vector, vector))
  for (let p = 0; p < vectors.length; p++) {
    for (let q = p + 1; q < vectors.length; q++) {
      const product = dot(vectors[p]!, vectors[q]!)
      if (Math.abs(product) <= TOLERANCE * Math.sqrt(squares[p]! * squares[q]!)) continue
      turned = true
      const zeta = (squares[q]! - squares[p]!) / (2 * product)
      const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
      const cosine = 1 / Math.sqrt(1 + t * t)
      rotate(vectors[p]!, vectors[q]!, cosine, cosine * t)
      squares[p]! -= t * product
      squares[q]! += t * product
    }
  }
  return turned
}
