import { encodeHalf, isBigInt, isHalf } from '@ashlar/core'
import type { Spec, TypedArray } from '@ashlar/core'
import { pool } from '../pool.ts'

/** A new array of one value, converted as `cast` converts: truncated and wrapped for integers, `!= 0` for bool. */
export function fill(value: number, out: Spec): TypedArray {
  if (Object.is(value, 0)) return pool.acquireZeros(out.dtype, out.size)
  const handle = pool.acquire(out.dtype, out.size)
  if (isHalf(out.dtype)) (handle as Uint16Array).fill(encodeHalf([value], out.dtype)[0]!)
  else if (isBigInt(out.dtype)) (handle as BigInt64Array).fill(toBigInt(value))
  else (handle as Float64Array).fill(out.dtype === 'bool' ? Number(value !== 0) : value)
  return handle
}

/** Truncates; what has no whole part (NaN, infinities) becomes 0, as it does in every other integer array. */
export function toBigInt(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
}
