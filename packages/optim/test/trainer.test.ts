import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { Context, array, autograd, np } from '@ashlar/core'
import { Constant, Dense, Parameter, ParameterDict, Sequential } from '@ashlar/nn'
import type { OptimizerState, StepSettings, Stepped } from '@ashlar/optim'
import { Optimizer, SGD, Trainer } from '@ashlar/optim'
import { backward, freshProcess, numbers, parameter } from './support.ts'

const refused = (name: string, text: string): unknown => expect.objectContaining({ name, message: expect.stringContaining(text) })

/** Notes the weights that it is asked to step, by their first element. */
class Recorder extends Optimizer {
  readonly seen: number[] = []
  readonly settings: StepSettings[] = []
  constructor() { super({ learningRate: 0.5, wd: 0.1, rescaleGrad: 3 }, 1) }
  override step(weight: NDArray, _gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    this.seen.push(numbers(weight)[0]!)
    this.settings.push({ ...settings })
    return { weight: weight.copy(), state }
  }
}

describe('B-7.1: what a trainer is made with', () => {
  freshProcess()

  it('B-7.1a: dictionaries are taken in the order of their names, dense10 before dense2; lists as they are', () => {
    const values: [string, number][] = [['dense2_weight', 2], ['dense10_weight', 10], ['dense1_bias', 1]]
    const dict = new ParameterDict()
    const list = values.map(([name, value]) => dict.get(name, { shape: 1, init: `["constant", {"value": ${value}}]` }))
    dict.initialize()
    const order = (parameters: ConstructorParameters<typeof Trainer>[0]): number[] => {
      const recorder = new Recorder()
      for (const p of list) backward(p, [1])
      new Trainer(parameters, recorder).step(1)
      return recorder.seen
    }
    const sorted = [10, 1, 2]
    expect(order(dict)).toEqual(sorted)
    expect(order(new Map(list.map(p => [p.name, p])))).toEqual(sorted)
    expect(order(Object.fromEntries(list.map(p => [p.name, p])))).toEqual(sorted)
    expect(order(list)).toEqual([2, 10, 1])
  })

  it.each([[3], [null], ['net'], [[1, 2]], [{ a: 1 }]])('B-7.1b: refuses %o as parameters', value => {
    expect(() => new Trainer(value as never, 'sgd')).toThrow(refused('ValueError', 'First argument must be a list or dict of Parameters, got'))
  })

  it('B-7.1c: an optimizer by name or as it is, then without options', () => {
    const sgd = new SGD({ learningRate: 0.3 })
    expect(new Trainer([], sgd).optimizer).toBe(sgd)
    expect(new Trainer([], 'ADAM').learningRate).toBe(0.001)
    expect(() => new Trainer([], sgd, { learningRate: 1 })).toThrow(refused('AssertionError', 'optimizer_params must be None if optimizer is an instance of Optimizer'))
    expect(() => new Trainer([], 'unknown')).toThrow(refused('ValueError', 'Cannot find optimizer unknown'))
  })

  it('B-7.1d: parameters that were never initialized are refused, deferred ones are not', () => {
    expect(() => new Trainer([new Parameter('w', { shape: 1 })], 'sgd')).toThrow(refused('RuntimeError', `Parameter 'w' has not been initialized`))
    const net = new Sequential(new Dense(1))
    net.initialize('ones')
    const trainer = new Trainer(net.collectParams(), 'sgd', { learningRate: 1 })
    expect(() => trainer.step(1)).toThrow(refused('DeferredInitializationError', 'initialization was deferred'))
    autograd.record(() => net(np.ones([1, 2])) as NDArray).backward()
    trainer.step(1)
    expect(numbers(net[0]!.weight.data())).toEqual([0, 0])
  })

  it('B-7.1e: all parameters are on the same contexts', () => {
    const other = parameter('b', [1])
    other.resetCtx(new Context('cpu', 1))
    expect(() => new Trainer([parameter('a', [1]), other], 'sgd')).toThrow(refused('AssertionError', 'All Parameters must be initialized on the same set of contexts, but Parameter b is initialized on [cpu(1)] while previous Parameters are initialized on [cpu(0)].'))
  })
})

describe('B-7.2, 7.3: step', () => {
  freshProcess()

  it('B-7.2a: divides by the batch size and updates every parameter', () => {
    const [a, b] = [parameter('a', [1]), parameter('b', [2])]
    const trainer = new Trainer([a, b], 'sgd', { learningRate: 1 })
    backward(a, [2])
    backward(b, [4])
    trainer.step(4)
    expect([a.data().item(), b.data().item()]).toEqual([0.5, 1])
  })

  it('B-7.2b: leaves gradReq null and constants alone', () => {
    const [a, frozen, constant] = [parameter('a', [1]), parameter('frozen', [2]), new Constant('c', [3])]
    constant.initialize()
    frozen.gradReq = 'null'
    const trainer = new Trainer([a, frozen, constant], 'sgd', { learningRate: 1, wd: 0.5 })
    backward(a, [1])
    trainer.step(1)
    expect([a, frozen, constant].map(p => p.data().item())).toEqual([-0.5, 2, 3])
  })

  it('keeps the array that others hold, and its gradient', () => {
    const p = parameter('w', [1])
    const [data, grad] = [p.data(), p.grad()]
    const trainer = new Trainer([p], 'sgd', { learningRate: 1 })
    backward(p, [1])
    trainer.step(1)
    expect([p.data() === data, p.grad() === grad, data.item()]).toEqual([true, true, 0])
  })

  it('B-7.3a: a stale gradient is refused, by name, and nothing changes', () => {
    const [a, b] = [parameter('a', [1]), parameter('b', [2])]
    const trainer = new Trainer([a, b], 'sgd', { learningRate: 1 })
    const text = 'Gradient of Parameter `b` on context cpu(0) has not been updated by backward since last `step`. This could mean a bug in your model that made it only use a subset of the Parameters (Blocks) for this iteration. If you are intentionally only using a subset, call step with ignore_stale_grad=True to suppress this warning and skip updating of Parameters with stale gradient'
    backward(a, [1])
    expect(() => trainer.step(1)).toThrow(refused('UserWarning', text))
    expect([a.data().item(), b.data().item()]).toEqual([1, 2])
    trainer.step(1, { ignoreStaleGrad: true })
    expect([a.data().item(), b.data().item()]).toEqual([0, 2])
    expect(() => trainer.step(1)).toThrow(refused('UserWarning', 'Gradient of Parameter `a`'))
    backward(a, [1])
    backward(b, [1])
    trainer.step(1)
    expect([a.data().item(), b.data().item()]).toEqual([-1, 1])
  })

  it('is not recorded', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.9 })
    backward(p, [1])
    autograd.record(() => trainer.step(1))
    backward(p, [1])
    expect(p.grad().item()).toBe(1)
  })

  it.each([0, -1, NaN, '2' as never])('refuses a batch of %s and changes nothing', batch => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1 })
    backward(p, [1])
    expect(() => trainer.step(batch)).toThrow(refused('ValueError', 'batch size'))
    expect(() => trainer.update(batch)).toThrow(refused('ValueError', 'batch size'))
    expect(p.data().item()).toBe(1)
    trainer.step(1)
    expect(p.data().item()).toBe(0)
  })

  it('the gradients of gradReq add are summed until zeroGrad', () => {
    const p = parameter('w', [1])
    p.gradReq = 'add'
    const trainer = new Trainer([p], 'sgd', { learningRate: 1 })
    backward(p, [1])
    backward(p, [1])
    trainer.step(2)
    expect(p.data().item()).toBe(0)
    p.zeroGrad()
    backward(p, [1])
    trainer.step(2)
    expect(p.data().item()).toBe(-0.5)
  })

  it('B-7.7: loaded and cast values are where the next step starts', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5 })
    backward(p, [1])
    trainer.step(1)
    p.setData(array([10]))
    p.cast('float64')
    backward(p, [1])
    trainer.step(1)
    expect([p.data().item(), p.data().dtype]).toEqual([8.5, 'float64'])
    backward(p, [1])
    p.cast('float32')
    trainer.step(1)
    expect(p.data().item()).toBe(6.75)
  })

  it('nothing to train is no error', () => {
    expect(() => new Trainer([], 'sgd').step(1)).not.toThrow()
  })
})

describe('B-7.4, 7.5, 7.8', () => {
  freshProcess()
  const two = (): Context[] => [new Context('cpu', 0), new Context('cpu', 1)]

  function replicated(): Parameter {
    const p = new Parameter('w', { shape: 1 })
    p.initialize('ones', { ctx: two() })
    return p
  }

  function backwardOn(p: Parameter, gradients: readonly number[]): void {
    two().forEach((ctx, i) => autograd.record(() => p.data(ctx).mul(gradients[i]!)).backward())
  }

  it('B-7.2c: several contexts get the sum, and stay equal', () => {
    const p = replicated()
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5 })
    backwardOn(p, [1, 2])
    trainer.step(6)
    expect(p.listData().map(a => a.item())).toEqual([0.5, 0.5])
    expect(p.listGrad().map(a => a.item())).toEqual([3, 3])
    backwardOn(p, [1, 2])
    trainer.step(6)
    expect(p.listData().map(a => a.item())).toEqual([-0.25, -0.25])
  })

  it('B-7.4a: allreduceGrads and update are a step in two halves', () => {
    const p = replicated()
    const trainer = new Trainer([p], 'sgd', { learningRate: 1 }, { updateOnKvstore: false })
    backwardOn(p, [1, 2])
    trainer.allreduceGrads()
    expect([p.listGrad(), p.listData()].map(list => list.map(a => a.item()))).toEqual([[3, 3], [1, 1]])
    for (const gradient of p.listGrad()) gradient.imul(2)
    trainer.update(6)
    expect(p.listData().map(a => a.item())).toEqual([0, 0])
    expect(() => trainer.update(6)).toThrow(refused('UserWarning', 'has not been updated by backward'))
  })

  it('B-7.4b: update alone sums nothing', () => {
    const p = replicated()
    const trainer = new Trainer([p], 'sgd', { learningRate: 1 }, { updateOnKvstore: false })
    backwardOn(p, [1, 2])
    trainer.update(1)
    expect(p.listData().map(a => a.item())).toEqual([0, -1])
  })

  it('B-7.4c: in halves only where that was asked for, with several contexts', () => {
    const p = replicated()
    const trainer = new Trainer([p], 'sgd', { learningRate: 1 })
    backwardOn(p, [1, 2])
    expect(() => trainer.allreduceGrads()).toThrow(refused('AssertionError', 'allreduce_grads() when parameters are updated on kvstore is not supported. Try setting `update_on_kvstore` to False when creating trainer.'))
    expect(() => trainer.update(1)).toThrow(refused('AssertionError', 'update() when parameters are updated on kvstore is not supported.'))
    expect(p.listGrad().map(a => a.item())).toEqual([1, 2])
    trainer.step(3)
    expect(p.listData().map(a => a.item())).toEqual([0, 0])
    const one = parameter('w', [1])
    const alone = new Trainer([one], 'sgd', { learningRate: 1 }, { updateOnKvstore: true })
    backward(one, [1])
    alone.allreduceGrads()
    alone.update(1)
    expect(one.data().item()).toBe(0)
  })

  it('B-7.3b: with ignoreStaleGrad, the contexts that computed speak for all', () => {
    for (const halves of [false, true]) {
      const p = replicated()
      const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5 }, { updateOnKvstore: !halves })
      const step = (): number[] => {
        if (halves) {
          trainer.allreduceGrads()
          trainer.update(1, { ignoreStaleGrad: true })
        } else trainer.step(1, { ignoreStaleGrad: true })
        return p.listData().map(a => a.item() as number)
      }
      backwardOn(p, [1, 2])
      expect(step()).toEqual([-2, -2])
      autograd.record(() => p.data(two()[1]!).mul(4)).backward()
      // The first context's gradient is of the step before.
      expect(() => trainer[halves ? 'update' : 'step'](1)).toThrow(refused('UserWarning', 'Gradient of Parameter `w` on context cpu(0)'))
      expect(step()).toEqual([-7.5, -7.5])
      expect(p.listGrad().map(a => a.item())).toEqual([4, 4])
      expect(step()).toEqual([-7.5, -7.5])
    }
  })

  it('B-7.3c: with ignoreStaleGrad, parameters without a shape yet are skipped', () => {
    const [used, unused] = [new Dense(1, { inUnits: 1, useBias: false }), new Dense(1, { useBias: false })]
    for (const block of [used, unused]) block.initialize('ones')
    const trainer = new Trainer([used.weight, unused.weight], 'sgd', { learningRate: 1 })
    autograd.record(() => used(np.ones([1, 1]))).backward()
    expect(() => trainer.step(1)).toThrow(refused('DeferredInitializationError', 'initialization was deferred'))
    trainer.step(1, { ignoreStaleGrad: true })
    expect(used.weight.data().item()).toBe(0)
  })

  it('B-7.1f: kvstore null leaves each copy to itself', () => {
    const p = replicated()
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5 }, { kvstore: null })
    backwardOn(p, [1, 2])
    trainer.step(1)
    expect(p.listData().map(a => a.item())).toEqual([0, -1])
    autograd.record(() => p.data(two()[1]!).mul(4)).backward()
    trainer.allreduceGrads()
    trainer.update(1, { ignoreStaleGrad: true })
    expect(p.listData().map(a => a.item())).toEqual([0, -6])
  })

  it.each<[string, object, string, string]>([
    ['a store of several machines', { kvstore: 'dist_sync' }, 'NotImplementedError', `kvstore 'dist_sync' trains on several machines`],
    ['a store of one vendor', { kvstore: 'nccl' }, 'NotImplementedError', 'several machines or processes'],
    ['a store that there is not', { kvstore: 'cloud' }, 'ValueError', `kvstore is 'device', 'local' or null, got 'cloud'`],
    ['a store of another type', { kvstore: 3 }, 'ValueError', 'kvstore is'],
    ['compression', { compressionParams: { type: '2bit' } }, 'NotImplementedError', 'gradients are not compressed'],
    ['updates on no store', { kvstore: null, updateOnKvstore: true }, 'ValueError', 'Cannot set update_on_kvstore=True'],
    ['updates that are neither', { updateOnKvstore: 1 }, 'ValueError', 'updateOnKvstore is true, false or null'],
    ['an option of the optimizer', { learningRate: 1 }, 'ValueError', `Trainer has no option 'learningRate'`],
    ['no options', 3 as never, 'ValueError', `the trainer's options are an object`],
  ])('B-7.1g: %s is refused', (_, options, name, text) => {
    expect(() => new Trainer([parameter('w', [1])], 'sgd', {}, options)).toThrow(refused(name, text))
  })

  it('B-7.1h: the stores of one process, and no options, are taken', () => {
    for (const options of [{}, { kvstore: 'local' }, { kvstore: 'device', updateOnKvstore: null, compressionParams: null }] as const) {
      expect(new Trainer([parameter('w', [1])], 'sgd', null, options).learningRate).toBe(0.01)
    }
  })

  it('B-7.5a: the learning rate can be read and set', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { learningRate: 0.5 })
    trainer.setLearningRate(0.25)
    backward(p, [1])
    trainer.step(1)
    expect([trainer.learningRate, p.data().item()]).toEqual([0.25, 0.75])
    for (const rate of [NaN, Infinity, '1' as never]) expect(() => trainer.setLearningRate(rate)).toThrow(refused('ValueError', 'learning rate'))
    expect(trainer.learningRate).toBe(0.25)
  })

  it('B-7.8c: lrMult and wdMult are read at every step; decay reaches biases too', () => {
    const [a, bias] = [parameter('a', [1], { lrMult: 2, wdMult: 0.5 }), parameter('bias', [1])]
    const recorder = new Recorder()
    const trainer = new Trainer([a, bias], recorder)
    const step = (): void => {
      for (const p of [a, bias]) backward(p, [1])
      trainer.step(2)
    }
    step()
    a.lrMult = 4
    a.wdMult = 0
    step()
    expect(recorder.settings).toEqual([
      { learningRate: 1, wd: 0.05, updates: 1, parameter: 'a' }, { learningRate: 0.5, wd: 0.1, updates: 1, parameter: 'bias' },
      { learningRate: 2, wd: 0, updates: 2, parameter: 'a' }, { learningRate: 0.5, wd: 0.1, updates: 2, parameter: 'bias' },
    ].map(settings => ({ ...settings, rescaleGrad: 1.5 })))
  })

  it('moved parameters keep their momentum', () => {
    const [p, stays] = [parameter('w', [1]), parameter('w', [1])]
    const trainers = [p, stays].map(each => new Trainer([each], 'sgd', { learningRate: 1, momentum: 0.5 }))
    const step = (): void => [p, stays].forEach((each, i) => {
      for (const data of each.listData()) autograd.record(() => data.mul(1 / each.listData().length)).backward()
      trainers[i]!.step(1)
    })
    step()
    p.resetCtx(two())
    step()
    p.resetCtx(new Context('cpu', 1))
    step()
    expect(p.listData().map(a => a.item())).toEqual([stays.data().item()])
  })
})
