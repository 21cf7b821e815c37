import { DTYPES, isFloat } from '@ashlar/core'
import type { DType } from '@ashlar/core'
import { convert } from '../reference/values.ts'
import type { Values } from '../reference/values.ts'

const ALL = Object.keys(DTYPES) as DType[]

export const allDTypes: readonly DType[] = ALL
export const floatDTypes: readonly DType[] = ALL.filter(isFloat)
/** Those with arithmetic, bool left out: what a sum of bools is is core's business, which casts first. */
export const numberDTypes: readonly DType[] = ALL.filter(dtype => DTYPES[dtype].arithmetic && dtype !== 'bool')
export const integerDTypes: readonly DType[] = numberDTypes.filter(dtype => !isFloat(dtype))

/** Values as a dtype holds them, with what it cannot hold wrapped. */
export function as(dtype: DType, values: Values): Values {
  return values.map(value => convert(value, dtype))
}

/** The least and the greatest value of an integer dtype. */
export function limits(dtype: DType): Values {
  const { bits, signed } = DTYPES[dtype]
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n
  return as(dtype, [low, low - 1n])
}
