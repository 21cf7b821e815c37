import { checkArray } from '../array-core.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxes, checkAxis, checkShape, describe, formatShape, sizeOf } from '../shape.ts'

const reshapeOp: OpFunction<[NDArray], { shape: Shape }> = /* #__PURE__ */ defineOp<[NDArray], { shape: Shape }>('reshape', {
  movesOnly: true,
  share: true,
  infer: ([x], { shape }) => ({ shape, dtype: x.dtype, size: x.size }),
  vjp: (g, [x]) => [() => reshapeOp(g, { shape: x.shape })],
})

/**
 * The same elements under another shape, as another array that shares the bytes. One extent may be -1 and is worked out.
 *
 * @throws ValueError `cannot reshape array of size 6 into shape (4,)`
 */
export function reshape(x: NDArray, shape: number | readonly number[]): NDArray {
  const wanted = typeof shape === 'number' ? [shape] : shape
  if (!Array.isArray(wanted)) throw typeError(`a shape is a whole number or a list of them, got ${describe(shape)}`, { op: 'reshape' })
  const size = checkArray(x, 'reshape').size
  const hole = wanted.indexOf(-1)
  const known = checkShape(hole < 0 ? wanted : wanted.filter((_, i) => i !== hole), 'reshape')
  const rest = size / sizeOf(known)
  const full = hole < 0 ? known : known.toSpliced(hole, 0, Number.isFinite(rest) ? rest : 0)
  if (sizeOf(full) !== size || !full.every(Number.isInteger)) {
    throw new ValueError(`cannot reshape array of size ${size} into shape ${formatShape(wanted)}`, { op: 'reshape', shapes: [x.shape] })
  }
  return reshapeOp(x, { shape: full })
}

/** Another array of the same elements, for the cost of a name: buffers never change. */
export function copy(x: NDArray): NDArray {
  return reshapeOp(checkArray(x, 'copy'), { shape: x.shape })
}

/** Inserts an axis of extent 1 at `axis` of the result. */
export function expandDims(x: NDArray, axis: number): NDArray {
  const at = checkAxis(axis, checkArray(x, 'expandDims').ndim + 1, 'expandDims')
  return reshapeOp(x, { shape: [...x.shape.slice(0, at), 1, ...x.shape.slice(at)] })
}

/**
 * Removes axes of extent 1: those given, or all.
 *
 * @throws ValueError where a given axis is not 1
 */
export function squeeze(x: NDArray, axis?: number | readonly number[]): NDArray {
  checkArray(x, 'squeeze')
  const axes = axis === undefined ? [...x.shape.keys()].filter(i => x.shape[i] === 1) : checkAxes(axis, x.ndim, 'squeeze')
  if (axes.some(i => x.shape[i] !== 1)) {
    throw new ValueError(`cannot select an axis to squeeze out which has size not equal to one, got axis ${describe(axis)} of ${formatShape(x.shape)}`, { op: 'squeeze', shapes: [x.shape] })
  }
  return reshapeOp(x, { shape: x.shape.filter((_, i) => !axes.includes(i)) })
}
