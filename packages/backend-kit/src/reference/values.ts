import { DTYPES, decodeHalf, encodeHalf, isFloat, isHalf } from '@ashlar/core'
import type { DType, Shape, Spec, Tensor } from '@ashlar/core'

/** An element on the host: a bigint for int64 and uint64, else a number. */
export type Value = number | bigint
/** What the reference keeps an array in: a plain list. */
export type Values = readonly Value[]
export type ReferenceTensor = Tensor<Values>

/** A value as an element of that dtype: rounded, truncated and wrapped, or compared with 0. NaN and infinities become 0 in integers. */
export function convert(value: Value, dtype: DType): Value {
  if (dtype === 'bool') return Number(value) === 0 ? 0 : 1
  if (dtype === 'float64') return Number(value)
  if (isHalf(dtype)) return decodeHalf(encodeHalf([Number(value)], dtype), dtype)[0]!
  if (dtype === 'float32') return Math.fround(Number(value))
  if (typeof value === 'number' && !Number.isFinite(value)) return dtype === 'int64' || dtype === 'uint64' ? 0n : 0
  const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(value))
  const { bits, signed } = DTYPES[dtype]
  const wrapped = signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole)
  return bits === 64 ? wrapped : Number(wrapped)
}

/** Every index of a shape, in C order. */
export function indicesOf(shape: Shape): number[][] {
  let indices: number[][] = [[]]
  for (const extent of shape) {
    indices = indices.flatMap(index => Array.from({ length: extent }, (_, i) => [...index, i]))
  }
  return indices
}

/** Where an index lies in C order. */
export function position(shape: Shape, index: readonly number[]): number {
  let at = 0
  shape.forEach((extent, axis) => (at = at * extent + index[axis]!))
  return at
}

/** The element at an index. */
export function at(x: ReferenceTensor, index: readonly number[]): Value {
  return x.handle[position(x.shape, index)]!
}

/** The element that broadcasting puts at an index of a larger shape. */
export function atBroadcast(x: ReferenceTensor, index: readonly number[]): Value {
  const own = index.slice(index.length - x.shape.length)
  return at(x, own.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)))
}

/** An output, element by element. */
export function build(out: Spec, element: (index: readonly number[]) => Value): Values {
  return indicesOf(out.shape).map(index => convert(element(index), out.dtype))
}

/** Runs a function of numbers on floats, and one of bigints, which are exact, on integers. */
export function compute(dtype: DType, values: Values, float: (...x: number[]) => Value, integer: (...x: bigint[]) => Value): Value {
  return isFloat(dtype) ? float(...values.map(Number)) : integer(...values.map(BigInt))
}
