import { RuntimeError } from '@ashlar/core'
import { helpersOf } from '../source/functions/index.ts'
import { sourceOf } from '../source/program.ts'
import type { Program } from '../source/program.ts'
import type { GpujsEngine, GpujsKernel, KernelArgument } from './gpujs.ts'
import { emptyHandle } from './memory.ts'
import type { Handle } from './memory.ts'

/** What a kernel is launched with: arrays, which must not be empty, and numbers. */
export type LaunchArgument = Handle | number

/** Sizes for which a kernel gets an instance of its own on a GPU; programs of more varied shapes share one. */
const INSTANCES = 64

/**
 * Compiles kernels once and launches them. Kernels are never destroyed: gpu.js frees the textures they gave out with them.
 */
export class Launcher {
  readonly #engine: GpujsEngine
  readonly #mode: string
  readonly #textures: boolean
  readonly #kernels: Map<string, GpujsKernel> = new Map()
  readonly #sizes: Map<string, number> = new Map()

  /** @param textures whether kernels give textures, on which changing an instance's output size is slow and leaks */
  constructor(engine: GpujsEngine, mode: string, textures: boolean) {
    this.#engine = engine
    this.#mode = mode
    this.#textures = textures
  }

  /**
   * Runs the program of that name.
   *
   * @param name names the program, its rank and its variant: one name, one source
   * @param make makes the program, if it is not known yet
   * @param values what the program's parameters get
   * @param size how many elements come out
   * @throws RuntimeError if gpu.js ran it in another mode than asked for
   */
  run(name: string, make: () => Program, values: readonly LaunchArgument[], size: number): Handle {
    if (size === 0) return emptyHandle()
    const kernel = this.#kernelOf(name, make, size)
    const data = kernel(...values.map(value => (typeof value === 'number' ? value : value.data)))
    this.#checkMode(name, kernel)
    return { data, length: size }
  }

  /** Copies a host array into a texture. Kernels then see textures only: one that sees two types of argument computes wrong values. */
  upload(host: KernelArgument, size: number): Handle {
    const kernel = this.#kernelOf('upload', () => ({ parameters: ['x'], body: 'return x[this.thread.x];' }), size)
    const data = kernel(host)
    this.#checkMode('upload', kernel)
    return { data, length: size }
  }

  #kernelOf(name: string, make: () => Program, size: number): GpujsKernel {
    const key = this.#textures ? this.#keyOf(name, size) : name
    const known = this.#kernels.get(key)
    if (known !== undefined) {
      if (key === name) known.setOutput([size])
      return known
    }
    const source = sourceOf(make())
    const kernel = this.#engine.createKernel(source, {
      output: [size],
      functions: helpersOf(source),
      precision: 'single',
      tactic: 'precision',
      pipeline: true,
      immutable: true,
      dynamicOutput: true,
      dynamicArguments: true,
      // Loops whose bound is an argument stop here, silently: the default is 1000.
      loopMaxIterations: 1e9,
    })
    this.#kernels.set(key, kernel)
    return kernel
  }

  #keyOf(name: string, size: number): string {
    const key = `${name} of ${size}`
    if (this.#kernels.has(key)) return key
    const sizes = this.#sizes.get(name) ?? 0
    if (sizes >= INSTANCES) return name
    this.#sizes.set(name, sizes + 1)
    return key
  }

  /** gpu.js falls back to its cpu mode in silence. */
  #checkMode(name: string, { kernel }: GpujsKernel): void {
    const mode = kernel.constructor.mode
    // All WebGL kernels call their mode gpu.
    if (mode === (this.#textures ? 'gpu' : this.#mode) && (kernel.fallbackReason ?? null) === null) return
    const reason = kernel.fallbackReason ?? 'gpu.js does not say why'
    throw new RuntimeError(`gpu.js ran the kernel '${name}' in mode ${mode}, not in ${this.#mode} (${reason})`, {
      op: 'gpujs', hint: `report it, and use gpujs({ mode: 'cpu' }) until it is mended`,
    })
  }
}
