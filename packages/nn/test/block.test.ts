import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { autograd, np, seed, withContext } from '@ashlar/core'
import { Block, Dense, HookHandle, Parameter, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position, twoGpus, warnings } from './support.ts'

class Net extends Block {
  hidden = new Dense(4)
  output = new Dense(2)
  override forward(x: NDArray): NDArray { return this.output(this.hidden(x)) }
}

describe('Block', () => {
  freshProcess()

  it('B-3.1: the name is the prefix without one trailing underscore', () => {
    expect(['a_', 'a__', 'a', ''].map(prefix => new Block({ prefix }).name)).toEqual(['a', 'a_', 'a', ''])
  })

  it('is a function with the class\'s methods and fields', () => {
    const net = new Net()
    expect(typeof net).toBe('function')
    expect(net).toBeInstanceOf(Net)
    expect(Object.keys(net)).toEqual(['hidden', 'output'])
  })

  it('B-3.5: own parameters come first, then the children\'s depth first, each once', () => {
    class Outer extends Block {
      inner = new Net()
      again = this.inner.hidden
      scale = this.params.get('scale', { shape: 1 })
    }
    expect([...new Outer().collectParams().keys()]).toEqual(['outer0_scale', 'dense0_weight', 'dense0_bias', 'dense1_weight', 'dense1_bias'])
    expect([...new Outer().collectParams('.*weight').keys()]).toEqual(['dense2_weight', 'dense3_weight'])
    expect(new Outer().collectParams('weight').size).toBe(0)
    expect([...new Outer().collectParams('dense6_|dense7_w').keys()]).toEqual(['dense6_weight', 'dense6_bias', 'dense7_weight'])
  })

  it('B-3.6: initialize takes an initializer, its name, its dump, or options', () => {
    for (const init of ['ones', '["constant", {"value": 1}]', { init: 'ones' }]) {
      const net = new Dense(1, { inUnits: 2 })
      net.initialize(init)
      expect(numbers(net.weight.data())).toEqual([1, 1])
    }
    const net = new Dense(1, { inUnits: 2 })
    net.initialize()
    expect(position()).toBe(2)
    expectRefusal(net, () => net.initialize('nothing', { forceReinit: true }), 'AssertionError', 'nothing is not registered')
  })

  it('N-04: initialized inside a device\'s scope, values come from the CPU stream', () => {
    const [gpu0] = twoGpus()
    const [plain, inside] = [new Dense(2, { inUnits: 3 }), new Dense(2, { inUnits: 3 })]
    plain.initialize('xavier', { ctx: gpu0 })
    seed(0)
    withContext(gpu0, () => inside.initialize('xavier'))
    expect(numbers(inside.weight.data())).toEqual(numbers(plain.weight.data()))
    expect(String(inside.weight.data().context)).toBe('gpu(0)')
  })

  it('B-3.7: apply visits children before their parents and returns the block', () => {
    const net = new Sequential({ prefix: 'test_' })
    net.nameScope(() => net.add(new Dense(1), new Dense(1)))
    const names: string[] = []
    expect(net.apply(block => void names.push(block.name))).toBe(net)
    expect(names).toEqual(['test_dense0', 'test_dense1', 'test'])
  })

  it('B-3.8: cast reaches every parameter, initialized or not', () => {
    const net = new Net()
    net.initialize()
    net.cast('float64')
    expect(net(np.ones([1, 3], { dtype: 'float64' })).dtype).toBe('float64')
    expect([...net.collectParams().values()].map(p => p.data().dtype)).toEqual(new Array(4).fill('float64'))
  })

  it('B-3.10: the base forward is refused; other outputs pass through', () => {
    expect(() => new Block()(1)).toThrow(expect.objectContaining({ name: 'NotImplementedError' }))
    class Pair extends Block {
      override forward(x: number, y: number): [number, { sum: number }] { return [x, { sum: x + y }] }
    }
    expect(new Pair()(1, 2)).toEqual([1, { sum: 3 }])
  })

  it('a forward that would run later is refused', () => {
    class Later extends Block {
      override async forward(): Promise<number> { return await Promise.resolve(1) }
    }
    class Generator extends Block {
      override *forward(): Iterable<number> { yield 1 }
    }
    expect(() => new Later()()).toThrow(/promise or a generator/)
    expect(() => new Generator()()).toThrow(/promise or a generator/)
  })

  it('B-3.8b: cast refuses an unknown dtype before anything changes', () => {
    const net = new Net()
    expectRefusal(net, () => net.cast('float17' as never), 'TypeError', 'float17')
    expect(() => new Sequential().cast('float17' as never)).toThrow(TypeError)
  })

  it('B-3.11: printed forms', () => {
    expect(String(new Block())).toBe('Block(\n\n)')
    const text = 'Net(\n  (hidden): Dense(-1 -> 4, linear)\n  (output): Dense(-1 -> 2, linear)\n)'
    const net = new Net()
    expect([String(net), net.repr(), inspect(net)]).toEqual([text, text, text])
  })

  it('gradients reach every parameter through user-written blocks', () => {
    const net = new Net()
    net.initialize('ones')
    autograd.record(() => net(np.ones([1, 3]))).backward()
    expect([...net.collectParams().values()].map(p => numbers(p.grad())[0])).toEqual([2, 2, 3, 1])
  })

  it('a call with arguments of the wrong kind changes nothing', () => {
    const net = new Net()
    net.initialize()
    expect(() => net('x' as never)).toThrow(TypeError)
    expect(net.hidden.weight.shape).toEqual([4, -1])
    expect(net(np.ones([1, 3])).shape).toEqual([1, 2])
    expect(warnings).toEqual([])
  })

  it('a field that holds a parameter of its own is no error', () => {
    class Own extends Block {
      weight = new Parameter('own', { shape: 1 })
    }
    expect([...new Own().fieldParameters.keys()]).toEqual(['weight'])
  })
})

describe('B-3.9: hooks', () => {
  freshProcess()

  it('run before and after forward, with block, inputs and output', () => {
    const net = new Net()
    net.initialize()
    const calls: unknown[] = []
    net.registerForwardPreHook((block, inputs) => void calls.push(['pre', block === net, inputs.length]))
    net.registerForwardHook((block, inputs, output) => void calls.push(['post', block === net, inputs.length, (output as NDArray).shape]))
    net(np.ones([1, 3]))
    expect(calls).toEqual([['pre', true, 1], ['post', true, 1, [1, 2]]])
    net.forward(np.ones([1, 3]))
    expect(calls.length).toBe(2)
  })

  it('what they return is ignored; the same function twice runs once', () => {
    const net = new Net()
    net.initialize()
    let count = 0
    const hook = (): never => (count++, 'other' as never)
    net.registerForwardHook(hook)
    net.registerForwardHook(hook)
    expect(net(np.ones([1, 3])).shape).toEqual([1, 2])
    expect(count).toBe(1)
  })

  it('detach removes a hook, again does nothing; a scope does too', () => {
    const net = new Net()
    net.initialize()
    let count = 0
    const handle = net.registerForwardPreHook(() => void count++)
    handle.detach()
    handle.detach()
    {
      using inner = net.registerForwardHook(() => void count++)
      expect(inner).toBeDefined()
    }
    net(np.ones([1, 3]))
    expect(count).toBe(0)
  })

  it('what is no function is refused', () => {
    expect(() => new Net().registerForwardHook(null as never)).toThrow(expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('a hook is a function, got null') }))
  })

  it('a handle is attached once', () => {
    const hooks = new Set<() => void>()
    const handle = new HookHandle().attach(hooks, () => {})
    expect(() => handle.attach(hooks, () => {})).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining('The same handle cannot be attached twice.') }))
    expect(hooks.size).toBe(1)
    handle.detach()
    expect(hooks.size).toBe(0)
    expect(() => handle.attach(hooks, () => {})).toThrow('attached twice')
  })

  it('children run theirs; one that throws stops the call', () => {
    const net = new Net()
    net.initialize()
    let count = 0
    net.hidden.registerForwardHook(() => void count++)
    net(np.ones([1, 3]))
    expect(count).toBe(1)
    const handle = net.output.registerForwardPreHook(() => { throw new Error('stop') })
    expect(() => net(np.ones([1, 3]))).toThrow('stop')
    handle.detach()
    expect(net(np.ones([1, 3])).shape).toEqual([1, 2])
  })
})
