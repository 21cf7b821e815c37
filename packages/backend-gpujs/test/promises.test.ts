import { gpujs } from '@ashlar/backend-gpujs'
import { specOf } from '@ashlar/core'
import type { Device } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { texturesOnCpu } from './support/textures.ts'

const spec = specOf([2], 'float32')

async function open(): Promise<{ device: Device; log: ReturnType<typeof texturesOnCpu> }> {
  const log = texturesOnCpu({ promises: true })
  return { device: (await gpujs({ mode: 'webgpu', load: log.load })).open(0), log }
}

describe('kernels that answer with promises', () => {
  it('are of type gpu, and cannot be read synchronously', async () => {
    const { load } = texturesOnCpu({ promises: true })
    expect(await gpujs({ mode: 'webgpu', load })).toMatchObject({ name: 'gpujs', type: 'gpu' })
    const { device } = await open()
    expect(device.capabilities).toMatchObject({ syncRead: false, needsFree: true })
    expect(() => device.download({ ...spec, handle: device.fill(1, spec) })).toThrow('mode webgpu reads asynchronously only; await x.toTypedArrayAsync()')
  })

  it('auto never takes them', async () => {
    const { load } = texturesOnCpu({ promises: true })
    await expect(gpujs({ load })).rejects.toThrow('gpu.js has no GPU mode here')
  })

  it('without an adapter, the mode is refused with what is missing', async () => {
    class GPU {
      static readonly isWebGPUSupported = true
      static readonly isWebGPUAvailable = async (): Promise<boolean> => false
    }
    await expect(gpujs({ mode: 'webgpu', load: async () => ({ GPU }) })).rejects.toThrow('gpu.js has no webgpu mode here, only cpu; mode webgpu needs navigator.gpu with an adapter')
  })

  it('run in the order in which they were asked for, and are freed in it', async () => {
    const { device, log } = await open()
    let x = device.upload(Float32Array.of(1, 2), spec)
    for (let i = 0; i < 20; i++) {
      const next = device.kernels.binary('add', { ...spec, handle: x }, { ...spec, handle: x }, spec)
      // Freed before its launch had its turn.
      device.free(x)
      x = next
    }
    expect(device.memory!().live.buffers).toBe(1)
    expect(await device.downloadAsync!({ ...spec, handle: x })).toEqual(Float32Array.of(2 ** 20, 2 ** 21))
    device.free(x)
    await new Promise(resolve => setTimeout(resolve, 5))
    expect([log.live, device.memory!().live.buffers]).toEqual([0, 0])
  })

  it('what fails shows where the result is read, and in what was made of it, and nowhere else', async () => {
    const { device, log } = await open()
    const x = { ...spec, handle: device.upload(Float32Array.of(1, 2), spec) }
    await device.downloadAsync!(x)
    log.lose()
    const y = (() => {
      try {
        return device.kernels.unary('neg', x, spec)
      } catch (error) {
        return error
      }
    })()
    expect(String(y)).toContain('was lost')
    expect(() => device.free(x.handle)).not.toThrow()
    await expect(device.downloadAsync!(x)).rejects.toThrow('was lost')
  })

  it('a launch that fails is an error of its readers', async () => {
    const { device } = await open()
    const x = { ...spec, handle: device.upload(Float32Array.of(1, 2), spec) as { data: { texture: { elements: never } } } }
    await device.downloadAsync!(x)
    Object.defineProperty(x.handle.data.texture, 'elements', { get: () => { throw new Error('out of memory') } })
    const y = { ...spec, handle: device.kernels.unary('neg', x, spec) }
    const z = { ...spec, handle: device.kernels.unary('abs', y, spec) }
    await expect(device.downloadAsync!(z)).rejects.toThrow('out of memory')
    device.free(y.handle)
    device.free(z.handle)
    const one = { ...spec, handle: device.fill(1, spec) }
    expect(await device.downloadAsync!(one)).toEqual(Float32Array.of(1, 1))
  })
})
