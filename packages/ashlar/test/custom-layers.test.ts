import { describe, expect, it } from 'vitest'
import { autograd, gluon, np, npx, nn } from 'ashlar'
import type { NDArray } from 'ashlar'
import { chapter, expectClose, freshProcess, numbers, position } from './support.ts'

const golden = chapter['5.4']

class CenteredLayer extends nn.Block {
  override forward(x: NDArray): NDArray { return x.sub(x.mean()) }
}

class MyDense extends nn.Block {
  weight: nn.Parameter
  bias: nn.Parameter
  constructor(units: number, inUnits: number, options: nn.BlockOptions = {}) {
    super(options)
    this.weight = this.params.get('weight', { shape: [inUnits, units] })
    this.bias = this.params.get('bias', { shape: [units] })
  }
  override forward(x: NDArray): NDArray {
    return npx.relu(np.dot(x, this.weight.data()).add(this.bias.data()))
  }
}

describe('section 5.4, custom layers', () => {
  freshProcess()

  it('S5.4-01, 02: a layer without parameters, on an array of whole numbers', () => {
    const x = np.array([1, 2, 3, 4, 5])
    expect(x.dtype).toBe('float32')
    expect(new CenteredLayer()(x).repr()).toBe('array([-2., -1.,  0.,  1.,  2.])')
  })

  it('S5.4-04: its empty dictionary and printed form', () => {
    const layer = new CenteredLayer()
    expect(String(layer.params)).toBe('centeredlayer0_ (\n\n)')
    expect(String(layer)).toBe('CenteredLayer(\n\n)')
  })

  it('S5.4-05: a dictionary without prefix, a parameter without dtype', () => {
    const params = new gluon.ParameterDict()
    params.get('param2', { shape: [2, 3] })
    expect(params.repr()).toBe(`(\n  Parameter param2 (shape=(2, 3), dtype=<class 'numpy.float32'>)\n)`)
  })

  it('S5.4-03, 06, 07, 08: the numbers of the section, in one process', () => {
    const net = new nn.Sequential()
    net.add(new nn.Dense(128), new CenteredLayer())
    net.initialize()
    const y = net(np.random.uniform({ size: [4, 8] })) as NDArray
    expect(Math.abs(y.mean().item())).toBeLessThan(golden.centered_abs_mean_lt)

    const dense = new MyDense(3, 5)
    expect(String(dense.params)).toBe(`mydense0_ (\n  Parameter mydense0_weight (shape=(5, 3), dtype=<class 'numpy.float32'>)\n  Parameter mydense0_bias (shape=(3,), dtype=<class 'numpy.float32'>)\n)`)
    dense.initialize()
    expect(numbers(dense.weight.data())).toEqual(golden.mydense_weight)
    expect(numbers(dense.bias.data())).toEqual(golden.mydense_bias_is_random)
    const out = dense(np.random.uniform({ size: [2, 5] }))
    expectClose(out, golden.mydense_out!)
    expect(out.repr()).toBe('array([[0.        , 0.01633355, 0.        ],\n       [0.        , 0.01581812, 0.        ]])')

    const two = new nn.Sequential()
    two.add(new MyDense(8, 64), new MyDense(1, 8))
    two.initialize()
    expectClose(two(np.random.uniform({ size: [2, 64] })), golden.mydense_seq_out!)
    expect(position()).toBe(golden.pos)
  })

  it('S5.4-09: an unknown size without deferral is refused', () => {
    const layer = new MyDense(8, -1)
    expect(() => layer.initialize()).toThrow(expect.objectContaining({
      name: 'ValueError', message: expect.stringContaining(`Cannot initialize Parameter 'mydense0_weight' because it has invalid shape: (-1, 8).`),
    }))
    expect(() => layer.bias.data()).toThrow('has not been initialized')
  })

  it('S5.4-10: gradients reach parameters of custom layers', () => {
    const layer = new MyDense(1, 2)
    layer.initialize('ones')
    autograd.record(() => layer(np.array([[2, 3], [1, 1]]))).backward()
    expect(layer.weight.grad().tolist()).toEqual([[3], [4]])
    expect(layer.bias.grad().tolist()).toEqual([2])
  })

  it('E5.4-1: a layer that removes the mean and adds a learned offset', () => {
    class Offset extends nn.Block {
      offset = this.params.get('offset', { shape: 1, init: 'zeros' })
      override forward(x: NDArray): NDArray { return x.sub(x.mean()).add(this.offset.data()) }
    }
    const layer = new Offset()
    layer.initialize()
    const trainer = new gluon.Trainer(layer.collectParams(), 'sgd', { learningRate: 0.5 })
    autograd.record(() => layer(np.array([1, 2, 3]))).backward()
    trainer.step(3)
    expect(layer(np.array([1, 2, 3])).tolist()).toEqual([-1.5, -0.5, 0.5])
  })
})
