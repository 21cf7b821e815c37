import { NotImplementedError, RuntimeError, ValueError } from '@ashlar/core'
import type { DType, DeviceMemory, TypedArray } from '@ashlar/core'
import type { Program } from '../source/program.ts'
import type { GpujsEngine, GpujsKernel, KernelArgument, Texture } from './gpujs.ts'
import type { LaunchArgument, Results } from './instances.ts'
import { Instances, argumentsFor } from './instances.ts'
import { LostContext } from './lost-context.ts'
import { emptyHandle, toHost } from './memory.ts'
import type { Handle, Owner, Pending } from './memory.ts'
import { Queue, resolved } from './queue.ts'
import { Textures, bytesOf } from './textures.ts'

/** The results of a mode of gpu.js. */
export function resultsOf(mode: string): Results {
  return mode === 'webgpu' ? 'promises' : mode === 'webasm' || mode === 'cpu' ? 'host' : 'textures'
}

/**
 * Compiles kernels once and launches them. Kernels are never destroyed: gpu.js frees the textures they gave out with them.
 */
export class Launcher implements Owner {
  readonly #mode: string
  readonly #results: Results
  readonly #instances: Instances
  readonly #checked: WeakSet<GpujsKernel['kernel']> = new WeakSet()
  readonly #textures: Textures
  readonly #context: LostContext
  readonly #queue: Queue = new Queue()

  /** @param name what errors call the context */
  constructor(engine: GpujsEngine, mode: string, name: string) {
    this.#mode = mode
    this.#results = resultsOf(mode)
    this.#instances = new Instances(engine, this.#results)
    this.#textures = new Textures(engine)
    this.#context = new LostContext(engine, name)
  }

  /**
   * Runs the program of that name.
   *
   * @param name names the program, its rank and its variant: one name, one source
   * @param make makes the program, if it is not known yet
   * @param values what the program's parameters get
   * @param size how many elements come out
   * @throws RuntimeError if gpu.js ran it in another mode than asked for, or the context is lost; ValueError for an array of another context
   */
  run(name: string, make: () => Program, values: readonly LaunchArgument[], size: number): Handle {
    if (size === 0) return emptyHandle()
    for (const value of values) if (typeof value !== 'number') this.#checkOwn(value, name)
    return this.#launch(name, make, values, size)
  }

  /** Copies a host array into a texture. Kernels then see textures only: one that sees two types of argument computes wrong values. */
  upload(host: KernelArgument, size: number): Handle {
    const handle = this.#launch('upload', () => ({ parameters: ['x'], body: 'return x[this.thread.x];' }), [host], size)
    if (this.#results === 'textures') this.#textures.shrinkInput(handle.kernel!)
    return handle
  }

  /** A handle for elements that stay in host memory. */
  keep(data: Float32Array): Handle {
    return { data, length: data.length, owner: this, kernel: null }
  }

  /** The elements, in the dtype's own typed array. */
  download(handle: Handle, dtype: DType): TypedArray {
    const { data, length } = this.#checkOwn(handle, 'download')
    if (data instanceof Float32Array) return toHost(data, length, dtype)
    if (this.#results === 'promises') throw new NotImplementedError(`mode ${this.#mode} reads asynchronously only`, { op: 'gpujs', hint: 'await x.toTypedArrayAsync()' })
    return toHost(this.#context.guard(() => this.#read(data as Texture)), length, dtype)
  }

  /** The same in time: where kernels answer with promises, behind those that were launched before. */
  async downloadAsync(handle: Handle, dtype: DType): Promise<TypedArray> {
    const { data, length } = this.#checkOwn(handle, 'download')
    if (this.#results !== 'promises' || data instanceof Float32Array) return this.download(handle, dtype)
    // The read has begun in its turn; the launches behind it need not wait for its end.
    const { reading } = await this.#queue.add(() => ({ reading: this.#context.guardAsync(async () => resolved(data as Pending).toArray()) }))
    return toHost(await reading, length, dtype)
  }

  /** The last name of a result is gone. */
  release(handle: Handle): void {
    const { data, kernel } = handle
    if (data instanceof Float32Array) return
    const bytes = this.bytes(handle)
    this.#textures.count(-1, bytes)
    // What was lost with its context cannot be deleted, and need not be.
    if (this.#context.lost) return
    if (!('error' in data)) return this.#textures.free(kernel!, data, bytes)
    void this.#queue.add(() => {
      if (data.texture !== null) this.#textures.free(kernel!, data.texture, bytes)
    })
  }

  /** What a handle takes on the GPU. */
  bytes({ data, length }: Handle): number {
    return data instanceof Float32Array || 'error' in data ? 4 * length : bytesOf(data, length)
  }

  get counts(): DeviceMemory {
    return this.#textures.counts
  }

  #launch(name: string, make: () => Program, values: readonly (LaunchArgument | KernelArgument)[], size: number): Handle {
    if (this.#results === 'promises') return this.#launchLater(name, make, values, size)
    return this.#context.guard(() => {
      const instance = this.#instances.find(name, make, values as readonly LaunchArgument[], size)
      const { kernel } = instance
      const data = kernel(...argumentsFor(instance, values, argumentOf)) as Float32Array | Texture
      this.#checkMode(name, kernel)
      if (!(data instanceof Float32Array)) {
        this.#textures.made(kernel)
        this.#textures.count(1, bytesOf(data, size))
      }
      return { data, length: size, owner: this, kernel }
    })
  }

  #launchLater(name: string, make: () => Program, values: readonly (LaunchArgument | KernelArgument)[], size: number): Handle {
    this.#context.check()
    const pending: Pending = { texture: null, error: null }
    const instance = this.#instances.find(name, make, values as readonly LaunchArgument[], size)
    const { kernel } = instance
    void this.#queue.add(async () => {
      try {
        pending.texture = await this.#context.guardAsync(async () => {
          kernel.setOutput([size])
          const texture = (await kernel(...argumentsFor(instance, values, argumentOf))) as Texture
          this.#checkMode(name, kernel)
          this.#textures.made(kernel)
          return texture
        })
      } catch (error) {
        pending.error = error
      }
    })
    const handle = { data: pending, length: size, owner: this, kernel }
    this.#textures.count(1, this.bytes(handle))
    return handle
  }

  #read(texture: Texture): Float32Array {
    const floats = texture.toArray() as Float32Array
    this.#textures.detachRead()
    return floats
  }

  #checkOwn(handle: Handle, op: string): Handle {
    if (handle.owner === this || handle.owner === null) return handle
    throw new ValueError(`an array of another context of gpu.js cannot be read in ${this.#context.name}`, { op, hint: 'copy it over: x.copyto(context)' })
  }

  /** gpu.js falls back to its cpu mode in silence, by another inside of the same kernel. */
  #checkMode(name: string, { kernel }: GpujsKernel): void {
    if (this.#checked.has(kernel)) return
    const { mode } = kernel.constructor
    // All WebGL kernels call their mode gpu.
    if (mode === (this.#results === 'textures' ? 'gpu' : this.#mode) && (kernel.fallbackReason ?? null) === null) {
      this.#checked.add(kernel)
      return
    }
    const reason = kernel.fallbackReason ?? 'gpu.js does not say why'
    throw new RuntimeError(`gpu.js ran the kernel '${name}' in mode ${mode}, not in ${this.#mode} (${reason})`, {
      op: 'gpujs', hint: `report it, and use gpujs({ mode: 'cpu' }) until it is mended`,
    })
  }
}

/** What gpu.js takes for an argument. */
function argumentOf(value: LaunchArgument | KernelArgument): KernelArgument {
  if (typeof value === 'number' || !('owner' in value)) return value
  const { data } = value
  return data instanceof Float32Array || !('error' in data) ? data : resolved(data)
}
