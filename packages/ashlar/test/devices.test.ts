import { describe, expect, it } from 'vitest'
import { device, np, npx, nn } from 'ashlar'
import { chapter, expectClose, freshProcess, numbers, twoGpus, withFolder } from './support.ts'

const golden = chapter['5.6']

describe('section 5.6, devices', () => {
  freshProcess()

  it('S5.6-01, 02: contexts are names', () => {
    expect([npx.cpu(), npx.gpu(), npx.gpu(1)].map(String)).toEqual(['cpu(0)', 'gpu(0)', 'gpu(1)'])
    expect(npx.gpu().equals(npx.gpu(0))).toBe(true)
    expect(npx.gpu().equals(npx.cpu())).toBe(false)
  })

  it('S5.6-03, 04: without devices', () => {
    expect(npx.numGpus()).toBe(0)
    expect([device.tryGpu(), device.tryGpu(3), ...device.tryAllGpus()].map(String)).toEqual(['cpu(0)', 'cpu(0)', 'cpu(0)'])
    expect(() => np.ones([1], { ctx: npx.gpu() })).toThrow(/gpu\(0\).*cpu/)
  })

  it('S5.6-03, 04: with two devices', () => {
    twoGpus()
    expect(npx.numGpus()).toBe(2)
    expect([device.tryGpu(), device.tryGpu(3)].map(String)).toEqual(['gpu(0)', 'cpu(0)'])
    expect(device.tryAllGpus().map(String)).toEqual(['gpu(0)', 'gpu(1)'])
  })

  it('S5.6-05, 06: where arrays are, and how they print', () => {
    twoGpus()
    expect(String(np.array([1, 2, 3]).context)).toBe('cpu(0)')
    const x = np.ones([2, 3], { ctx: device.tryGpu() })
    expect(x.repr()).toBe('array([[1., 1., 1.],\n       [1., 1., 1.]], ctx=gpu(0))')
    expect(String(x)).toBe('[[1. 1. 1.]\n [1. 1. 1.]] @gpu(0)')
  })

  it('S5.6-07, 12, N-06: draws and results on the second device, from its own stream', () => {
    twoGpus()
    const y = np.random.uniform({ size: [2, 3], ctx: npx.gpu(1) })
    expect(String(y.context)).toBe('gpu(1)')
    // seed 0 on device 1 starts where seed 1 of the generator does: MT19937(0 * 127 + 1).
    expect(numbers(y)[0]).toBeCloseTo(0.417022, 6)
    expect(String(y.add(np.ones([2, 3], { ctx: npx.gpu(1) })).context)).toBe('gpu(1)')
    expect(numbers(np.random.uniform({ size: 1 }))).toEqual([chapter['5.1'].x[0]])
  })

  it('S5.6-08: mixing devices is refused, with both named', () => {
    twoGpus()
    const [host, first, second] = [np.ones([2]), np.ones([2], { ctx: npx.gpu(0) }), np.ones([2], { ctx: npx.gpu(1) })]
    expect(() => host.add(first)).toThrow('require all inputs live on the same context. But the first argument is on cpu(0) while the 2-th argument is on gpu(0)')
    expect(() => first.add(second)).toThrow(/gpu\(0\).*gpu\(1\)/)
    expect(String(host.add(np.ones([2], { ctx: npx.cpu(1) })).context)).toBe('cpu(0)')
  })

  it('S5.6-09, 10, 11: copies', () => {
    twoGpus()
    const y = np.ones([2], { ctx: npx.gpu(1) })
    const copy = y.copyto(y.ctx)
    expect(copy === y).toBe(false)
    copy.set(5)
    expect(numbers(y)).toEqual([1, 1])
    expect(y.asInContext(npx.gpu(1))).toBe(y)
    expect(y.asInCtx(npx.gpu(1))).toBe(y)
    expect(y.asInContext(npx.cpu()).repr()).toBe('array([1., 1.])')
    const target = np.zeros([2])
    expect(y.copyto(target)).toBe(target)
    expect(numbers(target)).toEqual([1, 1])
    expect(String(target.context)).toBe('cpu(0)')
    expect(() => y.copyto(np.zeros([3]))).toThrow()
    expect(() => y.copyto('cpu' as never)).toThrow('copyto does not support type')
  })

  it('S5.6-13: a network on a device gets the values that it would get on the CPU', () => {
    twoGpus()
    const x = np.ones([2, 3], { ctx: device.tryGpu() })
    const net = new nn.Sequential()
    net.add(new nn.Dense(1))
    net.initialize({ ctx: device.tryGpu() })
    const y = net(x)
    expectClose(y, golden.net_ones!)
    expect(String(y.context)).toBe('gpu(0)')
    expect(numbers(net[0].weight.data())).toEqual(golden.dense_weight)
    expect(net[0].weight.data().repr()).toBe('array([[0.0068339 , 0.01299825, 0.0301265 ]], ctx=gpu(0))')
  })

  it('S5.6-14: input where the parameters are not', () => {
    twoGpus()
    const net = new nn.Dense(1, { inUnits: 3 })
    net.initialize()
    expect(() => net(np.ones([2, 3], { ctx: npx.gpu(0) }))).toThrow(expect.objectContaining({
      name: 'RuntimeError', message: expect.stringContaining(`Parameter 'dense0_weight' was not initialized on context gpu(0). It was only initialized on [cpu(0)].`),
    }))
  })

  it('S5.6-16: the scope form, nested, restores on a throw', () => {
    twoGpus()
    const current = (): string => String(npx.currentContext())
    device.using(npx.gpu(1), () => {
      expect([current(), String(np.ones([1]).context)]).toEqual(['gpu(1)', 'gpu(1)'])
      expect(() => device.using(npx.cpu(), () => { throw new Error(current()) })).toThrow('cpu(0)')
      expect(current()).toBe('gpu(1)')
    })
    expect(current()).toBe('cpu(0)')
  })

  it('S5.6-13: initial values do not depend on the device', () => {
    twoGpus()
    const weights = [npx.cpu(), npx.gpu(1)].map(ctx => {
      npx.random.seed(5)
      const net = new nn.Dense(2, { inUnits: 3 })
      net.initialize({ ctx })
      return numbers(net.weight.data())
    })
    expect(weights[1]).toEqual(weights[0])
  })

  it('S5.6-15: reading a result waits for it, in every form', async () => {
    twoGpus()
    const y = np.dot(np.ones([2, 2], { ctx: npx.gpu(1) }), np.ones([2, 2], { ctx: npx.gpu(1) }))
    expect([y.tolist(), [...y.toTypedArray()], y.sum().item(), +y.max(), String(y.get(0))]).toEqual([[[2, 2], [2, 2]], [2, 2, 2, 2], 8, 2, '[2. 2.] @gpu(1)'])
    expect([...await y.toTypedArrayAsync()]).toEqual([2, 2, 2, 2])
  })

  it('S5.6-16: npx.currentContext tells the default', () => {
    expect(String(npx.currentContext())).toBe('cpu(0)')
    expect(String(device.using(npx.cpuPinned(2), () => npx.currentContext()))).toBe('cpu_pinned(2)')
  })

  it('E5.6-1: a product on each device, with waitall and with a read at the end', async () => {
    twoGpus()
    for (const ctx of [npx.cpu(), npx.gpu(0), npx.gpu(1)]) {
      const x = np.full([30, 30], 0.5, { ctx })
      const y = np.dot(x, x)
      await npx.waitall()
      expect(y.get(29, 29).item()).toBe(7.5)
    }
  })

  it('E5.6-3: norms of products, logged one by one or kept on the device and read at once', () => {
    twoGpus()
    const ctx = npx.gpu(0)
    const a = np.random.uniform({ size: [10, 10], ctx })
    const norms = Array.from({ length: 20 }, (_, i) => np.norm(np.dot(a, a.mul(i))))
    const once = np.stack(norms)
    expect([once.shape, String(once.context)]).toEqual([[20], 'gpu(0)'])
    expect(numbers(once)).toEqual(norms.map(norm => norm.item()))
    const frobenius = Math.hypot(...numbers(np.dot(a, a)))
    numbers(once).forEach((value, i) => expect(Math.abs(value - i * frobenius)).toBeLessThanOrEqual(1e-5 * i * frobenius))
    const traces = np.concatenate([np.trace(a).reshape(1), np.trace(a.T).reshape(1)])
    expect(numbers(traces)[0]).toBe(numbers(traces)[1])
  })

  it('E5.6-4: two devices at work side by side give what each gives alone', async () => {
    twoGpus()
    const work = (ctx: ReturnType<typeof npx.gpu>, rounds: number): ReturnType<typeof np.ones> => {
      let x = np.eye(8, 8, 0, { ctx })
      for (let i = 0; i < rounds; i++) x = np.dot(x, x).add(1).mul(0.5)
      return x
    }
    const [first, second] = [work(npx.gpu(0), 5), work(npx.gpu(1), 5)]
    await npx.waitall()
    expect(numbers(first)).toEqual(numbers(work(npx.cpu(), 5)))
    expect(await Promise.all([first, second].map(async x => [...await x.toTypedArrayAsync()]))).toEqual([numbers(first), numbers(first)])
    expect(() => first.add(second)).toThrow('same context')
  })

  it('E5.6-2: saved from a device, loaded to the host and to another device; the file is the same', () => withFolder(path => {
    twoGpus()
    const build = (): nn.Dense => new nn.Dense(2, { inUnits: 3 })
    const [onGpu, onCpu, other] = [build(), build(), build()]
    onGpu.initialize({ ctx: npx.gpu(0) })
    onGpu.saveParameters(path('gpu'))
    onCpu.loadParameters(path('gpu'))
    other.loadParameters(path('gpu'), { ctx: npx.gpu(1) })
    expect([String(onCpu.weight.data().context), String(other.weight.data().context)]).toEqual(['cpu(0)', 'gpu(1)'])
    expect(numbers(other.weight.data())).toEqual(numbers(onGpu.weight.data()))
    expect(numbers(onCpu.weight.data())).toEqual(numbers(onGpu.weight.data()))
    expect(() => onGpu.loadParameters(path('gpu'), { ctx: npx.cpu() })).toThrow('because it was previous initialized on [gpu(0)]')
  }))

  it('E5.6-2: a device that is not there refuses the load and changes nothing', () => withFolder(path => {
    const net = new nn.Dense(2, { inUnits: 3 })
    net.initialize()
    net.saveParameters(path('net'))
    const clone = new nn.Dense(2)
    expect(() => clone.loadParameters(path('net'), { ctx: npx.gpu(3) })).toThrow('gpu(3)')
    expect(clone.weight.shape).toEqual([2, -1])
    clone.loadParameters(path('net'))
    expect(clone.weight.shape).toEqual([2, 3])
  }))
})
