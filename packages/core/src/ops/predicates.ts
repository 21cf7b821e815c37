import { checkArray } from '../array-core.ts'
import { checkArithmetic, floatType, isFloat } from '../dtype.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { broadcastShapes, checkAxes, checkOptions, reducedShape, sameShape, specOf } from '../shape.ts'
import { add, mul, sub } from './arithmetic.ts'
import type { ReduceAttributes } from './broadcast.ts'
import { sumOp } from './broadcast.ts'
import { cast } from './cast.ts'
import { eq, le, logicalOr, lt, ne, where } from './compare.ts'
import type { UnaryFunction } from './elementwise.ts'
import { fillLike } from './fill.ts'
import { hostData } from './host-data.ts'
import { truePositions } from './host.ts'
import { checkBeside } from './index-range.ts'
import { stack } from './joining.ts'
import { abs } from './math.ts'
import type { Operand } from './operands.ts'
import { unify } from './operands.ts'
import type { ReduceOptions } from './reduce.ts'
import { all } from './reduce.ts'
import { checkNumber, within } from './within.ts'

function computable(x: NDArray, op: string): NDArray {
  checkArithmetic(checkArray(x, op).dtype, op)
  return x
}

/** Defines a question to each element; `integers` is the answer for those that are no floats. */
function asked(name: string, ask: (x: NDArray) => NDArray, integers: 0 | 1): UnaryFunction {
  const run = defineOp(name, {
    constant: true,
    infer: ([x]) => specOf(x.shape, 'bool'),
    compose: ([x]) => (isFloat(x.dtype) ? ask(x) : fillLike(x, integers, x.shape, 'bool')),
  })
  return x => within(name, () => run(computable(x, name)))
}

/** Whether each element is NaN, as bool. */
export const isnan: UnaryFunction = /* #__PURE__ */ asked('isnan', x => ne(x, x), 0)
/** Whether each element is infinite, as bool; integers never are. */
export const isinf: UnaryFunction = /* #__PURE__ */ asked('isinf', x => eq(abs(x), Infinity), 0)
/** Whether each element is a number and not infinite, as bool. */
export const isfinite: UnaryFunction = /* #__PURE__ */ asked('isfinite', x => lt(abs(x), Infinity), 1)

/** How far apart numbers may be: `|a - b| <= atol + rtol |b|`. */
export interface CloseOptions {
  /** Default 1e-5. */
  readonly rtol?: number
  /** Default 1e-8. */
  readonly atol?: number
  /** Whether NaN is close to NaN. */
  readonly equalNan?: boolean
}

/** Both are floats of one dtype. */
const iscloseOp = /* #__PURE__ */ defineOp<[NDArray, NDArray], Required<CloseOptions>>('isclose', {
  arity: 2,
  constant: true,
  infer: ([x, y]) => specOf(broadcastShapes(x.shape, y.shape, 'isclose'), 'bool'),
  compose: ([x, y], { rtol, atol, equalNan }) => {
    const no = fillLike(y, 0, [], 'bool')
    const close = logicalOr(eq(x, y), where(isfinite(y), le(abs(sub(x, y)), add(mul(abs(y), rtol), atol)), no))
    return equalNan ? logicalOr(close, where(isnan(x), isnan(y), no)) : close
  },
})

/**
 * Whether elements are close, as bool: `|a - b| <= atol + rtol |b|`, the two broadcast. Infinities are close to themselves.
 *
 * @throws AshlarError where the shapes do not match
 */
export function isclose(a: NDArray, b: Operand, options: CloseOptions = {}): NDArray {
  return within('isclose', () => near(a, b, options, 'isclose'))
}

function near(a: NDArray, b: Operand, options: CloseOptions, op: string): NDArray {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = checkOptions(options, op)
  for (const [name, value] of [['rtol', rtol], ['atol', atol]]) checkNumber(value, name as string, op)
  return iscloseOp(...operands(a, b, op), { rtol, atol, equalNan: Boolean(equalNan) })
}

function operands(a: NDArray, b: Operand, op: string): [NDArray, NDArray] {
  if (typeof b !== 'number') checkBeside(computable(a, op), computable(b, op), op)
  const [x, y] = unify(a, b, op, floatType)
  broadcastShapes(x.shape, y.shape, op)
  return [x, y]
}

/** What an array of one truth says, for an `if`. @throws NotImplementedError where it cannot be read at once */
function decided(truth: NDArray, op: string): boolean {
  return hostData(truth, op)[0] !== 0
}

/**
 * Whether all elements are close (see {@link isclose}).
 *
 * @throws NotImplementedError on a device that is read asynchronously: there it is `await isclose(a, b).all().itemAsync()`
 */
export function allclose(a: NDArray, b: Operand, options: CloseOptions = {}): boolean {
  return within('allclose', () => decided(all(near(a, b, options, 'allclose')), 'allclose'))
}

/**
 * Whether both have one shape and equal elements; NaN equals nothing.
 *
 * @throws NotImplementedError on a device that is read asynchronously: there it is `await a.eq(b).all().itemAsync()`
 */
export function arrayEqual(a: NDArray, b: NDArray): boolean {
  checkBeside(computable(a, 'arrayEqual'), computable(b, 'arrayEqual'), 'arrayEqual')
  return within('arrayEqual', () => sameShape(a.shape, b.shape) && decided(all(eq(a, b)), 'arrayEqual'))
}

const countOp = /* #__PURE__ */ defineOp<[NDArray], ReduceAttributes>('countNonzero', {
  constant: true,
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), 'int32'),
  compose: ([x], attributes) => sumOp(cast(cast(x, 'bool'), 'int32'), attributes),
})

/** How many elements are true (not zero), as int32. */
export function countNonzero(x: NDArray, options: ReduceOptions = {}): NDArray {
  return within('countNonzero', () => {
    const axes = checkAxes(checkOptions(options, 'countNonzero').axis, computable(x, 'countNonzero').ndim, 'countNonzero')
    return countOp(x, { axes, keepdims: options.keepdims ?? false })
  })
}

/**
 * The positions of true (not zero) elements, one a row: int32 of shape (found, rank).
 *
 * @throws ValueError for a scalar
 */
export function argwhere(x: NDArray): NDArray {
  return within('argwhere', () => stack(truePositions(x, 'argwhere'), { axis: 1 }))
}
