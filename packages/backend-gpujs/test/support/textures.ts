import { createRequire } from 'node:module'
import type { GLContext, GpujsEngine, GpujsKernel, GpujsModule, KernelArgument, KernelSettings, Texture } from '../../src/engine/gpujs.ts'

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
  /** Takes all contexts that are there away, as drivers do: what is asked of them comes to nothing. */
  lose(): void
}

const real = createRequire(import.meta.url)('gpu.js') as GpujsModule

/**
 * gpu.js with its cpu mode behind textures that are counted: what uses one after it was deleted, or deletes it twice, throws.
 *
 * @param options `promises`: mode webgpu, whose kernels and reads answer with promises
 */
export function texturesOnCpu(options: { readonly promises?: boolean } = {}): TextureLog {
  const { promises = false } = options
  const log: TextureLog = { load: async () => ({ GPU, input: real.input }), launches: [], live: 0, setOutputs: 0, lose: () => contexts.forEach(context => (context.lost = true)) }
  const contexts: { lost: boolean; isContextLost(): boolean }[] = []

  class CountedTexture implements Texture {
    #data: Float32Array | null
    readonly engine: GPU
    constructor(data: Float32Array, engine: GPU) {
      this.#data = data
      this.engine = engine
      log.live++
    }
    get elements(): Float32Array {
      if (this.#data === null) throw new Error('this texture was deleted')
      return this.#data
    }
    toArray(): Float32Array | Promise<Float32Array> {
      return promises ? Promise.resolve(this.elements) : this.engine.context.lost ? this.elements.map(() => 0) : this.elements
    }
    delete(): void {
      if (this.engine.context.lost) throw new Error('this texture was lost')
      void this.elements
      this.#data = null
      log.live--
    }
  }

  class GPU implements GpujsEngine {
    static readonly isWebGL2Supported = !promises
    static readonly isWebGPUSupported = promises
    static readonly isWebGPUAvailable = async (): Promise<boolean> => promises
    static readonly isWebAssemblySupported = true
    readonly #inner: GpujsEngine = new real.GPU({ mode: 'cpu' })
    readonly context: GLContext & { lost: boolean }
    constructor() {
      const context = { lost: false, isContextLost: (): boolean => context.lost }
      contexts.push(context)
      this.context = context as never
    }

    createKernel(source: string, settings: KernelSettings): GpujsKernel {
      const inner = this.#inner.createKernel(source, settings)
      const launch = (...values: KernelArgument[]): Texture | Promise<Texture> => {
        log.launches.push({ source, settings, values })
        const plain = values.map(value => {
          if (!(value instanceof CountedTexture)) return value
          if (value.engine !== this) throw new Error('must be from same context')
          return value.elements
        })
        const result = new CountedTexture(inner(...plain) as Float32Array, this)
        // Some take longer than others.
        return promises ? new Promise(resolve => (log.launches.length % 50 === 0 ? setTimeout(resolve, 0, result) : resolve(result))) : result
      }
      return Object.assign(launch, {
        kernel: { constructor: { mode: promises ? 'webgpu' : 'gpu' } },
        destroy() {
          throw new Error('a kernel was destroyed, and with it the textures that it gave out')
        },
        setOutput(extents: readonly number[]) {
          log.setOutputs++
          inner.setOutput(extents)
        },
      })
    }
  }
  return log
}
