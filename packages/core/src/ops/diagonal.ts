import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkAxis, formatShape } from '../shape.ts'
import { mul } from './arithmetic.ts'
import { where } from './compare.ts'
import { hostIndices } from './host.ts'
import { scatterAdd, take } from './indexing.ts'
import { sum } from './reduce.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

/** The elements of equal positions along two axes (`offset` apart), as a new last axis. */
export function diagonal(x: NDArray, options: { readonly offset?: number; readonly axis1?: number; readonly axis2?: number } = {}): NDArray {
  const rank = checkArray(x, 'diagonal').ndim
  if (rank < 2) throw new ValueError(`needs at least two dimensions, got ${formatShape(x.shape)}`, { op: 'diagonal', shapes: [x.shape] })
  const [first, second] = [checkAxis(options.axis1 ?? 0, rank, 'diagonal'), checkAxis(options.axis2 ?? 1, rank, 'diagonal')]
  if (first === second) throw new ValueError('the two axes must differ', { op: 'diagonal' })
  const rest = [...x.shape.keys()].filter(axis => axis !== first && axis !== second)
  const moved = transpose(x, [...rest, first, second])
  const [rows, columns] = [x.shape[first]!, x.shape[second]!]
  const flat = reshape(moved, [...rest.map(axis => x.shape[axis]!), rows * columns])
  return take(flat, hostIndices(x, diagonalPositions(rows, columns, options.offset ?? 0)), { axis: rest.length })
}

function diagonalPositions(rows: number, columns: number, offset: number): number[] {
  const positions: number[] = []
  for (let row = Math.max(0, -offset); row < rows && row + offset < columns; row++) positions.push(row * columns + row + offset)
  return positions
}

/** A matrix's diagonal, `k` above the main one; or from a vector the matrix that has it there, zeros elsewhere. */
export function diag(x: NDArray, k = 0): NDArray {
  if (checkArray(x, 'diag').ndim === 2) return diagonal(x, { offset: k })
  if (x.ndim !== 1) throw new ValueError(`needs a vector or a matrix, got ${formatShape(x.shape)}`, { op: 'diag', shapes: [x.shape] })
  const n = x.size + Math.abs(k)
  return reshape(scatterAdd(x, hostIndices(x, diagonalPositions(n, n, k)), [n * n]), [n, n])
}

/** The sum of a matrix's diagonal; of the first two axes of a larger array. */
export function trace(x: NDArray, options: { readonly offset?: number } = {}): NDArray {
  return sum(diagonal(x, options), { axis: -1 })
}

function triangle(x: NDArray, keep: (row: number, column: number) => boolean): NDArray {
  const [rows, columns] = [x.shape.at(-2)!, x.shape.at(-1)!]
  const mask = Uint8Array.from({ length: rows * columns }, (_, i) => Number(keep(Math.floor(i / columns), i % columns)))
  const out = { shape: [rows, columns], dtype: 'bool' as const, size: mask.length }
  return where(x.make(x.device.upload(mask, out), out), x, 0)
}

function checkMatrix(x: NDArray, op: string): NDArray {
  if (checkArray(x, op).ndim >= 2) return x
  throw new ValueError(`needs at least two dimensions, got ${formatShape(x.shape)}`, { op, shapes: [x.shape] })
}

/** The last two axes with zeros above the `k`-th diagonal. */
export function tril(x: NDArray, k = 0): NDArray {
  return triangle(checkMatrix(x, 'tril'), (row, column) => column - row <= k)
}

/** The last two axes with zeros below the `k`-th diagonal. */
export function triu(x: NDArray, k = 0): NDArray {
  return triangle(checkMatrix(x, 'triu'), (row, column) => column - row >= k)
}

/** All products of an element of `a` and one of `b`, both read in C order: (a.size, b.size). */
export function outer(a: NDArray, b: NDArray): NDArray {
  return mul(reshape(checkArray(a, 'outer'), [-1, 1]), reshape(checkArray(b, 'outer'), [1, -1]))
}
