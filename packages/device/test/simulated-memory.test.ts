import { describe, expect, it } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import { autograd, memory, np, registerBackend } from '@ashlar/core'
import { gpu, simulatedGpus, using } from '@ashlar/device'
import { numbers, withoutGpusAfterwards } from './support.ts'

describe('simulated devices with a budget', () => {
  withoutGpusAfterwards()

  it('compute as the backend does, with memory of their own', () => {
    registerBackend(simulatedGpus(2, { backend: cpuBackend(), budgetBytes: 100_000 }))
    const compute = (): number[] => {
      const x = np.arange(6).reshape(2, 3)
      x.attachGrad()
      autograd.record(() => np.concatenate([np.exp(x), x.matmul(x.T).sum({ axis: 1, keepdims: true })], { axis: 1 }).sum()).backward()
      return [...numbers(x.grad!), ...numbers(np.take(x, np.array([1, 0])))]
    }
    const expected = compute()
    expect(using(gpu(1), compute)).toEqual(expected)
    expect(memory().devices['gpu(1)']!.live.bytes).toBeGreaterThan(256)
    expect(memory().devices['gpu(1)']!.live.bytes).toBeLessThanOrEqual(100_000)
  })

  it('free a handle once, and never use it again', () => {
    const device = simulatedGpus(1, { backend: cpuBackend(), budgetBytes: 100_000 }).open(0)
    const out = { shape: [2], dtype: 'float32', size: 2 } as const
    const handle = device.fill(1, out)
    device.free(handle)
    expect(() => device.free(handle)).toThrow('after it was freed')
    expect(() => device.kernels.unary('neg', { ...out, handle }, out)).toThrow('after it was freed')
  })

  it('read late where they are told to', async () => {
    registerBackend(simulatedGpus(1, { backend: cpuBackend(), budgetBytes: 100_000, syncRead: false }))
    expect(await np.ones([1], { ctx: gpu() }).add(1).itemAsync()).toBe(2)
  })

  it.each([0, -1, Number.NaN])('a budget of %s is refused', budgetBytes => {
    expect(() => simulatedGpus(1, { backend: cpuBackend(), budgetBytes })).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })
})
