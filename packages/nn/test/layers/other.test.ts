import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { array, autograd, np, scope, seed } from '@ashlar/core'
import * as nn from '@ashlar/nn'
import { ReflectionPad2D } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position } from '../support.ts'
import { checkLayer, distance, scattered } from './reference.ts'

const train = <T>(fn: () => T): T => autograd.trainMode(fn)

describe('Dropout', () => {
  freshProcess()

  it('B-10.4a: in training the kept elements grow by 1 / (1 - p), and the gradient goes through them alone', () => {
    const layer = new nn.Dropout(0.25)
    const x = np.ones([1000])
    x.attachGrad()
    const y = autograd.record(() => layer(x))
    y.backward()
    const values = numbers(y)
    expect(new Set(values)).toEqual(new Set([0, Math.fround(4 / 3)]))
    expect(Math.abs(values.filter(value => value === 0).length - 250)).toBeLessThan(60)
    expect(numbers(x.grad!)).toEqual(values)
  })

  it('B-10.4b, B-5.10: prediction hands on what comes, and draws nothing', () => {
    const layer = new nn.Dropout(0.9)
    const x = np.ones([5])
    expect(numbers(layer(x))).toEqual([1, 1, 1, 1, 1])
    expect(numbers(autograd.record(() => layer(x), { trainMode: false }))).toEqual([1, 1, 1, 1, 1])
    const first = numbers(train(() => layer(np.ones([50]))))
    seed(0)
    layer(x)
    expect(numbers(train(() => layer(np.ones([50]))))).toEqual(first)
  })

  it('B-10.4c: along axes one decision stands for all', () => {
    const y = train(() => new nn.Dropout(0.5, { axes: [0, 2] })(np.ones([4, 30, 3]))).tolist() as number[][][]
    const row = y[0]!.map(each => each[0]!)
    expect(new Set(row)).toEqual(new Set([0, 2]))
    for (const sample of y) expect(sample).toEqual(row.map(value => [value, value, value]))
  })

  it('N-05: draws from the parallel stream, so that initial values stay what they would be', () => {
    train(() => new nn.Dropout(0.5)(np.ones([100])))
    expect(position()).toBe(0)
  })

  it('a rate of 0 drops nothing', () => {
    expect(numbers(train(() => new nn.Dropout(0)(np.ones([9]))))).toEqual(new Array(9).fill(1))
  })

  it.each([[1, 'rate is a number from 0 up to but without 1, got 1'], [-0.1, 'rate'], [Number.NaN, 'rate'], ['half' as never, 'rate']])('refuses the rate %s', (rate, text) => {
    expect(() => new nn.Dropout(rate)).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining(text) }))
  })

  it('refuses axes that are none', () => {
    expect(() => new nn.Dropout(0.5, { axes: 0 as never })).toThrow(/axes are whole numbers, got 0/)
    expect(() => train(() => new nn.Dropout(0.5, { axes: [2] })(np.ones([2, 2])))).toThrow(/axis 2 is out of bounds/)
  })
})

describe('Embedding', () => {
  freshProcess()

  it.each(['int32', 'float32', 'float64', 'uint8'] as const)('B-10.6a: takes indices of %s', dtype => {
    const layer = new nn.Embedding(4, 2)
    layer.initialize()
    const table = layer.weight.data().tolist() as number[][]
    const y = layer(array([[3, 0, 3]], { dtype }))
    expect([y.shape, y.dtype]).toEqual([[1, 3, 2], 'float32'])
    expect(y.tolist()).toEqual([[table[3], table[0], table[3]]])
  })

  it('B-10.6b: the gradient has rows for used ids alone, added up over their uses', () => {
    const layer = new nn.Embedding(4, 2)
    layer.initialize()
    autograd.record(() => layer(array([3, 0, 3], { dtype: 'int32' })).mul(array([[1, 10], [2, 20], [3, 30]]))).backward()
    expect(layer.weight.grad().tolist()).toEqual([[2, 20], [0, 0], [0, 0], [4, 40]])
  })

  it('B-10.6c: refuses an id that is not there, and stays as it was', () => {
    const layer = new nn.Embedding(4, 2)
    layer.initialize()
    expectRefusal(layer, () => layer(array([4])), 'IndexError', 'index 4 is out of bounds for axis 0 with size 4')
  })

  it('another dtype, and sizes that are none', () => {
    const layer = new nn.Embedding(3, 2, { dtype: 'float64', weightInitializer: 'ones' })
    layer.initialize()
    expect([layer(array([0])).dtype, String(layer)]).toEqual(['float64', 'Embedding(3 -> 2, float64)'])
    expect(() => new nn.Embedding(0, 2)).toThrow(/inputDim is a whole number from 1, got 0/)
    expect(() => new nn.Embedding(2, 1.5)).toThrow(/outputDim is a whole number from 1, got 1.5/)
    expect(() => new nn.Embedding(2, 2, { sparseGrad: true as never })).toThrow(expect.objectContaining({ name: 'NotImplementedError' }))
  })
})

describe('Lambda', () => {
  freshProcess()

  it.each([[nn.Lambda, 'lambda0'], [nn.HybridLambda, 'hybridlambda0']] as const)('B-10.7a: a name is looked up, in npx and in np: %o', (Layer, name) => {
    const layer = new Layer('relu')
    expect(layer.name).toBe(name)
    expect(numbers(layer(array([-1, 2])) as NDArray)).toEqual([0, 2])
    expect(numbers(new Layer('square')(array([-1, 2])) as NDArray)).toEqual([1, 4])
    expect(String(new Layer('log_softmax'))).toBe(`${Layer.name}(log_softmax)`)
    expect(new Layer('log_softmax')(array([1, 1]))).toEqual(expect.anything())
  })

  it.each([[nn.Lambda, 'ndarray'], [nn.HybridLambda, 'symbol/ndarray']] as const)('B-10.7b: an unknown name is an AssertionError: %o', (Layer, place) => {
    for (const name of ['nothing', 'random', 'constructor', 'toString']) {
      expect(() => new Layer(name)).toThrow(expect.objectContaining({ name: 'AssertionError', message: expect.stringContaining(`Function name ${name} is not found in ${place}.`) }))
    }
  })

  it.each([nn.Lambda, nn.HybridLambda])('B-10.7c: a function is called with all inputs, and may keep what it makes: %o', Layer => {
    const kept: NDArray[] = []
    const layer = new Layer((x: NDArray, y: NDArray) => {
      kept.push(x.mul(y))
      return kept[0]!.add(1)
    })
    expect(numbers(layer(array([2]), array([3])) as NDArray)).toEqual([7])
    expect(numbers(kept[0]!)).toEqual([6])
    scope(() => new nn.Sequential(layer))
  })

  it.each([nn.Lambda, nn.HybridLambda])('B-10.7d: anything else is a ValueError: %o', Layer => {
    for (const other of [1, null, undefined, {}]) expect(() => new Layer(other as never)).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('Unrecognized function in lambda') }))
  })
})

describe('layers that work element by element', () => {
  freshProcess()

  const x = array([-2, -0.5, 0, 1.5], { dtype: 'float64' })
  const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v))
  /** Φ at these four, from tables of the normal distribution. */
  const phi = [0.022750131948, 0.308537538726, 0.5, 0.933192798731]

  it.each([
    ['LeakyReLU', new nn.LeakyReLU(0.1), (v: number) => (v > 0 ? v : 0.1 * v)],
    ['ELU', new nn.ELU(), (v: number) => (v > 0 ? v : Math.expm1(v))],
    ['ELU by name', new nn.ELU({ alpha: 2 }), (v: number) => (v > 0 ? v : 2 * Math.expm1(v))],
    ['SELU', new nn.SELU(), (v: number) => 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * Math.expm1(v))],
    ['GELU', new nn.GELU(), (v: number, i: number) => v * phi[i]!],
    ['Swish', new nn.Swish(), (v: number) => v * sigmoid(v)],
    ['Swish by name', new nn.Swish({ beta: 3 }), (v: number) => v * sigmoid(3 * v)],
    ['Activation relu as PReLU of 0.25', new nn.PReLU(), (v: number) => (v > 0 ? v : 0.25 * v)],
  ])('%s by formula, with its gradient', (_, layer, formula) => {
    layer.initialize()
    expect(distance(numbers(layer(x)), numbers(x).map(formula))).toBeLessThan(1e-9)
    checkLayer(layer, array([-2, -0.5, 0.25, 1.5]))
  })

  it('B-4.1: their names are those of their classes', () => {
    const layers = [new nn.LeakyReLU(0), new nn.PReLU(), new nn.ELU(), new nn.SELU(), new nn.GELU(), new nn.Swish(), new nn.Flatten(), new nn.Dropout(0), new nn.BatchNorm(), new nn.LayerNorm(),
      new nn.InstanceNorm(), new nn.GroupNorm(), new nn.Embedding(1, 1), new ReflectionPad2D()]
    expect(layers.map(layer => layer.name)).toEqual([
      'leakyrelu0', 'prelu0', 'elu0', 'selu0', 'gelu0', 'swish0', 'flatten0', 'dropout0', 'batchnorm0', 'layernorm0', 'instancenorm0', 'groupnorm0', 'embedding0', 'reflectionpad2d0',
    ])
  })

  it.each([
    ['a negative slope', () => new nn.LeakyReLU(-1), 'AssertionError', 'Slope coefficient for LeakyReLU must be no less than 0'],
    ['no slope', () => new nn.LeakyReLU(undefined as never), 'AssertionError', 'Slope coefficient'],
    ['an alpha that is none', () => new nn.ELU('1' as never), 'ValueError', 'alpha is a number'],
    ['a beta that is none', () => new nn.Swish(Number.NaN), 'ValueError', 'beta is a number'],
    ['an unknown option', () => new nn.PReLU({ alpha: 1 } as never), 'TypeError', `unknown option 'alpha'`],
  ])('refuses %s', (_, make, name, text) => {
    expect(make).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text) }))
  })
})

describe('Flatten and ReflectionPad2D', () => {
  freshProcess()

  it('Flatten keeps the samples', () => {
    const shapes = [[[2, 3, 4], [2, 12]], [[5], [5, 1]], [[0, 2, 3], [0, 6]], [[2, 0], [2, 0]]]
    for (const [shape, expected] of shapes) expect(new nn.Flatten()(np.ones(shape!)).shape).toEqual(expected)
    expect(() => new nn.Flatten()(array(1))).toThrow(/a scalar has no axis of samples/)
  })

  it('ReflectionPad2D mirrors without repeating the edge', () => {
    const x = np.arange(6).reshape([1, 1, 2, 3])
    expect(new nn.ReflectionPad2D(1)(x).tolist()).toEqual([[[[4, 3, 4, 5, 4], [1, 0, 1, 2, 1], [4, 3, 4, 5, 4], [1, 0, 1, 2, 1]]]])
    expect(new nn.ReflectionPad2D([0, 0, 0, 0, 1, 0, 0, 2])(x).tolist()).toEqual([[[[3, 4, 5, 4, 3], [0, 1, 2, 1, 0], [3, 4, 5, 4, 3]]]])
    expect(new nn.ReflectionPad2D()(x).tolist()).toEqual(x.tolist())
    checkLayer(new nn.ReflectionPad2D({ padding: 1 }), scattered([1, 2, 3, 2]))
  })

  it.each([
    ['half a width', () => new nn.ReflectionPad2D(0.5), 'padding is a whole number from 0'],
    ['four widths', () => new nn.ReflectionPad2D([1, 1, 1, 1]), 'padding is a whole number from 0, or 8 of them'],
    ['another rank', () => new nn.ReflectionPad2D(1)(np.ones([2, 2, 2])), 'the input is (N, C, H, W)'],
    ['more than a mirror has', () => new nn.ReflectionPad2D(2)(np.ones([1, 1, 2, 2])), 'cannot fill 2 and 2'],
  ])('refuses %s', (_, run, text) => {
    expect(run).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining(text) }))
  })
})

describe('layers that share parameters', () => {
  freshProcess()

  it.each([
    [new nn.Conv2D(2, 1, { inChannels: 3 }), (params: nn.ParameterDict) => new nn.Conv2D(2, 1, { params }), [1, 3, 2, 2]],
    [new nn.BatchNorm({ inChannels: 3 }), (params: nn.ParameterDict) => new nn.BatchNorm({ params }), [2, 3]],
    [new nn.rnn.GRU(2, 2, { inputSize: 3 }), (params: nn.ParameterDict) => new nn.rnn.GRU(2, 2, { params }), [2, 1, 3]],
    [new nn.Embedding(3, 2), (params: nn.ParameterDict) => new nn.Embedding(3, 2, { params }), [1]],
  ] as const)('B-4.5: %s, made again with its parameters, computes the same', (layer, make, shape) => {
    layer.initialize()
    const twin = make(layer.params)
    expect([...twin.collectParams().values()]).toEqual([...layer.collectParams().values()])
    expect((twin(np.ones(shape)) as NDArray).tolist()).toEqual((layer(np.ones(shape)) as NDArray).tolist())
  })
})
