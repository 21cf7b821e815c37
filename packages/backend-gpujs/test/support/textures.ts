import { createRequire } from 'node:module'
import type { GpujsEngine, GpujsKernel, GpujsModule, KernelArgument, KernelSettings, Texture } from '../../src/engine/gpujs.ts'

/** One launch of a kernel, as the stand-in saw it. */
export interface Launch {
  readonly source: string
  readonly settings: KernelSettings
  readonly values: readonly KernelArgument[]
}

/** What a stand-in for WebGL has seen. */
export interface TextureLog {
  readonly load: () => Promise<unknown>
  readonly launches: Launch[]
  /** Textures given out and not deleted yet. */
  live: number
  setOutputs: number
}

const real = createRequire(import.meta.url)('gpu.js') as GpujsModule

/** gpu.js with its cpu mode behind textures that are counted: what uses one after it was deleted, or deletes it twice, throws. */
export function texturesOnCpu(): TextureLog {
  const log: TextureLog = { load: async () => ({ GPU, input: real.input }), launches: [], live: 0, setOutputs: 0 }

  class CountedTexture implements Texture {
    #data: Float32Array | null
    constructor(data: Float32Array) {
      this.#data = data
      log.live++
    }
    get elements(): Float32Array {
      if (this.#data === null) throw new Error('this texture was deleted')
      return this.#data
    }
    toArray(): Float32Array {
      return this.elements
    }
    delete(): void {
      void this.elements
      this.#data = null
      log.live--
    }
  }

  class GPU implements GpujsEngine {
    static readonly isWebGL2Supported = true
    static readonly isWebAssemblySupported = true
    readonly #inner: GpujsEngine = new real.GPU({ mode: 'cpu' })

    createKernel(source: string, settings: KernelSettings): GpujsKernel {
      const inner = this.#inner.createKernel(source, settings)
      const launch = (...values: KernelArgument[]): Texture => {
        log.launches.push({ source, settings, values })
        const plain = values.map(value => (value instanceof CountedTexture ? value.elements : value))
        return new CountedTexture(inner(...plain) as Float32Array)
      }
      return Object.assign(launch, {
        kernel: { constructor: { mode: 'gpu' } },
        setOutput(extents: readonly number[]) {
          log.setOutputs++
          inner.setOutput(extents)
        },
      })
    }
  }
  return log
}
