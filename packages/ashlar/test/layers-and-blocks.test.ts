import { describe, expect, it } from 'vitest'
import { autograd, np, npx, nn } from 'ashlar'
import type { NDArray } from 'ashlar'
import { FancyMLP, MLP, MySequential, NestMLP, chapter, expectClose, freshProcess, getnet, numbers, position, sha256, warnings } from './support.ts'

const golden = chapter['5.1']
const draw = (): NDArray => np.random.uniform({ size: [2, 20] })

describe('section 5.1, in one process', () => {
  freshProcess()

  it('S5.1-01, 02, 07, 11, 19, 23: draws, weights and outputs of every network in turn', () => {
    const x = draw()
    expect([x.dtype, x.shape]).toEqual(['float32', [2, 20]])
    expect(numbers(x)).toEqual(golden.x)
    expect(position()).toBe(golden.pos_after_x)

    const net = getnet()
    net.initialize()
    expectClose(net(x), golden.sequential.out)
    expect(sha256(net[0].weight.data())).toBe(golden.sequential.w0_sha256)
    expect(sha256(net[1].weight.data())).toBe(golden.sequential.w1_sha256)
    expect(position()).toBe(golden.sequential.pos)

    const mlp = new MLP()
    mlp.initialize()
    expectClose(mlp(x), golden.mlp.out)
    expect(sha256(mlp.hidden.weight.data())).toBe(golden.mlp.w0_sha256)
    expect(sha256(mlp.output.weight.data())).toBe(golden.mlp.w1_sha256)
    expect(position()).toBe(golden.mlp.pos)

    const mine = new MySequential()
    const [first, second] = [new nn.Dense(256, { activation: 'relu' }), new nn.Dense(10)]
    mine.add(first)
    mine.add(second)
    mine.initialize()
    expectClose(mine(x), golden.mysequential.out)
    expect(sha256(first.weight.data())).toBe(golden.mysequential.w0_sha256)
    expect(sha256(second.weight.data())).toBe(golden.mysequential.w1_sha256)
    expect(position()).toBe(golden.mysequential.pos)

    const fancy = new FancyMLP()
    fancy.initialize()
    const value = fancy(x)
    expect(value.shape).toEqual([])
    expectClose(value, [golden.fancy.value])
    expect([fancy.halvings, fancy.times10]).toEqual([golden.fancy.halvings, golden.fancy.times10])
    expect(position()).toBe(golden.fancy.pos)

    const chimera = new nn.Sequential()
    const last = new FancyMLP()
    chimera.add(new NestMLP(), new nn.Dense(20), last)
    chimera.initialize()
    expectClose(chimera(x), [golden.chimera.value])
    expect([last.halvings, last.times10]).toEqual([golden.chimera.halvings, golden.chimera.times10])
    expect(position()).toBe(golden.chimera.pos)
    expect(warnings).toEqual([])
  })
})

describe('section 5.1, item by item', () => {
  freshProcess()

  it('S5.1-03: neither construction nor initialize needs an input size', () => {
    const net = getnet()
    net.initialize()
    expect(net[0].weight.shape).toEqual([256, -1])
  })

  it('S5.1-04: a call equals forward, and only the call runs hooks', () => {
    const net = getnet()
    net.initialize()
    const x = draw()
    const seen: string[] = []
    net.registerForwardHook(() => void seen.push('hook'))
    expect(numbers(net(x))).toEqual(numbers(net.forward(x)))
    expect(seen).toEqual(['hook'])
  })

  it('S5.1-05: add keeps the order, takes several blocks, and counts a container as one child', () => {
    const net = new nn.Sequential()
    const blocks = [new NestMLP(), new nn.Dense(20), new FancyMLP()]
    expect(net.add(...blocks)).toBeUndefined()
    expect([...net]).toEqual(blocks)
    expect(net.length).toBe(3)
  })

  it('S5.1-06: output sizes are free, and a dense layer takes input of any rank', () => {
    const layer = new nn.Dense(256)
    layer.initialize()
    expect(layer(np.ones([2, 3, 4, 5])).shape).toEqual([2, 256])
    expect(layer.weight.shape).toEqual([256, 60])
    expect(layer(np.ones([7, 60])).shape).toEqual([7, 256])
  })

  it('S5.1-08: layers belong to their object', () => {
    const [a, b] = [new MLP(), new MLP()]
    a.initialize()
    b.initialize()
    const x = draw()
    a(x)
    b(x)
    expect([...b.collectParams().keys()].some(name => a.collectParams().has(name))).toBe(false)
    const before = numbers(b.hidden.weight.data())
    a.hidden.weight.setData(np.zeros([256, 20]))
    expect(numbers(b.hidden.weight.data())).toEqual(before)
  })

  it('S5.1-09: prefix and params reach the block through the constructor', () => {
    const a = new MLP({ prefix: 'model_' })
    expect([a.name, a.prefix, a.params.prefix]).toEqual(['model', 'model_', 'model_'])
    const b = new nn.Dense(3, { prefix: 'other_', params: new nn.Dense(3, { prefix: 'first_' }).params })
    expect([b.prefix, b.weight.name]).toEqual(['other_', 'first_weight'])
  })

  it('S5.1-10, 12, 13: children written by a subclass count everywhere but in the printed form', () => {
    const net = new MySequential()
    const layer = new nn.Dense(4)
    net.add(layer)
    expect(layer.name).toBe('dense0')
    expect([...net.collectParams().keys()]).toEqual(['dense0_weight', 'dense0_bias'])
    const names: string[] = []
    net.apply(block => void names.push(block.name))
    expect(names).toEqual(['dense0', 'mysequential0'])
    expect(String(net)).toBe('MySequential(\n\n)')
  })

  it('S5.1-14: the printed form of a block with fields, after forward', () => {
    const net = new MLP()
    net.initialize()
    net(draw())
    expect(net.repr()).toBe('MLP(\n  (hidden): Dense(20 -> 256, Activation(relu))\n  (output): Dense(256 -> 10, linear)\n)')
  })

  it('S5.1-15, 16: a constant is listed, readable after initialize, and never trained', () => {
    const net = new FancyMLP()
    expect(() => net.randWeight.data()).toThrow('has not been initialized')
    expect(String(net.collectParams())).toContain('Constant fancymlp0_rand_weight (shape=(20, 20), dtype=float32)')
    net.initialize()
    expect(numbers(net.randWeight.data())).toEqual(numbers(net.randWeight.value))
    expect(net.randWeight.data().grad).toBeNull()
  })

  it('S5.1-17: a layer that is called twice gets the sum of both gradients', () => {
    const layer = new nn.Dense(3, { inUnits: 3, useBias: false })
    layer.initialize()
    layer.weight.setData(np.eye(3).mul(2))
    autograd.record(() => layer(layer(np.ones([1, 3])))).backward()
    // y = W W 1: the outer use gives 1 (W 1)ᵀ = 2, the inner one Wᵀ 1 1ᵀ = 2.
    expect(numbers(layer.weight.grad())).toEqual(new Array(9).fill(4))
  })

  it('S5.1-18, E5.1-2: one element is a truth value, several are not', () => {
    expect(np.abs(np.array([-2])).sum().gt(1).bool()).toBe(true)
    expect(+np.array([3]).sum() > 1).toBe(true)
    expect(() => np.ones([2]).bool()).toThrow('The truth value of an ndarray with multiple elements is ambiguous.')
  })

  it('S5.1-20, B-12.9: changing an intermediate in place is refused inside record', () => {
    const net = new FancyMLP()
    net.initialize()
    net(draw())
    expect(() => autograd.record(() => net(draw()))).toThrow('Assigning to NDArrays that are already in a computational graph')
    expect(net(draw()).shape).toEqual([])
  })

  it('S5.1-22, 24: names of a fresh process with the chimera only', () => {
    const net = new nn.Sequential(new NestMLP(), new nn.Dense(20), new FancyMLP())
    net.initialize()
    net(draw())
    expect([...net.collectParams()].map(([name, p]) => `${name} ${p.shape!.join('x')}`)).toEqual([
      'dense0_weight 64x20', 'dense0_bias 64', 'dense1_weight 32x64', 'dense1_bias 32', 'dense2_weight 16x32', 'dense2_bias 16',
      'dense3_weight 20x16', 'dense3_bias 20', 'fancymlp0_rand_weight 20x20', 'dense4_weight 20x20', 'dense4_bias 20',
    ])
  })

  it('E5.1-4: a parallel block passes gradients to both of its parts', () => {
    class Parallel extends nn.Block {
      net1: nn.Dense
      net2: nn.Dense
      constructor(net1: nn.Dense, net2: nn.Dense) {
        super()
        this.net1 = net1
        this.net2 = net2
      }
      override forward(x: NDArray): NDArray { return np.concatenate([this.net1(x), this.net2(x)], { axis: -1 }) }
    }
    const net = new Parallel(new nn.Dense(2), new nn.Dense(3))
    net.initialize()
    const y = autograd.record(() => net(draw()))
    expect(y.shape).toEqual([2, 5])
    y.backward()
    expect([...net.collectParams().values()].every(p => np.abs(p.grad()).sum().item() > 0)).toBe(true)
    expect(net.collectParams().size).toBe(4)
  })

  it('E5.1-5: a factory makes instances that share nothing', () => {
    const block = (): nn.Sequential => new nn.Sequential(new nn.Dense(4), new nn.Dense(2))
    const net = new nn.Sequential(block(), block(), block())
    expect(net.collectParams().size).toBe(12)
  })

  it('S5.1-21: the functions that the course uses in forward', () => {
    const x = np.array([[1, -2]])
    expect(npx.relu(np.dot(x, np.ones([2, 1])).add(1)).tolist()).toEqual([[0]])
    expect(np.abs(x).sum().item()).toBe(3)
  })
})
