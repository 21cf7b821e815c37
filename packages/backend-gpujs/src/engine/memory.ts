import { allocate } from '@ashlar/core'
import type { DType, TypedArray } from '@ashlar/core'
import type { GpujsKernel, Texture } from './gpujs.ts'

/** What gave out a handle, and takes it back. */
export interface Owner {
  release(handle: Handle): void
}

/** A result that comes when the launches before it have run, or why it never will. */
export interface Pending {
  texture: Texture | null
  error: unknown
}

/**
 * Where an array's elements are, floats whatever the dtype: in a texture of its own on a GPU, else in host memory.
 * gpu.js knows no empty arrays, so one of no elements never reaches it.
 */
export interface Handle {
  readonly data: Float32Array | Texture | Pending
  readonly length: number
  /** The context that it lies in, which no other can read; null for an array of no elements. */
  readonly owner: Owner | null
  /** What wrote it. */
  readonly kernel: GpujsKernel | null
}

/** An array of no elements. */
export function emptyHandle(): Handle {
  return { data: new Float32Array(0), length: 0, owner: null, kernel: null }
}

/** Host elements as floats, copied. Integers beyond 2^24 are rounded to a float's 24 bits. */
export function toFloats(data: TypedArray): Float32Array {
  return Float32Array.from(data as Float32Array)
}

/** That many elements, read as floats, in the dtype's own typed array, copied. */
export function toHost(floats: Float32Array, length: number, dtype: DType): TypedArray {
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
export function release(handle: Handle): void {
  handle.owner?.release(handle)
}
