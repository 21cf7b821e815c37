import type { DeviceMemory } from '@ashlar/core'
import type { GLContext, GpujsEngine, GpujsKernel, Texture } from './gpujs.ts'

/** What kernels may keep in textures that nobody uses, in bytes. */
const MOST_IDLE = 2 ** 26
const R32F = 0x822e

/** How many bytes a texture of so many elements takes. headlessgl keeps each float in four, and rows are filled up. */
export function bytesOf(texture: Texture, length: number): number {
  const { size, internalFormat } = texture
  if (size === undefined) return 4 * length
  return size[0]! * size[1]! * (internalFormat === R32F ? 4 : 16)
}

/**
 * Counts the textures of one context. A kernel of gpu.js keeps its latest result to write the next one into, freed or not, so what
 * is freed may stay: that is as good as a pool, up to a bound, beyond which the kernel that ran longest ago has to let go.
 */
export class Textures {
  readonly #engine: GpujsEngine
  readonly #idle: Map<GpujsKernel, number> = new Map()
  #idleBytes = 0
  #buffers = 0
  #bytes = 0
  #peak = 0

  constructor(engine: GpujsEngine) {
    this.#engine = engine
  }

  get counts(): DeviceMemory {
    return {
      live: { buffers: this.#buffers, bytes: this.#bytes },
      idle: { buffers: this.#idle.size, bytes: this.#idleBytes },
      moved: 0,
      peak: this.#peak,
    }
  }

  /** Counts a result that is in use from now on, or, by -1, no longer. */
  count(by: 1 | -1, bytes: number): void {
    this.#buffers += by
    this.#bytes += by * bytes
    this.#peak = Math.max(this.#peak, this.#bytes)
  }

  /** A kernel gave out a result, and shall keep no more than it needs. */
  made(kernel: GpujsKernel): void {
    this.#forget(kernel)
    // A kernel that was given its own result keeps that as well.
    for (const argument of kernel.kernel.kernelArguments ?? []) {
      argument.prevArg?.delete()
      argument.prevArg = null
    }
    const { outputBuffer } = kernel.kernel
    if (outputBuffer == null) return
    // Kernels of WebGPU make a new buffer each time anyway.
    outputBuffer._refs--
    kernel.kernel.outputBuffer = null
  }

  /** Deletes a texture, which that kernel made. */
  free(kernel: GpujsKernel, texture: Texture, bytes: number): void {
    texture.delete()
    if (texture.texture === undefined || kernel.kernel.texture?.texture !== texture.texture) return
    this.#idle.set(kernel, bytes)
    this.#idleBytes += bytes
    for (const oldest of this.#idle.keys()) {
      if (this.#idleBytes <= MOST_IDLE) return
      this.#letGo(oldest)
    }
  }

  /** What was copied in stays in a texture of the kernel that copied it: makes that a single texel. */
  shrinkInput({ kernel }: GpujsKernel): void {
    const [argument] = kernel.kernelArguments ?? []
    const gl = this.#context
    if (gl === null || argument?.texture === undefined || argument.contextHandle === undefined) return
    gl.activeTexture(argument.contextHandle)
    gl.bindTexture(gl.TEXTURE_2D, argument.texture)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, null)
  }

  /** What was read last hangs on the framebuffer through which it was read, and would outlive its deletion there. */
  detachRead(): void {
    const gl = this.#context
    gl?.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, null, 0)
  }

  get #context(): GLContext | null {
    const { context } = this.#engine
    return typeof context?.framebufferTexture2D === 'function' ? context : null
  }

  #forget(kernel: GpujsKernel): void {
    this.#idleBytes -= this.#idle.get(kernel) ?? 0
    this.#idle.delete(kernel)
  }

  #letGo(kernel: GpujsKernel): void {
    this.#forget(kernel)
    const inside = kernel.kernel
    const own = inside.texture!
    const gl = this.#context
    // Only what is bound lets go of a texture that is deleted.
    gl?.bindFramebuffer(gl.FRAMEBUFFER, inside.framebuffer)
    inside.deleteTexture?.(own.texture)
    // The kernel takes this for a texture that others hold, and makes itself a new one.
    own.texture = { _refs: 2 }
  }
}
