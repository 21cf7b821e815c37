import { DTYPES, isFloat, isHalf } from '@ashlar/core'
import type { DType } from '@ashlar/core'
import { convert } from '../reference/values.ts'
import type { Values } from '../reference/values.ts'

/** Whole numbers that float32 holds up to here, with all their neighbours. */
export const EXACT_INTEGERS: number = 2 ** 24
const ALL = Object.keys(DTYPES) as DType[]

export const allDTypes: readonly DType[] = ALL
export const floatDTypes: readonly DType[] = ALL.filter(dtype => isFloat(dtype) && !isHalf(dtype))
/** Those with kernels for arithmetic; bool and float16, which core casts first, are left out. */
export const numberDTypes: readonly DType[] = ALL.filter(dtype => DTYPES[dtype].arithmetic && dtype !== 'bool' && !isHalf(dtype))
export const integerDTypes: readonly DType[] = numberDTypes.filter(dtype => !isFloat(dtype))

/** Values as a dtype holds them, with what it cannot hold wrapped. */
export function as(dtype: DType, values: Values): Values {
  return values.map(value => convert(value, dtype))
}

/** The ends of an integer dtype, or for int32 those of what every engine holds exactly: the rest is in large-integers.ts. */
export function extremes(dtype: DType): Values {
  return dtype === 'int32' ? [EXACT_INTEGERS - 1, EXACT_INTEGERS, -EXACT_INTEGERS] : limits(dtype)
}

/** The least and the greatest value of an integer dtype. */
export function limits(dtype: DType): Values {
  const { bits, signed } = DTYPES[dtype]
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n
  return as(dtype, [low, low - 1n])
}
