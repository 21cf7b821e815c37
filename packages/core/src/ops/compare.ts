import type { CompareKind } from '../backend.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { broadcastShapes, specOf } from '../shape.ts'
import { sumTo } from './broadcast.ts'
import { cast } from './cast.ts'
import type { BinaryFunction } from './elementwise.ts'
import { fillLike } from './fill.ts'
import type { Operand } from './operands.ts'
import { unify, withUnified } from './operands.ts'
import { checkArray } from '../array-core.ts'
import { within } from './within.ts'

function compare(kind: CompareKind): BinaryFunction {
  const run = defineOp<[NDArray, NDArray]>(kind, {
    arity: 2,
    infer: ([a, b]) => specOf(broadcastShapes(a.shape, b.shape, kind), 'bool'),
    kernel: (kernels, [a, b], _, out) => kernels.compare(kind, a, b, out),
  })
  return (a, b) => withUnified(run, a, b, kind)
}

/** `a == b` as bool; NaN equals nothing. */
export const eq: BinaryFunction = /* #__PURE__ */ compare('eq')
/** `a != b` as bool. */
export const ne: BinaryFunction = /* #__PURE__ */ compare('ne')
/** `a < b` as bool. */
export const lt: BinaryFunction = /* #__PURE__ */ compare('lt')
/** `a <= b` as bool. */
export const le: BinaryFunction = /* #__PURE__ */ compare('le')
/** `a > b` as bool. */
export const gt: BinaryFunction = /* #__PURE__ */ compare('gt')
/** `a >= b` as bool. */
export const ge: BinaryFunction = /* #__PURE__ */ compare('ge')

const whereOp = /* #__PURE__ */ defineOp<[NDArray, NDArray, NDArray]>('where', {
  arity: 3,
  infer: ([condition, a, b]) => specOf(broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape, 'where'), 'where'), a.dtype),
  kernel: (kernels, [condition, a, b], _, out) => kernels.where(condition, a, b, out),
  vjp: (g, [condition, a, b]) => [
    null,
    () => sumTo(where(condition, g, 0), a.shape),
    () => sumTo(where(condition, 0, g), b.shape),
  ],
})

/**
 * Elements of `a` where `condition` holds, of `b` elsewhere; all three broadcast, `a` and `b` are promoted to one dtype.
 * Two numbers give float32.
 */
export function where(condition: NDArray, a: Operand, b: Operand): NDArray {
  return within('where', () => {
    const test = cast(checkArray(condition, 'where'), 'bool')
    const [x, y] = typeof a !== 'number' || typeof b !== 'number' ? unify(a, b, 'where') : [fillLike(test, a, [], 'float32'), fillLike(test, b, [], 'float32')]
    return whereOp(test, x, y)
  })
}

/** Whether both are true (not zero). */
export function logicalAnd(a: NDArray, b: NDArray): NDArray {
  return within('logicalAnd', () => where(checkArray(a, 'logicalAnd'), cast(checkArray(b, 'logicalAnd'), 'bool'), fillLike(a, 0, [], 'bool')))
}

/** Whether either is true (not zero). */
export function logicalOr(a: NDArray, b: NDArray): NDArray {
  return within('logicalOr', () => where(checkArray(a, 'logicalOr'), fillLike(a, 1, [], 'bool'), cast(checkArray(b, 'logicalOr'), 'bool')))
}

/** Whether it is false (zero). */
export function logicalNot(x: NDArray): NDArray {
  return within('logicalNot', () => eq(x, 0))
}
