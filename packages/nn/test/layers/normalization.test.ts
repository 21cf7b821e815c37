import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { array, autograd, memory, np, scope } from '@ashlar/core'
import { BatchNorm, Dense, GroupNorm, InstanceNorm, LayerNorm, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, twoGpus, withFolder } from '../support.ts'
import { checkLayer, distance, positions, scatter, scattered } from './reference.ts'

/** Each element less its group's mean, over the root of its group's variance; then gamma and beta by channel. */
function standardized(x: NDArray, group: (at: number[]) => string, channel: (at: number[]) => number, gamma: number[], beta: number[], epsilon = 1e-5): number[] {
  const [places, data] = [positions(x.shape), numbers(x)]
  const groups = new Map<string, number[]>()
  places.forEach((at, i) => groups.set(group(at), [...(groups.get(group(at)) ?? []), data[i]!]))
  return places.map((at, i) => {
    const values = groups.get(group(at))!
    const mean = values.reduce((a, b) => a + b) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return ((data[i]! - mean) / Math.sqrt(variance + epsilon)) * gamma[channel(at)]! + beta[channel(at)]!
  })
}

const train = <T>(fn: () => T): T => autograd.trainMode(fn)

const CASES: [string, BatchNorm | LayerNorm | InstanceNorm | GroupNorm, number[], (at: number[]) => string, (at: number[]) => number][] = [
  ['BatchNorm', new BatchNorm(), [3, 2, 4], ([, c]) => `${c}`, ([, c]) => c!],
  ['BatchNorm, channels last', new BatchNorm({ axis: -1 }), [3, 2, 4], ([, , c]) => `${c}`, ([, , c]) => c!],
  ['BatchNorm of rows', new BatchNorm({ axis: 1 }), [5, 3], ([, c]) => `${c}`, ([, c]) => c!],
  ['LayerNorm', new LayerNorm(), [3, 2, 4], ([n, t]) => `${n} ${t}`, ([, , c]) => c!],
  ['LayerNorm along axis 1', new LayerNorm({ axis: 1 }), [3, 4, 2], ([n, , t]) => `${n} ${t}`, ([, c]) => c!],
  ['InstanceNorm', new InstanceNorm({ scale: true }), [2, 3, 2, 3], ([n, c]) => `${n} ${c}`, ([, c]) => c!],
  ['InstanceNorm, channels last', new InstanceNorm({ axis: -1 }), [2, 4, 3], ([n, , c]) => `${n} ${c}`, ([, , c]) => c!],
  ['GroupNorm', new GroupNorm({ numGroups: 2 }), [2, 4, 3], ([n, c]) => `${n} ${c! >> 1}`, ([, c]) => c!],
  ['GroupNorm of one group', new GroupNorm(), [2, 3, 2, 2], ([n]) => `${n}`, ([, c]) => c!],
]

describe('normalization', () => {
  freshProcess()

  it.each(CASES)('%s is what its formula says', (_, layer, shape, group, channel) => {
    const x = scattered(shape)
    layer.initialize()
    train(() => layer(x))
    layer.cast('float64')
    scatter(layer)
    const [gamma, beta] = [numbers(layer.gamma.data()), numbers(layer.beta.data())]
    expect(distance(numbers(train(() => layer(x))), standardized(x, group, channel, gamma, beta))).toBeLessThan(1e-12)
  })

  it.each(CASES)('gradients of %s are what differences give', (_, layer, shape) => {
    checkLayer(layer, scattered(shape), x => train(() => layer(x)))
  })

  it('N-04: what waits for the first input is drawn in order, gamma first', () => {
    const layer = new LayerNorm({ gammaInitializer: 'uniform', betaInitializer: 'uniform' })
    layer.initialize()
    layer(np.ones([1, 2]))
    // The first four draws of the main stream from seed 0, between -0.07 and 0.07.
    expect(distance([...numbers(layer.gamma.data()), ...numbers(layer.beta.data())], [0.006833896, 0.012998246, 0.030126505, 0.04819721])).toBeLessThan(1e-7)
  })

  it('Q-13: GroupNorm has one gamma and one beta a channel', () => {
    const layer = new GroupNorm({ numGroups: 2 })
    layer.initialize()
    layer(np.ones([1, 6, 2]))
    expect([layer.gamma.shape, layer.beta.shape]).toEqual([[6], [6]])
    expect(new GroupNorm({ inChannels: 4 }).gamma.shape).toEqual([4])
  })

  it('what is not learnt stays as it was initialized, and can get no gradient', () => {
    const layer = new InstanceNorm({ gammaInitializer: '["constant", {"value": 2}]', center: false, betaInitializer: 'ones', inChannels: 2 })
    layer.initialize()
    layer.gamma.gradReq = 'write'
    expect([layer.gamma.gradReq, layer.beta.gradReq]).toEqual(['null', 'null'])
    expect(distance(numbers(layer(array([[[1, 3], [5, 9]]]))), [-1, 3, -1, 3])).toBeLessThan(1e-4)
  })

  it.each([
    ['an epsilon that is none', () => new LayerNorm({ epsilon: 'small' as never }), 'ValueError', 'epsilon is a number'],
    ['half a channel', () => new BatchNorm({ inChannels: 0.5 }), 'ValueError', 'inChannels is a whole number from 0'],
    ['no groups', () => new GroupNorm({ numGroups: 0 }), 'ValueError', 'numGroups is a whole number from 1'],
    ['an unknown option', () => new InstanceNorm({ eps: 1 } as never), 'TypeError', `unknown option 'eps'`],
    ['an axis that is not there', () => new LayerNorm({ axis: 2 })(np.ones([2, 2])), 'ValueError', 'axis 2 is out of bounds'],
    ['channels that groups do not divide', () => new GroupNorm({ numGroups: 2 })(np.ones([2, 3])), 'ValueError', '3 channels do not divide into 2 groups'],
  ])('refuses %s', (_, run, name, text) => {
    expect(run).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text) }))
  })

  it.each([new BatchNorm(), new LayerNorm({ axis: 1 }), new InstanceNorm(), new GroupNorm()])('E5.3-2: %s refuses other channels and stays as it was', layer => {
    layer.initialize()
    layer(np.ones([2, 3, 2]))
    expectRefusal(layer, () => train(() => layer(np.ones([2, 4, 2]))), 'MXNetError', 'Shape inconsistent, Provided = [3], inferred shape=(4,)')
  })
})

describe('BatchNorm', () => {
  freshProcess()

  const x = array([[1, 10], [3, 30], [8, 20]])
  const [mean, variance] = [[4, 20], [26 / 3, 200 / 3]]

  function made(options: ConstructorParameters<typeof BatchNorm>[0] = {}): BatchNorm {
    const layer = new BatchNorm({ inChannels: 2, ...options })
    layer.initialize()
    return layer
  }

  const statistics = (layer: BatchNorm): number[][] => [numbers(layer.runningMean.data()), numbers(layer.runningVar.data())]
  const expectStatistics = (layer: BatchNorm, expected: number[][]): void => expect(distance(statistics(layer).flat(), expected.flat())).toBeLessThan(1e-5)

  it('B-10.5a: running statistics move by the momentum, with the biased variance', () => {
    const layer = made({ momentum: 0.75 })
    train(() => layer(x))
    expectStatistics(layer, [mean.map(m => 0.25 * m), variance.map(v => 0.75 + 0.25 * v)])
    train(() => layer(x))
    expectStatistics(layer, [mean.map(m => 0.4375 * m), variance.map(v => 0.5625 + 0.4375 * v)])
  })

  it('B-10.5b, Q-15: the train-mode forward moves them, not backward, and prediction leaves them', () => {
    const layer = made()
    const y = autograd.record(() => layer(x))
    const after = statistics(layer)
    expectStatistics(layer, [mean.map(m => 0.1 * m), variance.map(v => 0.9 + 0.1 * v)])
    y.backward()
    layer(x)
    autograd.record(() => layer(x), { trainMode: false })
    expect(statistics(layer)).toEqual(after)
  })

  it('B-10.5c: prediction uses them', () => {
    const layer = made()
    layer.runningMean.setData(array([1, 2]))
    layer.runningVar.setData(array([4, 9]))
    expect(distance(numbers(layer(array([[3, 8]]))), [1, 2])).toBeLessThan(1e-5)
  })

  it('B-10.5d: useGlobalStats uses them in training too, and leaves them', () => {
    const layer = made({ useGlobalStats: true })
    layer.runningMean.setData(array([1, 2]))
    layer.runningVar.setData(array([4, 9]))
    const input = array([[3, 8]])
    input.attachGrad()
    const y = autograd.record(() => layer(input))
    expect(distance(numbers(y), [1, 2])).toBeLessThan(1e-5)
    y.backward()
    expect(distance(numbers(input.grad!), [1 / 2, 1 / 3])).toBeLessThan(1e-5)
    expect(statistics(layer)).toEqual([[1, 2], [4, 9]])
  })

  it('B-10.5e: scale=False fixes gamma to 1, whatever it is said to be', () => {
    const layer = made({ scale: false, gammaInitializer: '["constant", {"value": 5}]' })
    const plain = made()
    expect(layer.gamma.gradReq).toBe('null')
    expect(numbers(train(() => layer(x)))).toEqual(numbers(train(() => plain(x))))
    expect(numbers(layer(x))).toEqual(numbers(plain(x)))
  })

  it('B-10.5f: running statistics have no gradient, and nobody can give them one', () => {
    const layer = made()
    layer.runningMean.gradReq = 'write'
    expect([...layer.collectParams().values()].map(p => [p.name, p.gradReq, p.differentiable])).toEqual([
      ['batchnorm0_gamma', 'write', true], ['batchnorm0_beta', 'write', true], ['batchnorm0_running_mean', 'null', false], ['batchnorm0_running_var', 'null', false],
    ])
  })

  it('B-10.5g: each context has running statistics of its own batches', () => {
    const [gpu0, gpu1] = twoGpus()
    const layer = new BatchNorm()
    layer.initialize(null, { ctx: [gpu0, gpu1] })
    train(() => layer(x.copyto(gpu1)))
    expect([gpu0, gpu1].map(ctx => numbers(layer.runningMean.data(ctx)))).toEqual([[0, 0], [Math.fround(0.1 * 4), 2]])
  })

  it('B-3.8a: cast to float16 gives float32, and other dtypes are taken', () => {
    const net = new Sequential(new Dense(2, { inUnits: 3 }), new BatchNorm({ inChannels: 2 }))
    net.initialize()
    net.cast('float16')
    expect([...net.collectParams().values()].map(p => p.dtype)).toEqual(['float16', 'float16', 'float32', 'float32', 'float32', 'float32'])
    expect(train(() => net(np.ones([4, 3], { dtype: 'float16' })) as NDArray).dtype).toBe('float16')
    net.cast('float64')
    expect(net[1]!.running_var.dtype).toBe('float64')
  })

  it('B-3.8b: statistics of float16 batches are computed in float32', () => {
    const layer = new BatchNorm()
    layer.initialize()
    const y = train(() => layer(array([[300], [-300]], { dtype: 'float16' })))
    expect([y.dtype, numbers(y)]).toEqual(['float16', [1, -1]])
    expect(numbers(layer.runningVar.data())[0]).toBeCloseTo(0.9 + 0.1 * 90000, 2)
  })

  it('Q-15b: what scope and backward free, the statistics are not', () => {
    const layer = made()
    const value = scope(() => {
      const loss = autograd.record(() => layer(x).sum())
      loss.backward()
      return loss.item()
    })
    expect(value).toBeCloseTo(0, 4)
    expectStatistics(layer, [mean.map(m => 0.1 * m), variance.map(v => 0.9 + 0.1 * v)])
    expect(() => layer.runningMean.data().dispose()).toThrow()
  })

  it('many steps keep no more arrays than one', () => {
    const layer = made()
    const step = (): void => scope(() => autograd.record(() => layer(x).mul(x).sum()).backward())
    step()
    const before = memory()
    for (let i = 0; i < 20; i++) step()
    expect(memory()).toEqual(before)
  })

  it('an empty batch leaves the statistics', () => {
    const layer = made()
    expect(train(() => layer(np.zeros([0, 2]))).shape).toEqual([0, 2])
    expect(statistics(layer)).toEqual([[0, 0], [1, 1]])
  })

  it('C-1.10: files have them under Gluon\'s names', () => {
    withFolder(path => {
      const net = new Sequential(new Dense(2, { inUnits: 2 }), made())
      net.initialize()
      train(() => net(x))
      net.saveParameters(path('bn.params'))
      const clone = new Sequential(new Dense(2), new BatchNorm())
      clone.loadParameters(path('bn.params'))
      expect(clone[1]!.running_mean.data().tolist()).toEqual(net[1]!.running_mean.data().tolist())
      expect([...net[1]!.fieldParameters.keys()]).toEqual(['gamma', 'beta', 'running_mean', 'running_var'])
      const less = new Sequential(new Dense(2, { inUnits: 2 }))
      less.initialize()
      less.saveParameters(path('less.params'))
      expectRefusal(clone, () => clone.loadParameters(path('less.params')), 'AssertionError', `Parameter '1.gamma' is missing in file`)
    })
  })
})
