import { createRequire } from 'node:module'
import type { GLContext, GpujsModule } from '../../src/engine/gpujs.ts'

const real = createRequire(import.meta.url)('gpu.js') as GpujsModule

/** The calls of WebGL that make, fill and delete textures. */
interface TextureCalls extends GLContext {
  createTexture(): object
  deleteTexture(texture: object | null): void
  getExtension(name: string): { destroy(): void } | null
}

/** gpu.js with its GL contexts watched: how many textures there are, and what they take. */
export interface Watch {
  readonly load: () => Promise<unknown>
  readonly contexts: Set<TextureCalls>
  textures(): number
  bytes(): number
}

/** Watches the contexts of headless GL from their first texture on. */
export function watchedGpujs(): Watch {
  const sizes = new Map<object, number>()
  const contexts = new Set<TextureCalls>()
  class GPU extends real.GPU {
    override createKernel(...args: Parameters<InstanceType<GpujsModule['GPU']>['createKernel']>): ReturnType<InstanceType<GpujsModule['GPU']>['createKernel']> {
      const kernel = super.createKernel(...args)
      watch(this.context as TextureCalls)
      return kernel
    }
  }
  const watch = (gl: TextureCalls): void => {
    if (contexts.has(gl)) return
    contexts.add(gl)
    const { createTexture, deleteTexture, bindTexture, activeTexture, texImage2D } = gl
    const bound = new Map<number, object | null>()
    let unit = 0
    Object.assign(gl, {
      createTexture() {
        const texture = createTexture.call(gl)
        sizes.set(texture, 0)
        return texture
      },
      deleteTexture(texture: object | null) {
        if (texture !== null) sizes.delete(texture)
        deleteTexture.call(gl, texture)
      },
      activeTexture(at: number) {
        unit = at
        activeTexture.call(gl, at)
      },
      bindTexture(target: number, texture: object | null) {
        bound.set(unit, texture)
        bindTexture.call(gl, target, texture)
      },
      texImage2D(...args: Parameters<GLContext['texImage2D']>) {
        const texture = bound.get(unit)
        if (texture != null && sizes.has(texture)) sizes.set(texture, 16 * args[3] * args[4])
        texImage2D.apply(gl, args)
      },
    })
  }
  return {
    load: async () => ({ GPU, input: real.input }),
    contexts,
    textures: () => sizes.size,
    bytes: () => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
  }
}
