import { collectCases } from '@ashlar/backend-kit'
import { Context, memory, np, registerBackend, scope, unregisterBackend } from '@ashlar/core'
import type { Device, Kernels, NDArray } from '@ashlar/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDevice } from '../src/device.ts'
import type { Engine, Handle } from '../src/engine.ts'
import { testEngines } from './engines.ts'
import { NO_NATIVE } from './native.ts'
import { trainSteps } from './train.ts'

/** A device that counts its handles, and fails a call after which tfjs keeps more tensors than there are handles. */
function counting(engine: Engine): Device {
  const device = openDevice(engine)
  const before = engine.count()
  let handles = 0
  const counted = <A extends unknown[]>(name: string, make: (...args: A) => Handle) => (...args: A): Handle => {
    const handle = make(...args)
    handles++
    // Fewer is fine: copies share their bytes.
    const tensors = engine.count() - before
    if (tensors > handles) throw new Error(`${name} leaves ${tensors} tensors for ${handles} handles`)
    return handle
  }
  const kernels = Object.fromEntries(Object.entries(device.kernels).map(([name, kernel]) => [name, counted(name, kernel as () => Handle)]))
  const overrides = Object.fromEntries(Object.entries(device.overrides ?? {}).map(([name, run]) => [name, counted(name, run as () => Handle)]))
  return {
    ...device,
    kernels: kernels as unknown as Kernels<Handle>,
    overrides: overrides as NonNullable<Device<Handle>['overrides']>,
    upload: counted('upload', device.upload),
    fill: counted('fill', device.fill),
    free(handle: Handle) {
      handles--
      device.free(handle)
    },
  } as Device
}

const engines = await testEngines()
const [, cpu] = engines[0]!

describe.each(engines)('tensors of tfjs on %s', (_, engine) => {
  afterEach(() => vi.restoreAllMocks())

  it('are as many as there are handles, in every case of the kit and every override', { timeout: 180_000 }, async () => {
    const counts = (): number[] => [engine.count(), engine.backend.numDataIds()]
    const before = counts()
    const device = counting(engine)
    for (const kase of collectCases({ overrides: Object.keys(device.overrides ?? {}) })) {
      if (!kase.appliesTo(device.capabilities)) continue
      await kase.run(device)
      expect(counts(), kase.name).toEqual(before)
    }
  })

  it('are what memory() counts', () => {
    const [type, before] = [`counted-${engine.name}`, engine.count()]
    const device = openDevice(engine)
    registerBackend({ name: type, type, count: 1, open: () => device as Device })
    try {
      scope(() => {
        // All are used: what is uploaded waits for that, and TensorFlow does not see it before.
        const [a, b] = [1, 2].map(value => np.ones([3, 4], { ctx: new Context(type) }).add(value)) as [NDArray, NDArray]
        const made = [a, b, a.matmul(b.reshape(4, 3)), a.sum(), a.reshape(12), b.T]
        const { buffers } = memory().devices[`${type}(0)`]!.live
        expect(engine.count() - before).toBe(buffers)
        for (const x of made) x.dispose()
      })
      expect([memory().devices[`${type}(0)`]!.live.buffers, engine.count()]).toEqual([0, before])
    } finally {
      unregisterBackend(type)
    }
  })

  it('stay as many over 300 steps of training, each in a scope', () => {
    const type = `trained-${engine.name}`
    const device = openDevice(engine)
    registerBackend({ name: type, type, count: 1, open: () => device as Device })
    try {
      const run = trainSteps(new Context(type))
      for (let i = 0; i < 5; i++) run()
      const after = [engine.count(), engine.backend.numDataIds()]
      const first = run()
      let last = first
      for (let i = 0; i < 300; i++) last = run()
      expect([engine.count(), engine.backend.numDataIds()]).toEqual(after)
      expect(last).toBeLessThan(first)
    } finally {
      unregisterBackend(type)
    }
  })

  it('are disposed of where a kernel throws', () => {
    const before = engine.count()
    expect(() => engine.run(steps => {
      steps.scalar(1)
      return steps.call('NoSuchKernel', {})
    })).toThrow('tfjs has no kernel NoSuchKernel')
    expect(engine.count()).toBe(before)
  })
})

if (engines.length < 3) it('the same on TensorFlow itself', ({ skip }) => skip(NO_NATIVE))

it('tensors need no current backend, scope or count of tfjs', async () => {
  const tf = await import('@tensorflow/tfjs-core')
  const device = openDevice(cpu)
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
