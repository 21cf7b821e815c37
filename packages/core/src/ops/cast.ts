import type { DType } from '../dtype.ts'
import { checkArray } from '../array-core.ts'
import { checkArithmetic, checkDType, floatType } from '../dtype.ts'
import type { NDArray } from '../ndarray.ts'
import { castOp } from '../op.ts'
import { copy } from './reshape.ts'

/**
 * The same elements in another dtype. Floats to integers truncate towards zero; anything to bool is `!= 0`.
 *
 * @returns another array, where the dtype stays too
 * @throws TypeError for an unknown dtype
 */
export function astype(x: NDArray, dtype: DType): NDArray {
  return checkArray(x, 'astype').dtype === dtype ? copy(x) : cast(x, dtype)
}

/** What {@link astype} does, but `x` itself where it has the dtype already: for intermediate results. */
export function cast(x: NDArray, dtype: DType): NDArray {
  return x.dtype === dtype ? x : castOp(x, { dtype: checkDType(dtype, 'astype') })
}

/**
 * `x` in the dtype in which `/` and transcendental functions compute: integers and bools become float32.
 *
 * @throws TypeError for what is no array, and for storage-only dtypes
 */
export function toFloat(x: NDArray, op: string): NDArray {
  checkArithmetic(checkArray(x, op).dtype, op)
  return cast(x, floatType(x.dtype))
}
