import { describe, expect, it } from 'vitest'
import { autograd, gluon, np, nn } from 'ashlar'
import type { NDArray } from 'ashlar'
import { FancyMLP, chapter, expectClose, freshProcess, numbers } from './support.ts'

const golden = chapter['5.2.3_fresh_tied']

function tied(): nn.Sequential {
  const net = new nn.Sequential()
  const shared = new nn.Dense(8, { activation: 'relu' })
  net.add(new nn.Dense(8, { activation: 'relu' }), shared, new nn.Dense(8, { activation: 'relu', params: shared.params }), new nn.Dense(10))
  return net
}

function section(): { net: nn.Sequential; x: NDArray; y: NDArray } {
  const net = tied()
  net.initialize()
  const x = np.random.uniform({ size: [2, 20] })
  return { net, x, y: net(x) }
}

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs))

describe('section 5.2.3, tied parameters', () => {
  freshProcess()

  it('S5.2-25: both layers hold the same parameter, before and after a change', () => {
    const { net, y } = section()
    expectClose(y, golden.y!)
    expect(numbers(net[1].weight.data().get(0))).toEqual(golden.shared_row0)
    expect(net[1].weight).toBe(net[2].weight)
    expect(net[1].bias).toBe(net[2].bias)
    const compare = (): string => String(net[1].weight.data().get(0).eq(net[2].weight.data().get(0)))
    expect(compare()).toBe('[ True  True  True  True  True  True  True  True]')
    net[1].weight.data().set([0, 0], 100)
    expect(compare()).toBe('[ True  True  True  True  True  True  True  True]')
    expect(net[2].weight.data().get(0, 0).item()).toBe(100)
  })

  it('S5.2-26: the third layer has a number of its own and the names of the shared one', () => {
    const net = tied()
    // The shared layer is made first, then the first, the tied and the last one.
    expect([...net].map(block => block.name)).toEqual(['dense1', 'dense0', 'dense2', 'dense3'])
    expect(net[2].weight.name).toBe('dense0_weight')
    expect([...net.collectParams().keys()]).toEqual([
      'dense1_weight', 'dense1_bias', 'dense0_weight', 'dense0_bias', 'dense3_weight', 'dense3_bias',
    ])
  })

  it('S5.2-27: the gradients of both uses are summed', () => {
    const { net, x } = section()
    autograd.record(() => net(x)).backward()
    expectClose(net[1].weight.grad(), golden.shared_grad_for_head_ones!)
    expectClose(net[1].bias.grad(), golden.shared_bias_grad!)
    const sum = net[0].weight.grad().sum().item() as number
    expect(Math.abs(sum - golden.w0_grad_sum)).toBeLessThan(1e-5 * Math.abs(golden.w0_grad_sum) + 1e-6)
    const parts = golden.only_second_layer_part!.map((part, i) => part + golden.only_third_layer_part![i]!)
    expect(largest(parts.map((part, i) => part - golden.shared_grad_for_head_ones![i]!))).toBeLessThan(1e-8)
  })

  it('S5.2-28: the first use tells the shared shape', () => {
    const { net } = section()
    expect(net[2].weight.shape).toEqual([8, 8])
  })

  it('E5.2-1: the parameters of FancyMLP', () => {
    const net = new FancyMLP()
    net.initialize()
    net(np.random.uniform({ size: [2, 20] }))
    expect(net.dense.weight.data().shape).toEqual([20, 20])
    expect(() => net.randWeight.grad()).toThrow(`Cannot get gradient array for Parameter 'fancymlp0_rand_weight' because grad_req='null'`)
  })

  it('E5.2-3: what can be seen before forward', () => {
    const net = tied()
    net.initialize()
    expect(net[1].weight.shape).toEqual([8, -1])
    expect(numbers(net[1].bias.data())).toEqual(new Array(8).fill(0))
  })

  it('E5.2-4, 5: training keeps the layers tied; sharing saves parameters', () => {
    const { net, x } = section()
    const trainer = new gluon.Trainer(net.collectParams(), 'sgd', { learningRate: 0.5 })
    for (let step = 0; step < 3; step++) {
      const before = numbers(net[1].weight.data())
      autograd.record(() => net(x)).backward()
      const gradient = numbers(net[1].weight.grad())
      trainer.step(2)
      expect(net[2].weight.data()).toBe(net[1].weight.data())
      expectClose(net[2].weight.data(), before.map((w, i) => w - 0.25 * gradient[i]!))
    }
    const count = (parameters: Iterable<nn.Parameter>): number => [...parameters].reduce((n, p) => n + p.data().size, 0)
    expect(count(net.collectParams().values())).toBe(168 + 72 + 90)
  })
})
