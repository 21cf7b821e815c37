import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { checkAxis, checkOptions, checkShape, formatShape, specOf } from '../shape.ts'
import { mul } from './arithmetic.ts'
import { where } from './compare.ts'
import { hostIndices } from './host-data.ts'
import { scatterAdd, takeAt } from './indexing.ts'
import { countType, unify, withCast } from './operands.ts'
import { sum } from './reduce.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'
import { checkInteger, within } from './within.ts'

/** Which diagonal: how far above the main one, and between which axes (default the first two). */
export interface DiagonalOptions {
  readonly offset?: number
  readonly axis1?: number
  readonly axis2?: number
}

/** The axes that stay. */
const restOf = (x: NDArray, { axis1, axis2 }: DiagonalAttributes): number[] => [...x.shape.keys()].filter(axis => axis !== axis1 && axis !== axis2)

type DiagonalAttributes = Required<DiagonalOptions>

function diagonalAttributes(x: NDArray, options: DiagonalOptions, op: string): DiagonalAttributes {
  const { offset = 0, axis1 = 0, axis2 = 1 } = checkOptions(options, op)
  const rank = checkMatrix(x, op).ndim
  const attributes = { offset: checkInteger(offset, 'offset', op), axis1: checkAxis(axis1, rank, op), axis2: checkAxis(axis2, rank, op) }
  if (attributes.axis1 === attributes.axis2) throw new ValueError(`the two axes must differ, got ${axis1} and ${axis2}`, { op, shapes: [x.shape] })
  return attributes
}

const diagonalOp = /* #__PURE__ */ defineOp<[NDArray], DiagonalAttributes>('diagonal', {
  movesOnly: true,
  infer: ([x], attributes) => {
    const { offset, axis1, axis2 } = attributes
    checkShape([x.shape[axis1]!, x.shape[axis2]!], 'diagonal')
    return specOf([...restOf(x, attributes).map(axis => x.shape[axis]!), diagonalLength(x.shape[axis1]!, x.shape[axis2]!, offset)], x.dtype)
  },
  compose: ([x], attributes) => {
    const rest = restOf(x, attributes)
    const [rows, columns] = [x.shape[attributes.axis1]!, x.shape[attributes.axis2]!]
    const flat = reshape(transpose(x, [...rest, attributes.axis1, attributes.axis2]), [...rest.map(axis => x.shape[axis]!), rows * columns])
    return takeAt(flat, hostIndices(x, diagonalPositions(rows, columns, attributes.offset)), rest.length, 'diagonal')
  },
})

/** The elements of equal positions along two axes (`offset` apart), as a new last axis. @throws ValueError for less than two axes */
export function diagonal(x: NDArray, options: DiagonalOptions = {}): NDArray {
  return within('diagonal', () => diagonalOp(x, diagonalAttributes(x, options, 'diagonal')))
}

const diagonalLength = (rows: number, columns: number, offset: number): number => Math.max(Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)), 0)

function diagonalPositions(rows: number, columns: number, offset: number): number[] {
  const positions: number[] = []
  for (let row = Math.max(0, -offset); row < rows && row + offset < columns; row++) positions.push(row * columns + row + offset)
  return positions
}

/** From a vector to a matrix; the other way it is `diagonal`. */
const diagOp = /* #__PURE__ */ defineOp<[NDArray], TriangleAttributes>('diag', {
  infer: ([x], { k }) => {
    const n = x.size + Math.abs(k)
    return specOf(checkShape([n, n], 'diag'), x.dtype)
  },
  compose: ([x], { k }) => {
    const n = x.size + Math.abs(k)
    return reshape(scatterAdd(x, hostIndices(x, diagonalPositions(n, n, k)), [n * n]), [n, n])
  },
  vjp: (g, _, __, { k }) => [() => diagonalOp(g, { offset: k, axis1: 0, axis2: 1 })],
})

/** A matrix's diagonal, `k` above the main one; or from a vector the matrix that has it there, zeros elsewhere. */
export function diag(x: NDArray, k = 0): NDArray {
  return within('diag', () => {
    const above = checkInteger(k, 'the diagonal', 'diag')
    if (checkArray(x, 'diag').ndim === 2) return diagonalOp(x, { offset: above, axis1: 0, axis2: 1 })
    if (x.ndim !== 1) throw new ValueError(`needs a vector or a matrix, got ${formatShape(x.shape)}`, { op: 'diag', shapes: [x.shape] })
    return diagOp(x, { k: above })
  })
}

const traceOp = /* #__PURE__ */ defineOp<[NDArray], DiagonalAttributes>('trace', {
  infer: ([x], attributes) => specOf(restOf(x, attributes).map(axis => x.shape[axis]!), countType(x.dtype)),
  compose: ([x], attributes) => sum(diagonalOp(x, attributes), { axis: -1 }),
})

/** The sum of a matrix's diagonal; of the first two axes of a larger array. */
export function trace(x: NDArray, options: DiagonalOptions = {}): NDArray {
  return within('trace', () => traceOp(x, diagonalAttributes(x, options, 'trace')))
}

/** The mask has a size of its own, where the array has none: (0, 100000, 100000). */
function maskable(x: NDArray, op: string): NDArray {
  checkShape(x.shape.slice(-2), op)
  return x
}

function triangle(x: NDArray, keep: (row: number, column: number) => boolean): NDArray {
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  const mask = Uint8Array.from({ length: rows * columns }, (_, i) => Number(keep(Math.floor(i / columns), i % columns)))
  const out = { shape: [rows, columns], dtype: 'bool' as const, size: mask.length }
  return where(x.make(x.device.upload(mask, out), out), x, 0)
}

function checkMatrix(x: NDArray, op: string): NDArray {
  if (checkArray(x, op).ndim >= 2) return x
  throw new ValueError(`needs at least two dimensions, got ${formatShape(x.shape)}`, { op, shapes: [x.shape] })
}

interface TriangleAttributes {
  /** How far above the main diagonal it ends or begins. */
  readonly k: number
}

const trilOp: OpFunction<[NDArray], TriangleAttributes> = /* #__PURE__ */ defineOp<[NDArray], TriangleAttributes>('tril', {
  infer: ([x]) => maskable(x, 'tril'),
  compose: ([x], { k }) => triangle(x, (row, column) => column - row <= k),
  vjp: (g, _, __, attributes) => [() => trilOp(g, attributes)],
})

const triuOp: OpFunction<[NDArray], TriangleAttributes> = /* #__PURE__ */ defineOp<[NDArray], TriangleAttributes>('triu', {
  infer: ([x]) => maskable(x, 'triu'),
  compose: ([x], { k }) => triangle(x, (row, column) => column - row >= k),
  vjp: (g, _, __, attributes) => [() => triuOp(g, attributes)],
})

/** The last two axes with zeros above the `k`-th diagonal. */
export function tril(x: NDArray, k = 0): NDArray {
  const attributes = { k: checkInteger(k, 'the diagonal', 'tril') }
  return withCast(y => trilOp(y, attributes), checkMatrix(x, 'tril'), 'tril', countType)
}

/** The last two axes with zeros below the `k`-th diagonal. */
export function triu(x: NDArray, k = 0): NDArray {
  const attributes = { k: checkInteger(k, 'the diagonal', 'triu') }
  return withCast(y => triuOp(y, attributes), checkMatrix(x, 'triu'), 'triu', countType)
}

const outerOp = /* #__PURE__ */ defineOp<[NDArray, NDArray]>('outer', {
  arity: 2,
  infer: ([a, b]) => specOf([a.size, b.size], a.dtype),
  compose: ([a, b]) => mul(reshape(a, [a.size, 1]), reshape(b, [1, b.size])),
})

/** All products of an element of `a` and one of `b`, both read in C order: (a.size, b.size). */
export function outer(a: NDArray, b: NDArray): NDArray {
  return within('outer', () => outerOp(...unify(checkArray(a, 'outer'), checkArray(b, 'outer'), 'outer')))
}
