import { checkArray } from '../array-core.ts'
import { checkArithmetic, floatType, isFloat } from '../dtype.ts'
import type { NDArray } from '../ndarray.ts'
import { broadcastShapes, checkAxes, checkOptions, sameShape } from '../shape.ts'
import { add, mul, sub } from './arithmetic.ts'
import { sumOp } from './broadcast.ts'
import { cast } from './cast.ts'
import { eq, le, logicalOr, lt, ne, where } from './compare.ts'
import { fillLike } from './fill.ts'
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

/** Whether each element is NaN, as bool. */
export function isnan(x: NDArray): NDArray {
  return within('isnan', () => ne(computable(x, 'isnan'), x))
}

/** Whether each element is infinite, as bool; integers never are. */
export function isinf(x: NDArray): NDArray {
  return within('isinf', () => (isFloat(computable(x, 'isinf').dtype) ? eq(abs(x), Infinity) : fillLike(x, 0, x.shape, 'bool')))
}

/** Whether each element is a number and not infinite, as bool. */
export function isfinite(x: NDArray): NDArray {
  return within('isfinite', () => (isFloat(computable(x, 'isfinite').dtype) ? lt(abs(x), Infinity) : fillLike(x, 1, x.shape, 'bool')))
}

/** How far apart numbers may be: `|a - b| <= atol + rtol |b|`. */
export interface CloseOptions {
  /** Default 1e-5. */
  readonly rtol?: number
  /** Default 1e-8. */
  readonly atol?: number
  /** Whether NaN is close to NaN. */
  readonly equalNan?: boolean
}

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
  const [x, y] = operands(a, b, op)
  const close = logicalOr(eq(x, y), where(isfinite(y), le(abs(sub(x, y)), add(mul(abs(y), rtol), atol)), fillLike(y, 0, [], 'bool')))
  return equalNan ? logicalOr(close, where(isnan(x), isnan(y), fillLike(y, 0, [], 'bool'))) : close
}

function operands(a: NDArray, b: Operand, op: string): [NDArray, NDArray] {
  if (typeof b !== 'number') checkBeside(computable(a, op), computable(b, op), op)
  const [x, y] = unify(a, b, op, floatType)
  broadcastShapes(x.shape, y.shape, op)
  return [x, y]
}

/** Whether all elements are close (see {@link isclose}): a bool array of no axes. In an `if`, write `.item()`. */
export function allclose(a: NDArray, b: Operand, options: CloseOptions = {}): NDArray {
  return within('allclose', () => all(near(a, b, options, 'allclose')))
}

/** Whether both have one shape and equal elements: a bool array of no axes. In an `if`, write `.item()`. NaN equals nothing. */
export function arrayEqual(a: NDArray, b: NDArray): NDArray {
  checkBeside(computable(a, 'arrayEqual'), computable(b, 'arrayEqual'), 'arrayEqual')
  return within('arrayEqual', () => (sameShape(a.shape, b.shape) ? all(eq(a, b)) : fillLike(a, 0, [], 'bool')))
}

/** How many elements are true (not zero), as int32. */
export function countNonzero(x: NDArray, options: ReduceOptions = {}): NDArray {
  return within('countNonzero', () => {
    const axes = checkAxes(checkOptions(options, 'countNonzero').axis, computable(x, 'countNonzero').ndim, 'countNonzero')
    return sumOp(cast(cast(x, 'bool'), 'int32'), { axes, keepdims: options.keepdims ?? false })
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
