import { describe, expect, it } from 'vitest'
import { Context, autograd, np, scope } from '@ashlar/core'
import { Initializer } from '@ashlar/init'
import { Constant, Dense, Parameter, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position, twoGpus } from './support.ts'

const [cpu0, cpu1] = [new Context('cpu', 0), new Context('cpu', 1)]

function ready(ctx: Context | Context[] = cpu0): Parameter {
  const p = new Parameter('w', { shape: 2 })
  p.initialize('ones', { ctx })
  return p
}

describe('B-1.11: cast', () => {
  freshProcess()

  it('converts values and gradients, and stays trainable', () => {
    const p = ready()
    autograd.record(() => p.data().mul(3)).backward()
    p.cast('float64')
    expect([p.dtype, p.data().dtype, p.grad().dtype]).toEqual(['float64', 'float64', 'float64'])
    expect([numbers(p.data()), numbers(p.grad())]).toEqual([[1, 1], [3, 3]])
    autograd.record(() => p.data().mul(4)).backward()
    expect(numbers(p.grad())).toEqual([4, 4])
  })

  it('before initialization it is noted', () => {
    const p = new Parameter('w', { shape: 2 })
    p.cast('float64')
    p.initialize()
    expect(p.data().dtype).toBe('float64')
  })

  it('converts every copy and keeps gradReq', () => {
    const p = ready([cpu0, cpu1])
    p.gradReq = 'null'
    p.cast('float64')
    expect(p.listData().map(a => a.dtype)).toEqual(['float64', 'float64'])
    expect(p.gradReq).toBe('null')
  })

  it('an unknown dtype is refused', () => {
    const p = ready()
    expectRefusal(p, () => p.cast('float17' as never), 'TypeError', 'float17')
  })
})

describe('B-1.12: resetCtx', () => {
  freshProcess()

  it('moves the mean of the copies, with fresh gradients', () => {
    const [gpu0, gpu1] = twoGpus()
    const p = ready([cpu0, cpu1])
    p.data(cpu1).set(5)
    p.resetCtx([gpu0, gpu1])
    expect(p.listCtx().map(String)).toEqual(['gpu(0)', 'gpu(1)'])
    expect(p.listData().map(numbers)).toEqual([[3, 3], [3, 3]])
    expect(p.listGrad().map(numbers)).toEqual([[0, 0], [0, 0]])
  })

  it('changes where a deferred parameter will go', () => {
    const [gpu0] = twoGpus()
    const layer = new Dense(1)
    layer.initialize()
    layer.collectParams().resetCtx(gpu0)
    expect(layer(np.ones([1, 3], { ctx: gpu0 })).context).toEqual(gpu0)
  })

  it('refuses what was never initialized, and devices that are not there', () => {
    const p = new Parameter('w', { shape: 2 })
    expectRefusal(p, () => p.resetCtx(cpu0), 'ValueError', `Cannot reset context for Parameter 'w' because it has not been initialized.`)
    const q = ready()
    expectRefusal(q, () => q.resetCtx(new Context('gpu', 7)), 'MXNetError', 'gpu(7)')
  })
})

describe('B-1.13: setData', () => {
  freshProcess()

  it('writes into every copy', () => {
    const [gpu0, gpu1] = twoGpus()
    const p = ready([gpu0, gpu1])
    p.setData(np.array([3, 4]))
    expect(p.listData().map(numbers)).toEqual([[3, 4], [3, 4]])
    expect(p.listData().map(a => String(a.context))).toEqual(['gpu(0)', 'gpu(1)'])
  })

  it('stands in for the initializer of a deferred parameter', () => {
    const layer = new Dense(2)
    layer.initialize()
    layer.weight.setData(np.ones([2, 3]))
    expect(numbers(layer(np.ones([1, 3])))).toEqual([3, 3])
    expect(position()).toBe(0)
  })

  it('refuses another shape, and a parameter that was never initialized', () => {
    const p = ready()
    expectRefusal(p, () => p.setData(np.ones([3])), 'AssertionError', 'Expected shape (3,) is incompatible with given shape (2,).')
    const q = new Parameter('w', { shape: -1 })
    expectRefusal(q, () => q.setData(np.ones([3])), 'AssertionError', `Parameter 'w' has not been initialized`)
  })

  it('takes no name for the array that was given', () => {
    const p = ready()
    const values = np.array([3, 4])
    p.setData(values)
    values.set(0)
    expect(numbers(p.data())).toEqual([3, 4])
  })
})

describe('B-15.3, B-1.6: several contexts', () => {
  freshProcess()

  it('draws once and copies', () => {
    const [gpu0, gpu1] = twoGpus()
    const p = new Parameter('w', { shape: [3, 2] })
    p.initialize(null, { ctx: [cpu0, gpu0, gpu1] })
    expect(position()).toBe(6)
    const [first, ...others] = p.listData()
    for (const other of others) expect(numbers(other)).toEqual(numbers(first!))
  })

  it('the network runs where its input is', () => {
    const [gpu0, gpu1] = twoGpus()
    const net = new Sequential(new Dense(3, { activation: 'relu' }), new Dense(1))
    net.initialize({ ctx: [cpu0, gpu0, gpu1] })
    const outputs = [cpu0, gpu0, gpu1].map(ctx => net(np.ones([2, 4], { ctx })))
    expect(outputs.map(y => String(y.context))).toEqual(['cpu(0)', 'gpu(0)', 'gpu(1)'])
    expect(numbers(outputs[1])).toEqual(numbers(outputs[0]))
  })

  it('without a context data() is the copy on the current one', () => {
    const p = ready([cpu0, cpu1])
    expect(p.data()).toBe(p.data(cpu0))
    expectRefusal(p, () => p.data(new Context('gpu', 0)), 'RuntimeError', `Parameter 'w' was not initialized on context gpu(0). It was only initialized on [cpu(0), cpu(1)].`)
  })

  it('each copy has a gradient of its own', () => {
    const p = ready([cpu0, cpu1])
    autograd.record(() => p.data(cpu1).mul(3)).backward()
    expect(p.listGrad().map(numbers)).toEqual([[0, 0], [3, 3]])
    p.zeroGrad()
    expect(p.listGrad().map(numbers)).toEqual([[0, 0], [0, 0]])
  })

  it('B-1.14: what is saved is the mean', () => {
    const p = ready([cpu0, cpu1])
    p.data(cpu1).set(5)
    expect(numbers(p.reduce())).toEqual([3, 3])
  })
})

describe('memory: what a parameter holds outlives a scope', () => {
  freshProcess()

  it('values, gradients and constants made inside', () => {
    const net = new Dense(2)
    const c = scope(() => keepOut(() => {
      net.initialize('ones')
      autograd.record(() => net(np.ones([1, 3]))).backward()
      net.cast('float64')
      net.bias!.setData(np.ones([2]))
      return new Constant('c', [1, 2])
    }))
    c().initialize()
    expect([numbers(net.weight.data()), numbers(net.weight.grad()), numbers(net.bias!.data()), numbers(c().data())]).toEqual([new Array(6).fill(1), new Array(6).fill(1), [1, 1], [1, 2]])
  })
})

/** Hides a result from the scope that it leaves, which would keep what it can see. */
function keepOut<T>(fn: () => T): () => T {
  const result = fn()
  return () => result
}

describe('deferred initialization that fails', () => {
  freshProcess()

  it('can be tried again, with input of another size too', () => {
    let broken = true
    class Fragile extends Initializer {
      override initWeight(_name: string, data: ReturnType<typeof np.zeros>): void {
        if (broken) throw new Error('broken')
        data.set(1)
      }
    }
    const net = new Sequential(new Dense(2, { weightInitializer: new Fragile() }))
    net.initialize()
    const x = np.ones([1, 3])
    expectRefusal(net, () => net(x), 'Error', 'broken')
    broken = false
    expect(numbers(net(np.ones([1, 5])))).toEqual([5, 5])
  })

  it('a device that is not there can be mended with another', () => {
    const net = new Sequential(new Dense(2), new Dense(1))
    expect(() => net.initialize({ ctx: new Context('gpu', 9) })).toThrow('gpu(9)')
    net.initialize('ones')
    expect(numbers(net(np.ones([1, 3])))).toEqual([6])
    expectRefusal(net, () => net.initialize({ ctx: new Context('gpu', 9), forceReinit: true }), 'MXNetError', 'gpu(9)')
  })

  it('a later layer that fails leaves the earlier ones usable', () => {
    const net = new Sequential(new Dense(2), new Dense(1, { weightInitializer: 'xavier', biasInitializer: 'xavier' }))
    expect(() => net.initialize('ones')).toThrow('Xavier initializer cannot be applied to vector dense1_bias')
    net[1].bias!.init = 'zeros'
    net.initialize('ones')
    expect(net(np.ones([1, 3]))).toMatchObject({ shape: [1, 1] })
  })
})
