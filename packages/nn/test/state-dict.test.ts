import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { autograd, np, npx, scope } from '@ashlar/core'
import { load, save } from '@ashlar/io'
import { Block, Dense, Dropout, Linear, Parameter, ReLU, Sequential, init } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position, twoGpus, warnings, withFolder } from './support.ts'

class MLP extends Block {
  hidden = new Dense(3)
  out = new Dense(2)
  override forward(x: NDArray): NDArray { return this.out(npx.relu(this.hidden(x))) }
}

function ready(): MLP {
  const net = new MLP()
  net.initialize()
  net(np.ones([1, 4]))
  return net
}

function tied(): Sequential {
  const shared = new Dense(3, { inUnits: 3 })
  const net = new Sequential(new Dense(3, { inUnits: 3 }), new ReLU(), shared, new ReLU(), shared)
  net.initialize()
  return net
}

describe('stateDict', () => {
  freshProcess()

  it('P-05, P-09: arrays by structural names', () => {
    const net = ready()
    const state = net.stateDict()
    expect([...state.keys()]).toEqual(['hidden.weight', 'hidden.bias', 'out.weight', 'out.bias'])
    expect(numbers(state.get('out.weight')!)).toEqual(numbers(net.out.weight.data()))
    expect([...new Dense(1, { inUnits: 1 }).namedParameters().keys()]).toEqual(['weight', 'bias'])
  })

  it('P-17: a shared parameter stands under both names, in namedParameters under the first', () => {
    const net = tied()
    expect([...net.stateDict().keys()]).toEqual(['0.weight', '0.bias', '2.weight', '2.bias', '4.weight', '4.bias'])
    const state = net.stateDict()
    expect(state.get('4.weight')).toBe(state.get('2.weight'))
    expect([...net.namedParameters().keys()]).toEqual(['0.weight', '0.bias', '2.weight', '2.bias'])
    net[2].weight.data().set([0, 0], 100)
    expect(net[4].weight.data().get(0, 0).item()).toBe(100)
    autograd.record(() => net(np.ones([1, 3]))).backward()
    expect(net[2].weight.grad()).toBe(net[4].weight.grad())
  })

  it('P-08: names and shapes', () => {
    const net = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 1))
    expect([...net.namedParameters()].map(([name, p]) => [name, p.shape])).toEqual([['0.weight', [8, 4]], ['0.bias', [8]], ['2.weight', [1, 8]], ['2.bias', [1]]])
  })

  it('is a snapshot: neither later steps nor writing to it change the other', () => {
    const net = ready()
    const state = net.stateDict()
    const before = numbers(state.get('out.bias')!)
    net.out.bias!.data().iadd(1)
    expect(numbers(state.get('out.bias')!)).toEqual(before)
    state.get('out.bias')!.set(9)
    expect(numbers(net.out.bias!.data())).toEqual(before.map(b => b + 1))
  })

  it('its arrays refuse dispose, outlive a scope, and have no gradient', () => {
    const net = ready()
    const kept: Map<string, NDArray>[] = []
    scope(() => void kept.push(net.stateDict()))
    const weight = kept[0]!.get('hidden.weight')!
    expect(() => weight.dispose()).toThrow('belongs to a parameter')
    expect(numbers(weight)).toEqual(numbers(net.hidden.weight.data()))
    expect(weight.grad).toBeNull()
  })

  it('P-04: an array in a field is no parameter', () => {
    class WithArray extends MLP {
      randWeight = np.random.uniform(0, 1, [20, 20])
    }
    const net = new WithArray()
    expect([...net.namedParameters().keys()]).not.toContain('randWeight')
    expect(net.collectParams().size).toBe(4)
  })

  it('of a network that is not initialized is refused', () => {
    expect(() => new MLP().stateDict()).toThrow(expect.objectContaining({ name: 'RuntimeError', message: expect.stringContaining('has not been initialized') }))
  })

  it('of copies on several devices is their mean', () => {
    const [gpu0, gpu1] = twoGpus()
    const layer = new Dense(1, { inUnits: 1 })
    layer.initialize('ones', { ctx: [gpu0, gpu1] })
    layer.weight.data(gpu1).set(3)
    expect(numbers(layer.stateDict().get('weight')!)).toEqual([2])
    layer.loadStateDict(new Map([['weight', np.array([[7]])], ['bias', np.array([1])]]))
    expect(layer.weight.listData().map(numbers)).toEqual([[7], [7]])
  })
})

describe('loadStateDict', () => {
  freshProcess()

  it('P-02, P-21: round trip through a file, into a network that was never initialized', () => withFolder(path => {
    const net = ready()
    save(path('mlp.params'), net.stateDict())
    const clone = new MLP()
    const result = clone.loadStateDict(load(path('mlp.params')) as Record<string, NDArray>)
    expect([String(result), result.repr()]).toEqual(['<All keys matched successfully>', '<All keys matched successfully>'])
    expect(clone.eval()).toBe(clone)
    const x = np.random.uniform(0, 1, [2, 4])
    expect(numbers(clone(x))).toEqual(numbers(net(x)))
    autograd.record(() => clone(x)).backward()
    expect(clone.hidden.weight.grad().shape).toEqual([3, 4])
  }))

  it('P-22: missing, unexpected and unfitting entries are told together, and nothing changes', () => {
    const net = ready()
    const state = net.stateDict()
    state.delete('hidden.weight')
    state.delete('out.weight')
    state.set('zz', np.ones([1]))
    state.set('out.bias', np.ones([3]))
    state.set('hidden.bias', np.ones([3]))
    const text = 'Error(s) in loading state_dict for MLP:\n\tMissing key(s) in state_dict: "hidden.weight", "out.weight". \n\tUnexpected key(s) in state_dict: "zz". \n'
      + '\tsize mismatch for out.bias: copying a param with shape torch.Size([3]) from checkpoint, the shape in current model is torch.Size([2]).'
    expectRefusal(net, () => net.loadStateDict(state), 'RuntimeError', text)
    expectRefusal(net, () => net.loadStateDict(state, { strict: false }), 'RuntimeError', 'Error(s) in loading state_dict for MLP:\n\tsize mismatch for out.bias')
    state.delete('out.bias')
    const result = net.loadStateDict(state, { strict: false })
    expect(String(result)).toBe(`_IncompatibleKeys(missing_keys=['hidden.weight', 'out.weight', 'out.bias'], unexpected_keys=['zz'])`)
    expect(result.missingKeys).toEqual(['hidden.weight', 'out.weight', 'out.bias'])
    expect(numbers(net.hidden.bias!.data())).toEqual([1, 1, 1])
  })

  it('converts to the parameter\'s dtype, and refuses what are no arrays', () => {
    const layer = new Dense(1, { inUnits: 1 })
    layer.initialize()
    layer.loadStateDict({ weight: np.array([[2]], { dtype: 'float64' }), bias: np.array([3], { dtype: 'int32' }) })
    expect([layer.weight.data().dtype, ...numbers(layer.weight.data()), ...numbers(layer.bias!.data())]).toEqual(['float32', 2, 3])
    for (const wrong of [{ weight: [[1]], bias: np.ones([1]) }, null, [np.ones([1])], np.ones([1])]) expectRefusal(layer, () => layer.loadStateDict(wrong as never), 'TypeError', '')
    expectRefusal(layer, () => layer.loadStateDict({}, { Strict: false } as never), 'TypeError', 'use strict')
  })
})

describe('eval and train', () => {
  freshProcess()

  it('P-21b: eval lets layers predict inside record too, until train; both return the network', () => {
    const net = new Sequential(new Sequential(new Dropout(0.5)))
    const x = np.ones([200])
    const zeros = (): number => numbers(autograd.record(() => net(x)) as NDArray).filter(v => v === 0).length
    expect([net.training, zeros() > 0]).toEqual([true, true])
    expect(net.eval()).toBe(net)
    expect([net.training, net[0].training, zeros()]).toEqual([false, false, 0])
    expect(numbers(autograd.record(() => net[0][0](x)) as NDArray).every(v => v === 1)).toBe(true)
    expect(net.train()).toBe(net)
    expect([net.training, zeros() > 0]).toEqual([true, true])
    expect(net.train(false).training).toBe(false)
    expect(numbers(net.train()(x) as NDArray).every(v => v === 1)).toBe(true)
  })

  it('gradients flow after eval', () => {
    const net = ready().eval()
    autograd.record(() => net(np.ones([1, 4]))).backward()
    expect(numbers(net.out.bias!.grad())).toEqual([1, 1])
  })
})

describe('apply', () => {
  freshProcess()

  it('P-13: children first, each distinct block once; the class can be asked for', () => {
    const net = tied()
    const seen: Block[] = []
    expect(net.apply(block => void seen.push(block))).toBe(net)
    expect(seen).toEqual([net[0], net[1], net[2], net[3], net])
    net.apply(block => { if (block instanceof Dense) init.zeros_(block.weight) })
    expect(numbers(net[2].weight.data())).toEqual(new Array(9).fill(0))
  })
})

describe('Linear and ReLU', () => {
  freshProcess()

  it('P-01, P-11: a network that needs no initialize, and how it prints', () => {
    const net = new Sequential(new Linear(20, 256), new ReLU(), new Linear(256, 10, { bias: false }))
    expect((net(np.ones([2, 20])) as NDArray).shape).toEqual([2, 10])
    expect(String(net)).toBe('Sequential(\n  (0): Linear(in_features=20, out_features=256, bias=True)\n  (1): ReLU()\n  (2): Linear(in_features=256, out_features=10, bias=False)\n)')
    expect([net[0].name, net[1].name, net[2].bias]).toEqual(['linear0', 'relu0', null])
  })

  it('P-24: weight, then bias, from U(-1/√in, 1/√in), on the main stream', () => {
    const layer = new Linear(16, 100)
    expect(position()).toBe(1700)
    np.random.seed(0)
    const expected = numbers(np.random.uniform(-0.25, 0.25, [1600]))
    expect(numbers(layer.weight.data())).toEqual(expected)
    const bias = numbers(layer.bias!.data())
    expect([Math.max(...bias.map(Math.abs)) <= 0.25, Math.max(...bias) > 0.2, Math.min(...bias) < -0.2]).toEqual([true, true, true])
  })

  it('works on the last axis and trains', () => {
    const layer = new Linear(2, 1)
    init.constant_(layer.weight, 3)
    init.zeros_(layer.bias!)
    expect(layer(np.ones([4, 5, 2])).shape).toEqual([4, 5, 1])
    const y = autograd.record(() => layer(np.array([[1, 2]])))
    y.backward()
    expect([y.item(), ...numbers(layer.weight.grad())]).toEqual([9, 1, 2])
    expect(layer.weight.grad().shape).toEqual([1, 2])
  })

  it('shares parameters, and is initialized again only by force', () => {
    const first = new Linear(2, 2)
    const second = new Linear(2, 2, { params: first.params })
    expect(second.weight).toBe(first.weight)
    expect(warnings).toEqual([])
    const before = numbers(first.weight.data())
    first.initialize('ones')
    expect([numbers(first.weight.data()), warnings.length]).toEqual([before, 2])
    first.initialize({ forceReinit: true })
    expect(numbers(first.weight.data())).not.toEqual(before)
    expect(Math.max(...numbers(first.weight.data()).map(Math.abs))).toBeLessThanOrEqual(Math.fround(Math.SQRT1_2))
  })

  it.each([[0, 1], [1.5, 1], [1, 0]])('refuses sizes %s and %s', (inUnits, units) => {
    expect(() => new Linear(inUnits, units)).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it('ReLU', () => {
    expect(numbers(new ReLU()(np.array([-1, 0, 2])))).toEqual([0, 0, 2])
  })

  it('P-18: a parameter in a field is collected, saved and trained', () => {
    class MyLinear extends Block {
      weight = new Parameter('my_weight', { shape: [5, 3] })
      bias = new Parameter('my_bias', { shape: 3, init: 'zeros' })
      override forward(x: NDArray): NDArray { return npx.relu(x.matmul(this.weight.data()).add(this.bias.data())) }
    }
    const net = new MyLinear()
    expect([...net.collectParams().keys()]).toEqual(['my_weight', 'my_bias'])
    net.initialize('ones')
    const y = autograd.record(() => net(np.ones([1, 5])))
    y.backward()
    expect([numbers(y), numbers(net.bias.grad())]).toEqual([[5, 5, 5], [1, 1, 1]])
    expect([...net.stateDict().keys()]).toEqual(['weight', 'bias'])
  })
})

describe('P-14: initializing in place', () => {
  freshProcess()
  const uniform = (low: number, high: number, n: number): number[] => {
    np.random.seed(0)
    return numbers(np.random.uniform(low, high, [n]))
  }
  const normal = (mean: number, std: number, n: number): number[] => {
    np.random.seed(0)
    return numbers(np.random.normal(mean, std, [n]))
  }

  it.each([
    ['normal_', (w: Parameter) => init.normal_(w, 1, 0.01), () => normal(1, 0.01, 12)],
    ['uniform_', (w: Parameter) => init.uniform_(w, -2, 3), () => uniform(-2, 3, 12)],
    ['zeros_', (w: Parameter) => init.zeros_(w), () => new Array<number>(12).fill(0)],
    ['ones_', (w: Parameter) => init.ones_(w), () => new Array<number>(12).fill(1)],
    ['constant_', (w: Parameter) => init.constant_(w, 5), () => new Array<number>(12).fill(5)],
    ['xavierUniform_', (w: Parameter) => init.xavierUniform_(w, 2), () => uniform(-2 * Math.sqrt(6 / 7), 2 * Math.sqrt(6 / 7), 12)],
    ['xavierNormal_', (w: Parameter) => init.xavierNormal_(w), () => normal(0, Math.sqrt(2 / 7), 12)],
  ])('%s writes into the array that others hold, unrecorded, and gives it back', (_, fill, expected) => {
    const layer = new Dense(3, { inUnits: 4 })
    layer.initialize()
    const [data, grad] = [layer.weight.data(), layer.weight.grad()]
    np.random.seed(0)
    autograd.record(() => { expect(fill(layer.weight)).toBe(layer.weight) })
    expect([layer.weight.data() === data, layer.weight.grad() === grad]).toEqual([true, true])
    expect(numbers(data)).toEqual(expected())
    autograd.record(() => layer(np.ones([1, 4]))).backward()
    expect(numbers(layer.weight.grad())).toEqual(new Array(12).fill(1))
  })

  it('all copies of a parameter get the same; plain arrays do too', () => {
    const [gpu0, gpu1] = twoGpus()
    const layer = new Dense(1, { inUnits: 2 })
    layer.initialize({ ctx: [gpu0, gpu1] })
    init.normal_(layer.weight)
    expect(numbers(layer.weight.data(gpu0))).toEqual(numbers(layer.weight.data(gpu1)))
    expect(init.constant_(np.zeros([2], { dtype: 'float64' }), 0.1).tolist()).toEqual([0.1, 0.1])
    expect(init.uniform_(np.zeros([3], { dtype: 'float64' })).dtype).toBe('float64')
  })

  it('P-15: and by arithmetic on the data', () => {
    const layer = new Dense(1, { inUnits: 3 })
    layer.initialize()
    layer.weight.setData(np.array([[-2, 5, -7]]))
    const data = layer.weight.data()
    data.imul(np.abs(data).ge(5))
    expect(numbers(layer.weight.data())).toEqual([-0, 5, -7])
  })

  it('refuses other things', () => {
    const layer = new Dense(1, { inUnits: 2 })
    layer.initialize()
    expectRefusal(layer, () => init.xavierUniform_(layer.bias!), 'ValueError', 'at least 2 dimensions, got shape (1,)')
    expectRefusal(layer, () => init.normal_(layer.weight, 0, -1), 'ValueError', 'std is not negative')
    expectRefusal(layer, () => init.constant_(layer.weight, 'a' as never), 'TypeError', 'value is a number')
    expect(() => init.zeros_([1] as never)).toThrow(TypeError)
    expect(() => init.zeros_(new Parameter('w', { shape: 1 }))).toThrow('has not been initialized')
    expect(position()).toBe(2)
  })
})
