import { gpujs } from '@ashlar/backend-gpujs'
import { listBackends, specOf, unregisterBackend } from '@ashlar/core'
import { afterEach, describe, expect, it } from 'vitest'
import { dropResults, loseContext, trainInScopes, twoDevices } from '../support/scenarios.ts'
import { watchedGpujs } from './watched.ts'

const before = listBackends().map(({ name }) => name)
afterEach(() => {
  for (const { name } of listBackends()) if (!before.includes(name)) unregisterBackend(name)
})

const MEBIBYTE = 2 ** 20

describe('textures and contexts of headless GL', () => {
  it('steps of training in scopes leave the number of textures flat', async () => {
    const watch = watchedGpujs()
    const counts = await trainInScopes({ load: watch.load }, watch.textures, 20)
    // Kernels are compiled in the first steps, and each keeps its latest result.
    expect(new Set(counts.slice(8).map(({ textures }) => textures)).size).toBe(1)
    expect(new Set(counts.slice(1).map(({ buffers }) => buffers)).size).toBe(1)
  })

  it('without scopes, texture memory stays within the budget and what kernels keep', async () => {
    const watch = watchedGpujs()
    const size = MEBIBYTE / 4
    const budget = 48 * MEBIBYTE
    const { sum, most, counted } = await dropResults({ load: watch.load }, budget, size, watch.bytes)
    expect(sum).toBe(21)
    // Of 4 MiB each: headless GL keeps a float in four.
    const one = 16 * size
    // The collector is made to run for each quarter.
    expect(counted).toBeGreaterThan(budget / 4)
    expect(counted).toBeLessThan(budget + 4 * one)
    expect(most).toBeLessThan(budget + 64 * MEBIBYTE + 4 * one)
  })

  it('what kernels keep of results that were freed is bounded', async () => {
    const watch = watchedGpujs()
    const device = (await gpujs({ load: watch.load })).open(0)
    const spec = specOf([MEBIBYTE], 'float32')
    const x = { ...spec, handle: device.fill(0.5, spec) }
    for (const kind of ['abs', 'sign', 'floor', 'ceil', 'neg', 'rint', 'trunc', 'sqrt'] as const) {
      const y = { ...spec, handle: device.kernels.unary(kind, x, spec) }
      // Used once more, a kernel that had to let go makes itself a new texture.
      device.free(device.kernels.unary('abs', y, spec))
      expect((device.download(y) as Float32Array).at(-1)).toBe({ abs: 0.5, sign: 1, floor: 0, ceil: 1, neg: -0.5, rint: 0, trunc: 0, sqrt: Math.fround(Math.sqrt(0.5)) }[kind])
      device.free(y.handle)
    }
    const { live, idle } = device.memory!()
    expect(live).toEqual({ buffers: 1, bytes: 16 * MEBIBYTE })
    expect(idle.bytes).toBe(64 * MEBIBYTE)
    expect(watch.bytes()).toBeLessThan(live.bytes + idle.bytes + MEBIBYTE)
  })

  it('what was uploaded takes no more than its own texture', async () => {
    const watch = watchedGpujs()
    const device = (await gpujs({ load: watch.load })).open(0)
    const spec = specOf([MEBIBYTE], 'float32')
    const handles = [1, 2, 3].map(value => device.upload(new Float32Array(MEBIBYTE).fill(value), spec))
    expect(watch.bytes()).toBeLessThan(3 * 16 * MEBIBYTE + 1000)
    expect(handles.map(handle => device.download({ ...spec, handle })[MEBIBYTE - 1])).toEqual([1, 2, 3])
  })

  it('a lost context is a typed error, what was in it can be let go, and gpu.js can be registered anew', async () => {
    const watch = watchedGpujs()
    const lose = (): void => watch.contexts.forEach(gl => gl.getExtension('STACKGL_destroy_context')!.destroy())
    const { computing, reading, uploading, after } = await loseContext({ load: watch.load }, lose)
    for (const message of [computing, reading, uploading]) expect(message).toMatch(/^RuntimeError ERR_RUNTIME: \[gpujs\] the headlessgl context of gpu\.js, device 0, was lost/)
    expect(after).toEqual([2, 3, 4])
  })

  it('several devices have contexts of their own: mixing throws, copies work', async () => {
    const watch = watchedGpujs()
    const { mixing, copied, there, buffers } = await twoDevices({ load: watch.load })
    expect(mixing).toContain('gpu(0) while the 2-th argument is on gpu(1)')
    expect([copied, there, buffers, watch.contexts.size]).toEqual([[11, 22], 'gpu(1)', [1, 3], 2])
  })
})
