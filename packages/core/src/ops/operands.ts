import { checkArray, isNDArray } from '../array-core.ts'
import type { DType } from '../dtype.ts'
import { checkArithmetic, floatType, promoteNumber, promoteTypes } from '../dtype.ts'
import { typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { describe } from '../shape.ts'
import { cast } from './cast.ts'
import { fillLike } from './fill.ts'

/** What arithmetic takes: an array or a plain number, whose dtype is weak. */
export type Operand = NDArray | number

const SCALAR: readonly number[] = []

const same = (dtype: DType): DType => dtype

/** Where a bool is a number, it is an int32. */
export function countType(dtype: DType): DType {
  return dtype === 'bool' ? 'int32' : dtype
}

function lift(value: number, beside: NDArray, dtype: DType): NDArray {
  return fillLike(beside, value, SCALAR, dtype)
}

function computable(x: unknown, op: string): NDArray {
  const array = checkArray(x, op)
  checkArithmetic(array.dtype, op)
  return array
}

/**
 * Brings two operands to arrays of one dtype by behaviour B-14.1.
 *
 * @param computeType the dtype to compute in, from the promoted one: floats for `/`
 * @throws TypeError unless at least one is an array and the other an array or a number
 */
export function unify(a: Operand, b: Operand, op: string, computeType: (dtype: DType) => DType = same): [NDArray, NDArray] {
  if (typeof b === 'number') {
    const x = computable(a, op)
    const dtype = computeType === floatType ? floatType(x.dtype) : computeType(promoteNumber(x.dtype, b))
    return [cast(x, dtype), lift(b, x, dtype)]
  }
  if (typeof a === 'number') {
    const y = computable(b, op)
    const dtype = computeType === floatType ? floatType(y.dtype) : computeType(promoteNumber(y.dtype, a))
    return [lift(a, y, dtype), cast(y, dtype)]
  }
  if (!isNDArray(a) || !isNDArray(b)) {
    throw typeError(`expected arrays or numbers, got ${describe(a)} and ${describe(b)}`, { op, hint: 'make an array with np.array(...)' })
  }
  if (a.dtype === b.dtype && computeType(a.dtype) === a.dtype) return [a, b]
  // Checked before the cast, which would take storage-only dtypes along.
  const dtype = computeType(promoteTypes(computable(a, op).dtype, computable(b, op).dtype))
  return [cast(a, dtype), cast(b, dtype)]
}

const UNSEEN = 'when the operation that made it ended'

/** Runs an operation of two unified operands, and drops the casts and scalars that were made for it. */
export function withUnified(run: (x: NDArray, y: NDArray) => NDArray, a: Operand, b: Operand, op: string, computeType: (dtype: DType) => DType = same): NDArray {
  if (isNDArray(a) && isNDArray(b) && a.dtype === b.dtype && computeType(a.dtype) === a.dtype) return run(a, b)
  const [x, y] = unify(a, b, op, computeType)
  try {
    return run(x, y)
  } finally {
    if (x !== a) x.release(UNSEEN)
    if (y !== b) y.release(UNSEEN)
  }
}

/** Runs an operation of one array in the dtype to compute in, and drops the cast that was made for it. */
export function withCast(run: (x: NDArray) => NDArray, x: NDArray, op: string, computeType: (dtype: DType) => DType = floatType): NDArray {
  const y = cast(computable(x, op), computeType(x.dtype))
  if (y === x) return run(y)
  try {
    return run(y)
  } finally {
    y.release(UNSEEN)
  }
}
