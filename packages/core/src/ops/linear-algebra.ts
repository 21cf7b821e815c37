import { checkArray } from '../array-core.ts'
import { AshlarError, ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { broadcastShapes, checkOptions, checkShape, formatShape, sizeOf, specOf } from '../shape.ts'
import { mul } from './arithmetic.ts'
import { sumTo } from './broadcast.ts'
import { cast } from './cast.ts'
import { countType, unify } from './operands.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'
import { within } from './within.ts'

/** Which operands are stored with their last two axes swapped. */
export interface MatmulOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

type Flags = Required<MatmulOptions>

function inner(a: Shape, b: Shape, { transposeA, transposeB }: Flags): { rows: number; columns: number; fits: boolean } {
  const [m, k] = transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!]
  const [l, n] = transposeB ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!]
  return { rows: m, columns: n, fits: k === l }
}

function mismatch(a: Shape, b: Shape, { transposeA, transposeB }: Flags, op: string): AshlarError {
  const form = `${formatShape(a)}${transposeA ? '.T' : ''} @ ${formatShape(b)}${transposeB ? '.T' : ''}`
  return new AshlarError(`inner dimensions differ: ${form}`, { op, shapes: [a, b], hint: 'transpose the second operand?' })
}

/** The product of arrays of two axes and more, of one dtype that is no bool. */
export const matmulOp: OpFunction<[NDArray, NDArray], Flags> = /* #__PURE__ */ defineOp<[NDArray, NDArray], Flags>('matmul', {
  arity: 2,
  infer: ([a, b], flags) => {
    const { rows, columns, fits } = inner(a.shape, b.shape, flags)
    if (!fits) throw mismatch(a.shape, b.shape, flags, 'matmul')
    return specOf([...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), 'matmul'), rows, columns], a.dtype)
  },
  kernel: (kernels, [a, b], { transposeA, transposeB }, out) => kernels.matmul(a, b, transposeA, transposeB, out),
  // With A and B as used (transposed where the flags say so): dA = g Bᵀ, dB = Aᵀ g; a transposed operand gets the transposed gradient.
  vjp: (g, [a, b], _, { transposeA: s, transposeB: t }) => [
    () => sumTo(s ? matmulOp(b, g, { transposeA: t, transposeB: true }) : matmulOp(g, b, { transposeA: false, transposeB: !t }), a.shape),
    () => sumTo(t ? matmulOp(g, a, { transposeA: true, transposeB: s }) : matmulOp(a, g, { transposeA: !s, transposeB: false }), b.shape),
  ],
})

/**
 * The matrix product over the last two axes; leading axes broadcast, and a vector is a row on the left, a column on the right.
 *
 * @throws AshlarError `[matmul] inner dimensions differ: (2, 3) @ (4, 5)`, ValueError for a scalar
 * @example
 * ```ts
 * import { matmul, ones, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * console.log(matmul(ones([2, 3]), ones([3, 4])).shape)
 * // [ 2, 4 ]
 * ```
 */
export function matmul(a: NDArray, b: NDArray, options: MatmulOptions = {}): NDArray {
  return within('matmul', () => {
    if (checkArray(a, 'matmul').ndim === 0 || checkArray(b, 'matmul').ndim === 0) {
      throw new ValueError(`operands need at least one dimension, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`, { op: 'matmul', shapes: [a.shape, b.shape], hint: 'use mul for scalars' })
    }
    const { transposeA = false, transposeB = false } = checkOptions(options, 'matmul')
    const flags: Flags = {
      transposeA: a.ndim > 1 && transposeA,
      transposeB: b.ndim > 1 && transposeB,
    }
    const [x, y] = unify(a, b, 'matmul', countType)
    // Bools are counted, and any but none is true.
    const finish = (out: NDArray): NDArray => (a.dtype === 'bool' && b.dtype === 'bool' ? cast(out, 'bool') : out)
    if (a.ndim > 1 && b.ndim > 1) return finish(matmulOp(x, y, flags))
    const left = a.ndim === 1 ? reshape(x, [1, x.size]) : x
    const right = b.ndim === 1 ? reshape(y, [y.size, 1]) : y
    if (!inner(left.shape, right.shape, flags).fits) throw mismatch(a.shape, b.shape, flags, 'matmul')
    const out = matmulOp(left, right, flags)
    const shape = out.shape.filter((_, i) => !(a.ndim === 1 && i === out.ndim - 2) && !(b.ndim === 1 && i === out.ndim - 1))
    return finish(reshape(out, shape))
  })
}

/** Where `b` is summed over. */
const summedAxis = (b: NDArray): number => Math.max(b.ndim - 2, 0)

const dotOp = /* #__PURE__ */ defineOp<[NDArray, NDArray]>('dot', {
  arity: 2,
  infer: ([a, b]) => {
    if (a.ndim === 0 || b.ndim === 0) return a.ndim === 0 ? b : a
    const at = summedAxis(b)
    if (b.shape[at] !== a.shape.at(-1)) throw mismatch(a.shape, b.shape, { transposeA: false, transposeB: false }, 'dot')
    return specOf(checkShape([...a.shape.slice(0, -1), ...b.shape.filter((_, i) => i !== at)], 'dot'), a.dtype)
  },
  compose: ([a, b]) => {
    if (a.ndim === 0 || b.ndim === 0) return mul(a, b)
    const [at, k] = [summedAxis(b), a.shape.at(-1)!]
    const first = b.ndim <= 2 ? b : transpose(b, [at, ...b.shape.keys()].filter((axis, i) => i === 0 || axis !== at))
    const rest = b.shape.filter((_, i) => i !== at)
    const out = matmul(reshape(a, [sizeOf(a.shape.slice(0, -1)), k]), reshape(first, [k, sizeOf(rest)]))
    return reshape(out, [...a.shape.slice(0, -1), ...rest])
  },
})

/**
 * NumPy's dot: the product of scalars, the inner product of vectors, the matrix product; in general a sum over the last
 * axis of `a` and the second-last of `b`.
 *
 * @throws AshlarError where the summed extents differ
 */
export function dot(a: NDArray, b: NDArray): NDArray {
  return within('dot', () => dotOp(...unify(checkArray(a, 'dot'), checkArray(b, 'dot'), 'dot')))
}
