import type { Tensor, TypedArray } from '@ashlar/core'

/**
 * The engine compiles an element access for the kinds of typed array that it has met at that place: one is fastest, two
 * to four cost a branch an element, and from five on every access is a generic lookup, about fifty times slower.
 * So every loop of this package takes one of the two families below, never both.
 */
export type Floats = Float32Array | Float64Array
/** Int8Array, Int32Array and Uint8Array (uint8 and bool): see {@link Floats}. */
export type Integers = Int32Array | Uint8Array | Int8Array

/** An array as the kernels here see it. */
export type HostTensor = Tensor<TypedArray>

/** Turns anything but 0 into 1, in place: integer arithmetic on bools ends with it. */
export function toTruth(values: Integers): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i] === 0 ? 0 : 1
}

/**
 * Writes all of `source` to the start of `target`, converting as typed arrays do: natively, and alike fast for all pairs
 * of dtypes. Both hold numbers, or both bigints; the type system cannot say that of a union, hence the casts.
 */
export function copyInto(target: TypedArray, source: TypedArray): void {
  ;(target as Float64Array).set(source as Float64Array)
}
