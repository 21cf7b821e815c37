import { checkArray } from '../array-core.ts'
import { AshlarError, ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkAxis, formatShape, sizeOf } from '../shape.ts'
import { matmul } from './linear-algebra.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

/**
 * The sum of products over several axes: the last `axes` of `a` with the first of `b`, or the two lists of axes.
 *
 * @throws AshlarError where the summed extents differ
 */
export function tensordot(a: NDArray, b: NDArray, axes: number | readonly [readonly number[] | number, readonly number[] | number] = 2): NDArray {
  const [p, q] = [checkArray(a, 'tensordot').ndim, checkArray(b, 'tensordot').ndim]
  const listed = typeof axes === 'number'
    ? [Array.from({ length: axes }, (_, i) => p - axes + i), Array.from({ length: axes }, (_, i) => i)]
    : axes.map(list => (typeof list === 'number' ? [list] : [...list]))
  const left = listed[0]!.map(axis => checkAxis(axis, p, 'tensordot'))
  const right = listed[1]!.map(axis => checkAxis(axis, q, 'tensordot'))
  if (left.length !== right.length) throw new ValueError(`${left.length} axes of the first, ${right.length} of the second`, { op: 'tensordot' })
  if (left.some((axis, i) => a.shape[axis] !== b.shape[right[i]!])) {
    throw new AshlarError(`summed extents differ: axes ${left.join(', ')} of ${formatShape(a.shape)} with ${right.join(', ')} of ${formatShape(b.shape)}`, { op: 'tensordot', shapes: [a.shape, b.shape] })
  }
  const restLeft = [...a.shape.keys()].filter(axis => !left.includes(axis))
  const restRight = [...b.shape.keys()].filter(axis => !right.includes(axis))
  const k = sizeOf(left.map(axis => a.shape[axis]!))
  const [m, n] = [sizeOf(restLeft.map(axis => a.shape[axis]!)), sizeOf(restRight.map(axis => b.shape[axis]!))]
  const product = matmul(reshape(transpose(a, [...restLeft, ...left]), [m, k]), reshape(transpose(b, [...right, ...restRight]), [k, n]))
  return reshape(product, [...restLeft.map(axis => a.shape[axis]!), ...restRight.map(axis => b.shape[axis]!)])
}
