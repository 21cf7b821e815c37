import { allocate } from '@ashlar/core'
import type { DType, TypedArray } from '@ashlar/core'
import type { Texture } from './gpujs.ts'

/**
 * Where an array's elements are, floats whatever the dtype: in a texture of its own on a GPU, else in host memory.
 * gpu.js knows no empty arrays, so one of no elements never reaches it.
 */
export interface Handle {
  readonly data: Float32Array | Texture
  readonly length: number
}

/** An array of no elements. */
export function emptyHandle(): Handle {
  return { data: new Float32Array(0), length: 0 }
}

/** Host elements as floats, copied. Integers beyond 2^24 are rounded to a float's 24 bits. */
export function toFloats(data: TypedArray): Float32Array {
  return Float32Array.from(data as Float32Array)
}

/** A handle's elements in the dtype's own typed array, copied. */
export function toHost({ data, length }: Handle, dtype: DType): TypedArray {
  const floats = data instanceof Float32Array ? data : data.toArray()
  const host = allocate(dtype, length)
  if (dtype !== 'int32') {
    // A texture may read back longer than its output; a typed array's `set` converts.
    host.set((floats.length === length ? floats : floats.subarray(0, length)) as never)
    return host
  }
  // The largest integer is stored as 2^31, which a plain conversion would wrap to the least: integers saturate.
  for (let i = 0; i < length; i++) host[i] = Math.max(-2147483648, Math.min(floats[i]!, 2147483647))
  return host
}

/** Gives a texture back; host memory is collected. */
export function release({ data }: Handle): void {
  if (!(data instanceof Float32Array)) data.delete()
}
