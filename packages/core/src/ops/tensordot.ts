import { checkArray } from '../array-core.ts'
import { AshlarError, ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkAxis, checkShape, describe, formatShape, sameShape, sizeOf, specOf } from '../shape.ts'
import { checkBeside } from './index-range.ts'
import { matmul } from './linear-algebra.ts'
import { unify } from './operands.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'
import { within } from './within.ts'

type Axes = number | readonly [readonly number[] | number, readonly number[] | number]

/** The axes that are not summed over. */
const restOf = (x: NDArray, summed: readonly number[]): number[] => [...x.shape.keys()].filter(axis => !summed.includes(axis))
const extentsOf = (x: NDArray, axes: readonly number[]): number[] => axes.map(axis => x.shape[axis]!)

const tensordotOp = /* #__PURE__ */ defineOp<[NDArray, NDArray], { axes: readonly [readonly number[], readonly number[]] }>('tensordot', {
  arity: 2,
  infer: ([a, b], { axes: [left, right] }) => {
    if (!sameShape(extentsOf(a, left), extentsOf(b, right))) {
      throw new AshlarError(`summed extents differ: axes ${left.join(', ')} of ${formatShape(a.shape)} with ${right.join(', ')} of ${formatShape(b.shape)}`, { op: 'tensordot', shapes: [a.shape, b.shape] })
    }
    return specOf(checkShape([...extentsOf(a, restOf(a, left)), ...extentsOf(b, restOf(b, right))], 'tensordot'), a.dtype)
  },
  compose: ([a, b], { axes: [left, right] }) => {
    const [restLeft, restRight] = [restOf(a, left), restOf(b, right)]
    const [m, k, n] = [sizeOf(extentsOf(a, restLeft)), sizeOf(extentsOf(a, left)), sizeOf(extentsOf(b, restRight))]
    const product = matmul(reshape(transpose(a, [...restLeft, ...left]), [m, k]), reshape(transpose(b, [...right, ...restRight]), [k, n]))
    return reshape(product, [...extentsOf(a, restLeft), ...extentsOf(b, restRight)])
  },
})

/**
 * The sum of products over several axes: the last `axes` of `a` with the first of `b`, or the two lists of axes.
 *
 * @throws AshlarError where the summed extents differ
 */
export function tensordot(a: NDArray, b: NDArray, axes: Axes = 2): NDArray {
  checkBeside(checkArray(a, 'tensordot'), b, 'tensordot')
  return within('tensordot', () => tensordotOp(...unify(a, b, 'tensordot'), { axes: listed(a, b, axes) }))
}

/** The axes to sum over, of either operand. */
function listed(a: NDArray, b: NDArray, axes: Axes): [number[], number[]] {
  const [p, q] = [a.ndim, b.ndim]
  if (typeof axes === 'number') {
    if (!Number.isInteger(axes) || axes < 0 || axes > p || axes > q) {
      throw new ValueError(`cannot sum over ${axes} axes of ${formatShape(a.shape)} and ${formatShape(b.shape)}`, { op: 'tensordot', shapes: [a.shape, b.shape] })
    }
    return [Array.from({ length: axes }, (_, i) => p - axes + i), Array.from({ length: axes }, (_, i) => i)]
  }
  if (!Array.isArray(axes) || axes.length !== 2) {
    throw typeError(`axes are a whole number or two lists, got ${describe(axes)}`, { op: 'tensordot', hint: 'write [[axes of the first], [axes of the second]]' })
  }
  // In the order that they were given, which pairs them.
  const [left, right] = [a, b].map((x, i) => {
    const list = axes[i] as unknown
    const all = (Array.isArray(list) ? list : [list]).map(axis => checkAxis(axis, x.ndim, 'tensordot'))
    if (new Set(all).size !== all.length) throw new ValueError(`duplicate value in axes ${describe(list)}`, { op: 'tensordot' })
    return all
  }) as [number[], number[]]
  if (left.length !== right.length) throw new ValueError(`${left.length} axes of the first, ${right.length} of the second`, { op: 'tensordot', shapes: [a.shape, b.shape] })
  return [left, right]
}
