import type { TypedArray } from '@ashlar/core'
import type { Engine } from '../wasm/engine.ts'

/**
 * Memory for one call of a WebAssembly kernel: scratch, and room for arrays that lie elsewhere. Where there is no memory left, {@link full}
 * tells so, and the call is another kernel's.
 */
export class Workspace {
  /** Whether something that was asked for is missing. */
  full = false
  readonly #engine: Engine
  readonly #blocks: { readonly address: number; readonly bytes: number }[] = []
  readonly #results: { readonly address: number; readonly array: TypedArray }[] = []

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** The address of so many bytes. */
  take(wanted: number): number {
    // In steps of a quarter of a power of two, so that sizes meet again.
    const step = 2 ** Math.max(29 - Math.clz32(wanted), 6)
    const bytes = Math.max(Math.ceil(wanted / step) * step, 64)
    const address = this.#engine.heap.take(bytes)
    if (address === 0) this.full = true
    else this.#blocks.push({ address, bytes })
    return address
  }

  /** Where an array can be read. */
  input(x: TypedArray): number {
    if (this.#engine.owns(x)) return x.byteOffset
    const address = this.take(x.byteLength)
    if (address !== 0) this.#view(address, x).set(x as Float32Array)
    return address
  }

  /** Where an array can be written; {@link end} brings its contents. */
  output(x: TypedArray): number {
    if (this.#engine.owns(x)) return x.byteOffset
    const address = this.take(x.byteLength)
    if (address !== 0) this.#results.push({ address, array: x })
    return address
  }

  /** 32-bit words at an address of their own. */
  words(count: number): { address: number; integers: Int32Array; floats: Float32Array } {
    const address = this.take(count * 4)
    const buffer = this.#engine.buffer as ArrayBuffer
    return { address, integers: new Int32Array(buffer, address, count), floats: new Float32Array(buffer, address, count) }
  }

  /** Brings results to arrays that lie elsewhere, where the call was made, and gives all memory back. */
  end(called: boolean): boolean {
    if (called) for (const { address, array } of this.#results) (array as Float32Array).set(this.#view(address, array))
    for (const { address, bytes } of this.#blocks) this.#engine.heap.give(address, bytes)
    return called
  }

  #view(address: number, like: TypedArray): Float32Array {
    return new (like.constructor as Float32ArrayConstructor)(this.#engine.buffer as ArrayBuffer, address, like.length)
  }
}
