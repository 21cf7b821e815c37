import { checkArray } from '../array-core.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { checkAxis, describe, formatShape } from '../shape.ts'

const transposeOp: OpFunction<[NDArray], { permutation: readonly number[] }> = /* #__PURE__ */ defineOp<[NDArray], { permutation: readonly number[] }>('transpose', {
  movesOnly: true,
  infer: ([x], { permutation }) => ({ shape: permutation.map(i => x.shape[i]!), dtype: x.dtype, size: x.size }),
  kernel: (kernels, [x], { permutation }, out) => kernels.transpose(x, permutation, out),
  vjp: (g, _, __, { permutation }) => [() => transposeOp(g, { permutation: permutation.map((___, i) => permutation.indexOf(i)) })],
})

/**
 * The axes in another order; without one, reversed.
 *
 * @throws ValueError unless `axes` names every axis once
 */
export function transpose(x: NDArray, axes?: readonly number[]): NDArray {
  const rank = checkArray(x, 'transpose').ndim
  if (axes === undefined) return transposeOp(x, { permutation: Array.from({ length: rank }, (_, i) => rank - 1 - i) })
  if (!Array.isArray(axes)) throw typeError(`axes are a list of whole numbers, got ${describe(axes)}`, { op: 'transpose', hint: 'write x.transpose([1, 0])' })
  const permutation = (axes as readonly number[]).map(axis => checkAxis(axis, rank, 'transpose'))
  if (permutation.length !== rank || new Set(permutation).size !== rank) {
    throw new ValueError(`axes ${describe(axes)} do not name every axis of ${formatShape(x.shape)} once`, { op: 'transpose', shapes: [x.shape] })
  }
  return transposeOp(x, { permutation })
}

/** Exchanges two axes. */
export function swapaxes(x: NDArray, first: number, second: number): NDArray {
  const rank = checkArray(x, 'swapaxes').ndim
  const permutation = Array.from({ length: rank }, (_, i) => i)
  const [a, b] = [checkAxis(first, rank, 'swapaxes'), checkAxis(second, rank, 'swapaxes')]
  permutation[a] = b
  permutation[b] = a
  return transposeOp(x, { permutation })
}
