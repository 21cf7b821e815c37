import { Float16Array } from '@petamoriken/float16'
import type { DType, TypedArray } from './dtype.ts'

// float16 and bfloat16 are kept as their bits, in Uint16Array: not every engine has a Float16Array.

/** The value of every float16 bit pattern; filled when first needed. */
let halves: Float32Array | null = null

function halfValues(): Float32Array {
  return (halves ??= Float32Array.from(new Float16Array(Uint16Array.from({ length: 65536 }, (_, i) => i).buffer)))
}

/** bfloat16 is the upper half of a float32; the nearest, halves to even. NaN stays NaN. */
function encodeBfloat16(values: ArrayLike<number>): Uint16Array {
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  return Uint16Array.from(bits, word => ((word & 0x7fffffff) > 0x7f800000 ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16))
}

function decodeBfloat16(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, word => word << 16).buffer)
}

/** The numbers that the bits of float16 and bfloat16 stand for, as float32; other dtypes' elements come back as they are. */
export function decodeHalf(data: TypedArray, dtype: DType): TypedArray {
  if (dtype === 'bfloat16') return decodeBfloat16(data as Uint16Array)
  if (dtype !== 'float16') return data
  const values = halfValues()
  return Float32Array.from(data as Uint16Array, bits => values[bits]!)
}

/** Numbers as the bits of float16 or bfloat16: the nearest, halves to even. */
export function encodeHalf(values: ArrayLike<number>, dtype: DType): Uint16Array {
  return dtype === 'bfloat16' ? encodeBfloat16(values) : new Uint16Array(new Float16Array(values).buffer as ArrayBuffer)
}
