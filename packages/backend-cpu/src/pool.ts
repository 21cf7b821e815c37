import type { DType, DeviceMemory, TypedArray } from '@ashlar/core'
import { DTYPES, allocate, isBigInt, itemSize } from '@ashlar/core'

/** How results' memory is reused. */
export interface PoolOptions {
  /** The most that live and idle pool memory may take, in bytes; every buffer is charged 256 more. Default 128 MB. */
  readonly poolBytes?: number
  /** Overwrite freed memory, so that a use after the end shows: for tests. */
  readonly poison?: boolean
}

/** Up to here an array lives in garbage-collected memory: reusing it would cost more than making it. */
const SMALL = 256
const SLAB_BYTES = 4096
const CHARGE = 256
const DEFAULT_BYTES = 128 * 2 ** 20

/** Bytes rounded up so that four sizes lie between powers of two: a fifth is lost at most, and sizes meet again. */
function sizeClass(bytes: number): number {
  const step = 2 ** Math.max(Math.floor(Math.log2(bytes)) - 2, 6)
  return Math.ceil(bytes / step) * step
}

/**
 * Memory for results. Making a typed array costs more than the arithmetic on a middle-sized one, so freed memory is used
 * again. The pool is a cache: past its budget the oldest live buffer is left to the garbage collector, and the array that
 * names it never notices.
 */
export class Pool {
  #budget = DEFAULT_BYTES
  #poison = false
  /** Live memory with its charge, oldest first. */
  readonly #live = new Map<ArrayBuffer, number>()
  readonly #idle = new Map<number, ArrayBuffer[]>()
  #liveBytes = 0
  #idleBytes = 0
  #idleBuffers = 0
  #moved = 0
  #peak = 0
  #slab: ArrayBuffer = new ArrayBuffer(SLAB_BYTES)
  #slabUsed = 0

  configure(options: PoolOptions): void {
    this.#budget = options.poolBytes ?? this.#budget
    this.#poison = options.poison ?? this.#poison
    this.#makeRoom(0)
  }

  /** What the pool holds; small arrays and moved ones are the garbage collector's. */
  get counts(): DeviceMemory {
    return {
      live: { buffers: this.#live.size, bytes: this.#liveBytes },
      idle: { buffers: this.#idleBuffers, bytes: this.#idleBytes },
      moved: this.#moved,
      peak: this.#peak,
    }
  }

  /** Memory for `size` elements whose contents are left over from anything; the caller writes all of them. */
  acquire(dtype: DType, size: number): TypedArray {
    if (size <= SMALL) return this.#small(dtype, size)
    const bytes = sizeClass(size * itemSize(dtype))
    if (bytes + CHARGE > this.#budget) return allocate(dtype, size)
    const memory = this.#reuse(bytes) ?? this.#fresh(bytes)
    this.#live.set(memory, bytes + CHARGE)
    this.#liveBytes += bytes + CHARGE
    if (this.#liveBytes > this.#peak) this.#peak = this.#liveBytes
    return view(dtype, memory, 0, size)
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
    const memory = handle.buffer as ArrayBuffer
    const charge = this.#live.get(memory)
    if (charge === undefined) return
    this.#live.delete(memory)
    this.#liveBytes -= charge
    if (this.#poison) new Uint8Array(memory).fill(0xff)
    const bytes = charge - CHARGE
    const idle = this.#idle.get(bytes)
    if (idle === undefined) this.#idle.set(bytes, [memory])
    else idle.push(memory)
    this.#idleBytes += charge
    this.#idleBuffers++
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

  #reuse(bytes: number): ArrayBuffer | undefined {
    const memory = this.#idle.get(bytes)?.pop()
    if (memory === undefined) return undefined
    this.#idleBytes -= bytes + CHARGE
    this.#idleBuffers--
    return memory
  }

  #fresh(bytes: number): ArrayBuffer {
    this.#makeRoom(bytes + CHARGE)
    return new ArrayBuffer(bytes)
  }

  /** Leaves the oldest live buffers to the garbage collector; idle memory goes where it takes up more than a quarter. */
  #makeRoom(charge: number): void {
    if (this.#idleBytes > this.#budget / 4) this.#dropIdle()
    for (const [memory, held] of this.#live) {
      if (this.#liveBytes + this.#idleBytes + charge <= this.#budget) return
      this.#live.delete(memory)
      this.#liveBytes -= held
      this.#moved++
    }
    if (this.#idleBytes + charge > this.#budget) this.#dropIdle()
  }

  #dropIdle(): void {
    this.#idle.clear()
    this.#idleBytes = 0
    this.#idleBuffers = 0
  }
}

function view(dtype: DType, memory: ArrayBuffer, start: number, size: number): TypedArray {
  const ArrayClass = DTYPES[dtype].array as unknown as new (memory: ArrayBuffer, start: number, size: number) => TypedArray
  return new ArrayClass(memory, start, size)
}

/** The pool of this process: there is one host memory. */
export const pool: Pool = /* #__PURE__ */ new Pool()
