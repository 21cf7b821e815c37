import { allocate, decodeHalf, encodeHalf, isBigInt, isHalf } from '@ashlar/core'
import type { DType, TypedArray } from '@ashlar/core'
import type { Value, Values } from './reference/values.ts'

/** Numbers in a dtype's own typed array, whose elements are bits for float16 and bfloat16. */
export function stored(dtype: DType, values: Values): TypedArray {
  if (isHalf(dtype)) return encodeHalf(values.map(Number), dtype)
  const data = allocate(dtype, values.length)
  values.forEach((value, i) => (data[i] = (isBigInt(dtype) ? BigInt(value) : Number(value)) as never))
  return data
}

/** The numbers in a dtype's own typed array. */
export function elementsOf(data: TypedArray, dtype: DType): Value[] {
  return Array.from((isHalf(dtype) ? decodeHalf(data, dtype) : data) as ArrayLike<Value>)
}
