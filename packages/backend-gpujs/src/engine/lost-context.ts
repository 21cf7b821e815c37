import { RuntimeError } from '@ashlar/core'
import type { GpujsEngine } from './gpujs.ts'

// What headless GL and gpu.js's WebGPU say once there is no context any more.
const LOST = /invalid gl context|(context|device) was lost|context lost/iu

/** Notices that a GPU's context is gone, with all that lies in it: drivers take it away, and so may a browser. It never comes back. */
export class LostContext {
  readonly name: string
  readonly #engine: GpujsEngine
  #lost = false

  constructor(engine: GpujsEngine, name: string) {
    this.#engine = engine
    this.name = name
  }

  /** Whether it was seen to be gone. */
  get lost(): boolean {
    return (this.#lost ||= this.#engine.context?.isContextLost?.() === true)
  }

  /** @throws RuntimeError if it is gone */
  check(): void {
    if (this.lost) throw this.#error()
  }

  /** Does something with the context. What comes out where it was lost meanwhile is zeros, so it is asked afterwards. */
  guard<T>(work: () => T): T {
    this.check()
    let result: T
    try {
      result = work()
    } catch (error) {
      throw this.#explain(error)
    }
    this.check()
    return result
  }

  /** The same in time. */
  async guardAsync<T>(work: () => Promise<T>): Promise<T> {
    this.check()
    try {
      return await work()
    } catch (error) {
      throw this.#explain(error)
    }
  }

  #explain(error: unknown): unknown {
    if (error instanceof Error && LOST.test(error.message)) this.#lost = true
    return this.lost ? this.#error(error) : error
  }

  #error(cause?: unknown): RuntimeError {
    const error = new RuntimeError(`${this.name} was lost, and all arrays in it with it`, {
      op: 'gpujs', hint: `register anew, unregisterBackend('gpujs') and await registerBackend(gpujs()), and load parameters from where they were saved`,
    })
    return cause === undefined ? error : Object.assign(error, { cause })
  }
}
