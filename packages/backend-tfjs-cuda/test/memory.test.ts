import { collectCases } from '@ashlar/backend-kit'
import type { Device, Kernels } from '@ashlar/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDevice } from '../src/device.ts'
import type { Engine, Handle } from '../src/engine.ts'
import { openEngine } from '../src/open-engine.ts'

/** A device that counts its handles, and fails a call after which tfjs keeps more tensors than there are handles. */
function counting(engine: Engine): Device {
  const device = openDevice(engine)
  const before = engine.backend.numDataIds()
  let handles = 0
  const counted = <A extends unknown[]>(name: string, make: (...args: A) => Handle) => (...args: A): Handle => {
    const handle = make(...args)
    handles++
    // Fewer is fine: copies share their bytes.
    const tensors = engine.backend.numDataIds() - before
    if (tensors > handles) throw new Error(`${name} leaves ${tensors} tensors for ${handles} handles`)
    return handle
  }
  const kernels = Object.fromEntries(Object.entries(device.kernels).map(([name, kernel]) => [name, counted(name, kernel as () => Handle)]))
  return {
    ...device,
    kernels: kernels as unknown as Kernels<Handle>,
    upload: counted('upload', device.upload),
    fill: counted('fill', device.fill),
    free(handle: Handle) {
      handles--
      device.free(handle)
    },
  } as Device
}

describe.each(['cpu', 'wasm'] as const)('tensors of tfjs on %s', async name => {
  const engine = await openEngine(name)
  afterEach(() => vi.restoreAllMocks())

  it('are as many as there are handles, in every case of the kit', { timeout: 180_000 }, async () => {
    const before = engine.backend.numDataIds()
    const device = counting(engine)
    for (const kase of collectCases()) {
      if (!kase.appliesTo(device.capabilities)) continue
      await kase.run(device)
      expect(engine.backend.numDataIds(), kase.name).toBe(before)
    }
  })

  it('are disposed of where a kernel throws', () => {
    const before = engine.backend.numDataIds()
    expect(() => engine.run(steps => {
      steps.scalar(1)
      return steps.call('NoSuchKernel', {})
    })).toThrow('tfjs has no kernel NoSuchKernel')
    expect(engine.backend.numDataIds()).toBe(before)
  })

  it('need no current backend, scope or count of tfjs', async () => {
    const tf = await import('@tensorflow/tfjs-core')
    const device = openDevice(engine)
    const spec = { shape: [2], dtype: 'float32', size: 2 } as const
    const before = tf.getBackend()
    const handle = tf.tidy(() => {
      const y = device.fill(3, spec)
      // tidy() frees what it sees; it does not see ours.
      return { dtype: 'none', y } as never
    }) as { y: Handle }
    expect(device.download({ ...spec, handle: handle.y })).toEqual(Float32Array.of(3, 3))
    expect(tf.getBackend()).toBe(before)
    device.free(handle.y)
  })
})
