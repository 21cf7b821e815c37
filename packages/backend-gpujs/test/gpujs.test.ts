import { gpujs } from '@ashlar/backend-gpujs'
import { isAshlarError, specOf } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { texturesOnCpu } from './support/textures.ts'

const nothing = { load: async () => ({ GPU: { isGPUSupported: true, isWebAssemblySupported: true } }) }

async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason)
  expect(isAshlarError(error)).toBe(true)
  return error as Error & { code?: string }
}

describe('gpujs', () => {
  it('registers what is no GPU under a type of its own', async () => {
    for (const mode of ['cpu', 'webasm'] as const) {
      expect(await gpujs({ mode })).toMatchObject({ name: `gpujs-${mode}`, type: `gpujs-${mode}`, count: 1 })
    }
  })

  it('takes a GPU for auto, and is of type gpu then', async () => {
    expect(await gpujs({ load: texturesOnCpu().load })).toMatchObject({ name: 'gpujs', type: 'gpu', count: 1 })
    expect(await gpujs({ mode: 'webgl2', load: texturesOnCpu().load })).toMatchObject({ type: 'gpu' })
  })

  it('refuses auto where there is no GPU, and says how to get one', async () => {
    const error = await rejection(gpujs(nothing))
    expect(error.code).toBe('ERR_NOT_IMPLEMENTED')
    expect(error.message).toBe(
      "[gpujs] gpu.js has no GPU mode here, only webasm, cpu; in Node, build the optional package 'gl' and run under a display (xvfb-run -a); in a browser, allow WebGL, or ask for { mode: 'webasm' }",
    )
  })

  it('refuses a mode that this machine has not, and never takes another', async () => {
    expect((await rejection(gpujs({ mode: 'headlessgl', ...nothing }))).message).toContain('gpu.js has no headlessgl mode here, only webasm, cpu')
    const noWasm = { load: async () => ({ GPU: {} }) }
    expect((await rejection(gpujs({ mode: 'webasm', ...noWasm }))).message).toBe("[gpujs] gpu.js has no webasm mode here, only cpu; ask for { mode: 'cpu' }")
    // WebGL 1 in a browser is found, but no mode that can be asked for.
    const old = { load: async () => ({ GPU: { isWebGLSupported: true } }) }
    expect((await rejection(gpujs(old))).message).toContain("ask for { mode: 'cpu' }")
  })

  it('says so where gpu.js is not installed', async () => {
    const error = await rejection(gpujs({ mode: 'cpu', load: () => Promise.reject(new Error("Cannot find package 'gpu.js'")) }))
    expect(error.message).toBe("[gpujs] gpu.js is not installed; npm install gpu.js@2.24.1 (Cannot find package 'gpu.js')")
  })

  it('refuses an unknown mode', async () => {
    const error = await rejection(gpujs({ mode: 'webgl' as 'cpu' }))
    expect(error.code).toBe('ERR_VALUE')
    expect(error.message).toContain('auto, webgl2, headlessgl, webgpu, webasm, cpu')
  })

  it('declares what it holds', async () => {
    const { capabilities } = (await gpujs({ mode: 'cpu' })).open(0)
    expect(capabilities).toEqual({ dtypes: ['float32', 'int32', 'bool'], syncRead: true, maxSize: 2 ** 24, exactIntegers: 2 ** 24, needsFree: false })
  })

  it('throws where gpu.js falls back, and says why', async () => {
    class GPU {
      static readonly isWebAssemblySupported = true
      createKernel = (): unknown =>
        Object.assign(() => new Float32Array(2), { setOutput() {}, kernel: { constructor: { mode: 'cpu' }, fallbackReason: 'no such argument' } })
    }
    const device = (await gpujs({ mode: 'webasm', load: async () => ({ GPU }) })).open(0)
    expect(() => device.fill(1, specOf([2], 'float32'))).toThrow("gpu.js ran the kernel 'fill' in mode cpu, not in webasm (no such argument)")
  })
})
