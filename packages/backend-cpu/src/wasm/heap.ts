const PAGE = 65536
/** Nothing lies below: control words, and a place that no array has. */
const START = 4096
/** What stays free at the end, because kernels read whole vectors, beyond what they need. */
const SLACK = 64

/**
 * Blocks of WebAssembly memory. Blocks of one size are used again as they are. Where there is none of a size, memory that was never
 * used serves, up to what is {@link enough}; then a larger block is cut; then free neighbours are joined; and only then more memory is used.
 */
export class Heap {
  readonly memory: WebAssembly.Memory
  readonly #free = new Map<number, number[]>()
  /** Whether anything was given back since neighbours were last joined. */
  #given = false
  /** Where what was never used begins. */
  #top = START
  /** Up to here the memory is used before what is free is joined. */
  enough: number = Infinity

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory
  }

  /** Bytes from the first block to the last: those in use, and those that are idle. */
  get extent(): number {
    return this.#top - START
  }

  /** The address of `bytes` (a multiple of 64), or 0 where the memory cannot grow that far. */
  take(bytes: number): number {
    // More is in use than should be: blocks at the end that are free again go back first.
    if (this.#top > this.enough) this.#join()
    const address = this.#free.get(bytes)?.pop()
    if (address !== undefined) return address
    return (this.#top + bytes <= this.enough ? this.#extend(bytes) : 0) || this.#cut(bytes) || (this.#join() ? this.#cut(bytes) : 0) || this.#extend(bytes)
  }

  /** What is free to be used again. */
  get idle(): { buffers: number; bytes: number } {
    let buffers = 0
    let bytes = 0
    for (const [size, addresses] of this.#free) {
      buffers += addresses.length
      bytes += size * addresses.length
    }
    return { buffers, bytes }
  }

  give(address: number, bytes: number): void {
    this.#given = true
    const list = this.#free.get(bytes)
    if (list === undefined) this.#free.set(bytes, [address])
    else list.push(address)
  }

  /** Takes from what was never used; within what the memory has already, or by letting it grow. */
  #extend(bytes: number): number {
    const missing = this.#top + bytes + SLACK - this.memory.buffer.byteLength
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE))
      } catch {
        return 0
      }
    }
    const address = this.#top
    this.#top += bytes
    return address
  }

  /** Joins free neighbours, and gives those at the end back to what was never used; false where nothing can have changed. */
  #join(): boolean {
    if (!this.#given) return false
    const blocks = [...this.#free].flatMap(([bytes, addresses]) => addresses.map(address => ({ address, bytes }))).sort((a, b) => a.address - b.address)
    this.#free.clear()
    let last: { address: number; bytes: number } | null = null
    for (const block of blocks) {
      if (last !== null && last.address + last.bytes === block.address) last.bytes += block.bytes
      else {
        if (last !== null) this.give(last.address, last.bytes)
        last = block
      }
    }
    if (last !== null && last.address + last.bytes === this.#top) this.#top = last.address
    else if (last !== null) this.give(last.address, last.bytes)
    this.#given = false
    return true
  }

  /** The smallest free block that is large enough, cut to size; 0 where there is none. */
  #cut(bytes: number): number {
    let best = Infinity
    for (const [size, list] of this.#free) if (size >= bytes && size < best && list.length > 0) best = size
    if (best === Infinity) return 0
    const address = this.#free.get(best)!.pop()!
    if (best > bytes) this.give(address + bytes, best - bytes)
    return address
  }
}
