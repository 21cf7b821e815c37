import { DTYPES, isBigInt, isFloat, sizeOf } from '@ashlar/core'
import type { DType, Shape, TypedArray } from '@ashlar/core'
import { stored } from './elements.ts'

/** A seeded source of shapes and values. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  pick<T>(list: readonly T[]): T
  /** Extents from 0 (now and then) to 4. */
  shape(rank: number): number[]
  /** Elements of a dtype: floats are multiples of 1/8 from -4 to 4, so that ties are common and sums exact. */
  values(dtype: DType, shape: Shape): TypedArray
}

/** The mulberry32 generator (Tommy Ettinger, public domain): 32 bits of state suffice to vary shapes. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A generator that gives the same numbers for the same seed. */
export function randomFrom(seed: number): Random {
  const next = mulberry32(seed)
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    int,
    pick: list => list[int(0, list.length - 1)]!,
    shape: rank => Array.from({ length: rank }, () => (next() < 0.04 ? 0 : int(1, 4))),
    values(dtype, shape) {
      return stored(dtype, Array.from({ length: sizeOf(shape) }, () => (isBigInt(dtype) ? bigint(int) : number(dtype, int))))
    },
  }
}

function number(dtype: DType, int: (low: number, high: number) => number): number {
  if (dtype === 'bool') return int(0, 1)
  if (isFloat(dtype)) return int(-32, 32) / 8
  return DTYPES[dtype].signed ? int(-9, 9) : int(0, 9)
}

function bigint(int: (low: number, high: number) => number): bigint {
  return (BigInt(int(-(2 ** 31), 2 ** 31 - 1)) << 32n) | BigInt(int(0, 2 ** 32 - 1))
}
