import { describe, expect, it } from 'vitest'
import { autograd, gluon, np, npx, nn, splitAndLoad } from 'ashlar'
import type { NDArray } from 'ashlar'
import { expectClose, freshProcess, numbers, twoGpus } from './support.ts'

type Choice = readonly [name: 'sgd' | 'adam', options: { learningRate: number; momentum?: number; wd?: number }]
const OPTIMIZERS: readonly Choice[] = [
  ['sgd', { learningRate: 0.1 }], ['sgd', { learningRate: 0.1, momentum: 0.9, wd: 0.01 }], ['adam', { learningRate: 0.05, wd: 0.01 }],
]

function build(): nn.Sequential {
  return new nn.Sequential(new nn.Dense(8, { activation: 'relu', inUnits: 4 }), new nn.Dense(3, { inUnits: 8 }))
}

/** Trains a network for three steps, on one device or with the batch over several. */
function train(ctx: ReturnType<typeof npx.cpu>[], [name, options]: Choice): nn.Sequential {
  npx.random.seed(3)
  const net = build()
  net.initialize({ init: 'xavier', ctx })
  const x = np.random.uniform({ size: [6, 4] })
  const labels = np.array([0, 1, 2, 2, 1, 0])
  const loss = new gluon.loss.SoftmaxCrossEntropyLoss()
  const trainer = new gluon.Trainer(net.collectParams(), name, options)
  for (let step = 0; step < 3; step++) {
    const [xs, ys] = [splitAndLoad(x, ctx), splitAndLoad(labels, ctx)]
    const losses = autograd.record(() => xs.map((part, i) => loss(net(part) as NDArray, ys[i]!)))
    autograd.backward(losses)
    trainer.step(6)
  }
  return net
}

describe('B-7.2: training on several devices', () => {
  freshProcess()

  it.each(OPTIMIZERS)('%s with %o ends where one device does, with equal copies', (name, options) => {
    twoGpus()
    const alone = train([npx.cpu()], [name, options])
    const shared = train([npx.gpu(0), npx.gpu(1)], [name, options])
    const expected = [...alone.collectParams().values()]
    for (const [i, parameter] of [...shared.collectParams().values()].entries()) {
      const [first, second] = parameter.listData()
      expect(numbers(first!)).toEqual(numbers(second!))
      expectClose(first!, numbers(expected[i]!.data()))
      expect(parameter.listCtx().map(String)).toEqual(['gpu(0)', 'gpu(1)'])
    }
  })

  it('allreduceGrads leaves the sum in every copy, and update finishes the step', () => {
    twoGpus()
    const net = new nn.Dense(1, { inUnits: 1, useBias: false })
    const ctx = [npx.gpu(0), npx.gpu(1)]
    net.initialize({ init: 'ones', ctx })
    const trainer = new gluon.Trainer(net.collectParams(), 'sgd', { learningRate: 1 }, { updateOnKvstore: false })
    autograd.record(() => splitAndLoad(np.array([[2], [3]]), ctx).map(x => net(x))).forEach(y => y.backward())
    expect(net.weight.listGrad().map(g => g.item())).toEqual([2, 3])
    trainer.allreduceGrads()
    expect(net.weight.listGrad().map(g => g.item())).toEqual([5, 5])
    trainer.update(10)
    expect(net.weight.listData().map(w => w.item())).toEqual([0.5, 0.5])
  })

  it('B-7.3: a copy that no backward reached is named with its device', () => {
    twoGpus()
    const net = new nn.Dense(1, { inUnits: 1, useBias: false })
    net.initialize({ init: 'ones', ctx: [npx.gpu(0), npx.gpu(1)] })
    const trainer = new gluon.Trainer(net.collectParams(), 'sgd', { learningRate: 1 })
    autograd.record(() => net(np.ones([1, 1], { ctx: npx.gpu(0) }))).backward()
    expect(() => trainer.step(1)).toThrow('Gradient of Parameter `dense0_weight` on context gpu(1) has not been updated by backward since last `step`.')
    expect(net.weight.listData().map(w => w.item())).toEqual([1, 1])
  })

  it.each(OPTIMIZERS)('%s with %o goes on after the parameters moved', (name, options) => {
    twoGpus()
    const [stay, move] = [0, 1].map(() => {
      const net = new nn.Dense(2, { inUnits: 2 })
      net.initialize('ones')
      return { net, trainer: new gluon.Trainer(net.collectParams(), name, options) }
    })
    const step = ({ net, trainer }: typeof stay & {}, ...contexts: ReturnType<typeof npx.cpu>[]): void => {
      for (const ctx of contexts) autograd.record(() => net(np.array([[1, 2]], { ctx }))).backward()
      trainer.step(contexts.length)
    }
    for (const each of [stay!, move!]) step(each, npx.cpu())
    move!.net.collectParams().resetCtx([npx.gpu(0), npx.gpu(1)])
    step(stay!, npx.cpu())
    step(move!, npx.gpu(0), npx.gpu(1))
    expectClose(move!.net.weight.data(npx.gpu(1)), numbers(stay!.net.weight.data()))
  })
})
