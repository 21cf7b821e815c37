import { setWarningHandler } from '@ashlar/core'
import type { DType, TypedArray } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { Pool } from '../src/pool.ts'
import { Heap } from '../src/wasm/heap.ts'
import { generator } from './support/work.ts'

const START = 4096
const SLACK = 64

interface Block {
  readonly address: number
  readonly bytes: number
}

function heapOf(maximum: number, initial = 1): Heap {
  return new Heap(new WebAssembly.Memory({ initial, maximum, shared: true }))
}

describe('the heap', () => {
  it.each([1, 2, 3, 4, 5])('blocks never overlap, all is used again, and the accounts are right (seed %i)', seed => {
    const next = generator(seed)
    const heap = heapOf(96)
    heap.enough = seed % 2 === 0 ? 2 ** 21 : Infinity
    const sizes = Array.from({ length: 12 }, () => 64 * (1 + Math.floor(next() ** 3 * 3000)))
    let live: Block[] = []
    let refused = 0
    for (let step = 0; step < 6000; step++) {
      // Phases in which it fills up, and phases in which it empties.
      if (live.length === 0 || next() < (step % 1000 < 600 ? 0.7 : 0.3)) {
        const bytes = next() < 0.8 ? sizes[Math.floor(next() * sizes.length)]! : 64 * (1 + Math.floor(next() * 900))
        const address = heap.take(bytes)
        if (address === 0) refused++
        else live.push({ address, bytes })
      } else {
        const [block] = live.splice(Math.floor(next() * live.length), 1)
        heap.give(block!.address, block!.bytes)
      }
      if (step % 50 === 0) check(heap, live)
    }
    expect(refused).toBeGreaterThan(0)
    for (const { address, bytes } of live) heap.give(address, bytes)
    live = []
    check(heap, live)
    // Once nothing is in use, all of it is one piece again.
    const whole = 96 * 65536 - START - SLACK
    expect(heap.take(whole)).toBe(START)
    check(heap, [{ address: START, bytes: whole }])
  })

  function check(heap: Heap, live: readonly Block[]): void {
    const sorted = live.toSorted((a, b) => a.address - b.address)
    let end = START
    for (const { address, bytes } of sorted) {
      expect(address % 64).toBe(0)
      expect(address).toBeGreaterThanOrEqual(end)
      end = address + bytes
    }
    // Kernels read a vector beyond an array's end.
    expect(end + SLACK).toBeLessThanOrEqual(heap.memory.buffer.byteLength)
    expect(heap.idle.bytes + live.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(heap.extent)
  }

  it('grows by what is missing, and not at all while there is something to use again', () => {
    const heap = heapOf(1000)
    const pages = (): number => heap.memory.buffer.byteLength / 65536
    expect(heap.take(65536 - START - SLACK)).toBe(START)
    expect(pages()).toBe(1)
    const block = heap.take(64)
    expect(pages()).toBe(2)
    heap.take(10 * 65536)
    expect(pages()).toBe(12)
    heap.give(block, 64)
    for (let i = 0; i < 100; i++) heap.give(heap.take(64), 64)
    expect(pages()).toBe(12)
  })

  it('below what is enough it takes new memory, above it cuts and joins what is free', () => {
    const heap = heapOf(1000)
    heap.enough = 8192
    const [a, b, c] = [heap.take(1024), heap.take(1024), heap.take(1024)]
    heap.give(b, 1024)
    expect(heap.take(512)).toBe(c + 1024)
    heap.take(512)
    expect(heap.take(512)).toBe(b)
    heap.give(b, 512)
    heap.give(a, 1024)
    expect(heap.take(2048)).toBe(a)
    expect(heap.idle).toEqual({ buffers: 0, bytes: 0 })
  })

  it('says 0 where it cannot grow, and goes on with what it has', () => {
    const heap = heapOf(2)
    const block = heap.take(65536)
    expect(heap.take(65536)).toBe(0)
    expect(heap.take(2 ** 40)).toBe(0)
    heap.give(block, 65536)
    expect(heap.take(65536)).toBe(block)
  })
})

describe('the pool', () => {
  const DTYPES: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool', 'int64', 'float16']

  it.each([1, 2, 3])('arrays never share memory, poison shows a use after the end, and the counts are true (seed %i)', seed => {
    const next = generator(seed)
    const pool = new Pool()
    pool.configure({ poolBytes: 2 ** 16, poison: true })
    const live: { readonly array: TypedArray; readonly mark: number }[] = []
    let [beyond, most] = [0, 0]
    for (let step = 0; step < 3000; step++) {
      if (live.length === 0 || next() < (step % 500 < 300 ? 0.7 : 0.3)) {
        const dtype = DTYPES[Math.floor(next() * DTYPES.length)]!
        const size = 1 + Math.floor(next() ** 4 * 30_000)
        const array = next() < 0.5 ? pool.acquire(dtype, size) : pool.acquireZeros(dtype, size)
        expect(array.length).toBe(size)
        const mark = step % 100
        fill(array, mark)
        live.push({ array, mark })
        if (size > 256 && !pool.holds(array)) beyond++
      } else {
        const [{ array, mark }] = live.splice(Math.floor(next() * live.length), 1) as [(typeof live)[0]]
        expect(array.every(value => Number(value) === mark)).toBe(true)
        const held = pool.holds(array)
        pool.release(array)
        if (held) expect(new Uint8Array(array.buffer, array.byteOffset, array.byteLength).every(byte => byte === 255)).toBe(true)
      }
      if (step % 100 === 0) count()
    }
    expect(beyond).toBeGreaterThan(0)
    for (const { array, mark } of live.splice(0)) {
      expect(array.every(value => Number(value) === mark)).toBe(true)
      pool.release(array)
    }
    count()
    expect(pool.counts.live).toEqual({ buffers: 0, bytes: 0 })

    function count(): void {
      const held = live.filter(({ array }) => pool.holds(array))
      const bytes = held.reduce((sum, { array }) => sum + array.byteLength, 0)
      const { live: counted, peak } = pool.counts
      most = Math.max(most, counted.bytes)
      expect(counted.buffers).toBe(held.length)
      expect(counted.bytes).toBeGreaterThanOrEqual(bytes)
      // A fifth at most is lost to rounding, beside 64 bytes.
      expect(counted.bytes).toBeLessThanOrEqual(bytes * 1.25 + held.length * 64)
      expect(peak).toBeGreaterThanOrEqual(most)
    }
  })

  function fill(array: TypedArray, mark: number): void {
    if (array instanceof BigInt64Array || array instanceof BigUint64Array) array.fill(BigInt(mark))
    else array.fill(mark)
  }

  it('uses the memory of a freed array again, for any dtype of its size', () => {
    const pool = new Pool()
    const first = pool.acquire('float32', 1000)
    pool.release(first)
    const second = pool.acquire('int32', 1000)
    expect([second.buffer === first.buffer, second.byteOffset]).toEqual([true, first.byteOffset])
    pool.release(second)
  })

  it('leaves what is larger than its budget to the garbage collector, and small arrays always', () => {
    const pool = new Pool()
    pool.configure({ poolBytes: 2 ** 20 })
    const [large, small, held] = [pool.acquire('float64', 2 ** 18), pool.acquire('float64', 256), pool.acquire('float64', 257)]
    expect([large, small, held].map(array => pool.holds(array))).toEqual([false, false, true])
    expect(large.every(value => value === 0)).toBe(true)
    expect(pool.counts.live.buffers).toBe(1)
    for (const array of [large, small, held]) pool.release(array)
    expect(pool.counts.live).toEqual({ buffers: 0, bytes: 0 })
  })

  it('memory that is nowhere to be had is a MemoryError, and all stays as it was', () => {
    const warnings: string[] = []
    setWarningHandler(message => void warnings.push(message))
    const pool = new Pool()
    pool.configure({ poolBytes: 2 ** 60 })
    const before = pool.acquire('float32', 1000).fill(7 as never)
    const counts = pool.counts
    const size = 2 ** 45
    expect(() => pool.acquire('float64', size)).toThrow(expect.objectContaining({ name: 'MemoryError', message: `[cpu] there are not ${size * 8} bytes for ${size} elements of float64; dispose of what is no longer needed` }))
    expect(() => pool.acquireZeros('float64', size)).toThrow('there are not')
    expect(pool.counts.live).toEqual(counts.live)
    expect(before.every(value => value === 7)).toBe(true)
    pool.release(before)
    setWarningHandler()
    expect(warnings.length).toBe(1)
    expect(warnings[0]).toMatch(/^WebAssembly memory cannot grow beyond \d+ bytes: what does not fit lies in ordinary memory/)
  })
})
