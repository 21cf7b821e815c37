import { gpujs } from '@ashlar/backend-gpujs'
import { listBackends, specOf, unregisterBackend } from '@ashlar/core'
import { afterEach, describe, expect, it } from 'vitest'
import { dropResults, loseContext, trainInScopes, twoDevices } from './support/scenarios.ts'
import { texturesOnCpu } from './support/textures.ts'

const before = listBackends().map(({ name }) => name)
afterEach(() => {
  for (const { name } of listBackends()) if (!before.includes(name)) unregisterBackend(name)
})

const LOST = /^RuntimeError ERR_RUNTIME: \[gpujs\] the webgl2 context of gpu\.js, device 0, was lost, and all arrays in it with it; register anew, unregisterBackend\('gpujs'\)/

describe('textures and contexts', () => {
  it('every texture is a buffer of ours, and steps of training in scopes leave their number flat', async () => {
    const log = texturesOnCpu()
    const counts = await trainInScopes({ load: log.load }, () => log.live, 12)
    expect(new Set(counts.slice(1).map(({ textures }) => textures)).size).toBe(1)
    for (const { textures, buffers } of counts) expect(textures).toBe(buffers)
    expect(log.live).toBe(4)
  })

  it('without scopes, what is dropped stays within the budget', async () => {
    const log = texturesOnCpu()
    const size = 20_000
    const { sum, most, counted } = await dropResults({ load: log.load }, 1e6, size, () => log.live * 4 * size)
    expect(sum).toBe(21)
    // Twelve fit; beside them the result and the operands that a kernel is working on.
    expect(Math.max(most, counted)).toBeLessThan(1e6 + 4 * 4 * size)
  })

  it('a lost context is a typed error, what was in it can be let go, and gpu.js can be registered anew', async () => {
    const log = texturesOnCpu()
    const { computing, reading, uploading, after } = await loseContext({ load: log.load }, () => log.lose())
    for (const message of [computing, reading, uploading]) expect(message).toMatch(LOST)
    expect(after).toEqual([2, 3, 4])
  })

  it('what headless GL says of a context that is gone is understood', async () => {
    const log = texturesOnCpu()
    const device = (await gpujs({ load: log.load })).open(0)
    const spec = specOf([2], 'float32')
    const handle = device.upload(Float32Array.of(1, 2), spec) as { data: { toArray(): never } }
    handle.data.toArray = () => {
      throw new Error('Invalid GL context')
    }
    expect(() => device.download({ ...spec, handle })).toThrow('was lost')
    expect(() => device.fill(1, spec)).toThrow('was lost')
    expect(() => device.free(handle)).not.toThrow()
  })

  it('several devices have memory of their own: mixing throws, copies work', async () => {
    const log = texturesOnCpu()
    const { mixing, copied, there, buffers } = await twoDevices({ load: log.load })
    expect(mixing).toMatch(/^MXNetError|^AshlarError/)
    expect(mixing).toContain('gpu(0) while the 2-th argument is on gpu(1)')
    expect([copied, there, buffers]).toEqual([[11, 22], 'gpu(1)', [1, 3]])
  })

  it.each(['webgl2', 'cpu', 'webasm'] as const)('a kernel refuses an array of another context in mode %s', async mode => {
    const load = mode === 'webgl2' ? { load: texturesOnCpu().load } : {}
    const backend = await gpujs({ mode, devices: 2, ...load })
    expect(backend.count).toBe(2)
    const [here, there] = [backend.open(0), backend.open(1)]
    const spec = specOf([2], 'float32')
    const x = { ...spec, handle: here.fill(1, spec) }
    const y = { ...spec, handle: there.fill(2, spec) }
    expect(() => here.kernels.binary('add', x, y, spec)).toThrow(`an array of another context of gpu.js cannot be read in the ${mode} context of gpu.js, device 0`)
    expect(() => here.download(y)).toThrow('another context')
    expect(here.download(x)).toEqual(Float32Array.of(1, 1))
  })

  it.each([0, 1.5, 17, '2'])('%s devices are refused', async devices => {
    await expect(gpujs({ mode: 'cpu', devices: devices as number })).rejects.toThrow('the number of devices is a whole number from 1 to 16')
  })
})
