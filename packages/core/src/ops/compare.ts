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

/** Defines a function of two truths. */
function logical(name: string, join: (a: NDArray, b: NDArray) => NDArray): (a: NDArray, b: NDArray) => NDArray {
  const run = defineOp<[NDArray, NDArray]>(name, {
    arity: 2,
    constant: true,
    infer: ([a, b]) => specOf(broadcastShapes(a.shape, b.shape, name), 'bool'),
    compose: ([a, b]) => join(a, b),
  })
  return (a, b) => within(name, () => run(cast(checkArray(a, name), 'bool'), cast(checkArray(b, name), 'bool')))
}

/** Whether both are true (not zero). */
export const logicalAnd: (a: NDArray, b: NDArray) => NDArray = /* #__PURE__ */ logical('logicalAnd', (a, b) => where(a, b, fillLike(a, 0, [], 'bool')))
/** Whether either is true (not zero). */
export const logicalOr: (a: NDArray, b: NDArray) => NDArray = /* #__PURE__ */ logical('logicalOr', (a, b) => where(a, fillLike(a, 1, [], 'bool'), b))

const notOp = /* #__PURE__ */ defineOp<[NDArray]>('logicalNot', {
  constant: true,
  infer: ([x]) => specOf(x.shape, 'bool'),
  compose: ([x]) => eq(x, 0),
})

/** Whether it is false (zero). */
export function logicalNot(x: NDArray): NDArray {
  return within('logicalNot', () => notOp(x))
}
