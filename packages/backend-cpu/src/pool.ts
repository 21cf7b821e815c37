import type { DType, DeviceMemory, TypedArray } from '@ashlar/core'
import { DTYPES, MemoryError, allocate, isBigInt, itemSize, warn } from '@ashlar/core'
import { engine } from './wasm/engine.ts'

/** How results' memory is reused. */
export interface PoolOptions {
  /** The most that live pool memory may take, in bytes; every buffer is charged 256 more. Default 128 MiB. Larger arrays never enter it. */
  readonly poolBytes?: number
  /** Overwrite freed memory, so that a use after the end shows: for tests. */
  readonly poison?: boolean
}

/** Up to here an array lives in garbage-collected memory: using memory again would cost more than making it. */
export const SMALL = 256
const SLAB_BYTES = 4096
const DEFAULT_BYTES = 128 * 2 ** 20

/** Bytes rounded up so that four sizes lie between powers of two: a fifth is lost at most, and sizes meet again. */
function sizeClass(bytes: number): number {
  const step = 2 ** Math.max(29 - Math.clz32(bytes), 6)
  return Math.ceil(bytes / step) * step
}

/**
 * Memory for results. Small arrays are views on slabs that the garbage collector ends; all others lie in WebAssembly memory, where
 * the fast kernels work, and their memory is used again once it is released. Where there is no such memory (left), the
 * garbage collector's serves.
 */
export class Pool {
  #poison = false
  #budget = DEFAULT_BYTES
  #live = 0
  #liveBytes = 0
  #peak = 0
  #slab: ArrayBuffer = new ArrayBuffer(SLAB_BYTES)
  #slabUsed = 0
  #warned = false

  configure(options: PoolOptions): void {
    this.#budget = options.poolBytes ?? this.#budget
    this.#poison = options.poison ?? this.#poison
  }

  /** The most that live memory may take before the oldest moves to garbage-collected memory. */
  get budget(): number {
    // Room for what the next operation makes, before anything moves; more of it once the gaps between blocks have cost too much.
    const scattered = (engine()?.heap.extent ?? 0) > this.#budget
    return this.#budget * (scattered ? 0.5 : 0.75)
  }

  /** Whether an array lies in the pool; all others are the garbage collector's. */
  holds(handle: TypedArray): boolean {
    if (handle.length <= SMALL) return false
    const memory = engine()
    return memory !== null && memory.owns(handle)
  }

  /** What the pool holds; small arrays are the garbage collector's. */
  get counts(): DeviceMemory {
    const { buffers, bytes } = engine()?.heap.idle ?? { buffers: 0, bytes: 0 }
    return { live: { buffers: this.#live, bytes: this.#liveBytes }, idle: { buffers, bytes }, moved: 0, peak: this.#peak }
  }

  /**
   * Memory for `size` elements whose contents are left over from anything; the caller writes all of them.
   *
   * @throws MemoryError where there is none
   */
  acquire(dtype: DType, size: number): TypedArray {
    if (size <= SMALL) return this.#small(dtype, size)
    const bytes = sizeClass(size * itemSize(dtype))
    const memory = engine()
    if (memory === null || bytes > this.#budget) return collected(dtype, size)
    memory.heap.enough = this.#budget
    const address = memory.heap.take(bytes)
    if (address === 0) {
      this.#warn(memory.buffer.byteLength)
      return collected(dtype, size)
    }
    this.#live++
    this.#liveBytes += bytes
    if (this.#liveBytes > this.#peak) this.#peak = this.#liveBytes
    return view(dtype, memory.buffer, address, size)
  }

  /** Memory for `size` zeros. */
  acquireZeros(dtype: DType, size: number): TypedArray {
    if (size <= SMALL) return this.#small(dtype, size)
    const memory = this.acquire(dtype, size)
    ;(memory as Float64Array).fill((isBigInt(dtype) ? 0n : 0) as number)
    return memory
  }

  /** The last name of this memory is gone. */
  release(handle: TypedArray): void {
    const memory = engine()
    if (memory === null || !memory.owns(handle)) return
    const bytes = sizeClass(handle.byteLength)
    if (this.#poison) new Uint8Array(handle.buffer, handle.byteOffset, handle.byteLength).fill(0xff)
    this.#live--
    this.#liveBytes -= bytes
    memory.heap.give(handle.byteOffset, bytes)
  }

  #warn(bytes: number): void {
    if (this.#warned) return
    this.#warned = true
    warn(`WebAssembly memory cannot grow beyond ${bytes} bytes: what does not fit lies in ordinary memory, where operations are slower; dispose of what is no longer needed`, { category: 'ResourceWarning' })
  }

  /** Views on a shared slab: eight times cheaper than a buffer each. A slab is never used twice, so it holds zeros. */
  #small(dtype: DType, size: number): TypedArray {
    const bytes = (size * itemSize(dtype) + 7) & ~7
    if (this.#slabUsed + bytes > SLAB_BYTES) {
      this.#slab = new ArrayBuffer(SLAB_BYTES)
      this.#slabUsed = 0
    }
    const start = this.#slabUsed
    this.#slabUsed += bytes
    return view(dtype, this.#slab, start, size)
  }
}

function collected(dtype: DType, size: number): TypedArray {
  try {
    return allocate(dtype, size)
  } catch (cause) {
    throw new MemoryError(`there are not ${size * itemSize(dtype)} bytes for ${size} elements of ${dtype}`, { op: 'cpu', hint: 'dispose of what is no longer needed', cause })
  }
}

function view(dtype: DType, memory: ArrayBufferLike, start: number, size: number): TypedArray {
  const ArrayClass = DTYPES[dtype].array as unknown as new (memory: ArrayBufferLike, start: number, size: number) => TypedArray
  return new ArrayClass(memory, start, size)
}

/** The pool of this process: there is one host memory. */
export const pool: Pool = /* #__PURE__ */ new Pool()
