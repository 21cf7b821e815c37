import { expect } from 'vitest'
import type { NDArray, Nested } from '@ashlar/core'

/** The elements as numbers, in C order. */
export function flat(x: NDArray): number[] {
  return Array.from(x.toTypedArray() as ArrayLike<number | bigint>, Number)
}

/** How far two numbers may be apart. */
export interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/** The first position where two lists differ, as text, or null. NaN agrees with NaN, infinities with their like. */
export function firstDifference(actual: readonly number[], expected: readonly number[], { rtol, atol }: Tolerance): string | null {
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`
  for (const [i, value] of actual.entries()) {
    const wanted = expected[i]!
    if (Object.is(value, wanted) || (Number.isNaN(value) && Number.isNaN(wanted))) continue
    if (Number.isFinite(wanted) && Math.abs(value - wanted) <= atol + rtol * Math.abs(wanted)) continue
    return `element ${i} is ${value} instead of ${wanted}`
  }
  return null
}

/** Expects an array of that shape whose elements are close. */
export function expectClose(x: NDArray, shape: readonly number[], values: readonly number[], tolerance: Tolerance = { rtol: 0, atol: 0 }): void {
  expect([...x.shape]).toEqual([...shape])
  expect(firstDifference(flat(x), values, tolerance)).toBeNull()
}

/** Expects exactly these nested lists. */
export function expectList(x: NDArray, list: Nested): void {
  expect(x.tolist()).toEqual(list)
}
