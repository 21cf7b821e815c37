import { describe, expect, it } from 'vitest'
import { autograd, gluon, np, npx, nn } from 'ashlar'
import type { NDArray } from 'ashlar'
import { freshProcess, numbers, twoGpus } from './support.ts'

type Contexts = ReturnType<typeof npx.cpu>[]
type Choice = readonly [name: string, options: object]

const OPTIMIZERS: readonly Choice[] = [
  ['sgd', { learningRate: 0.1 }],
  ['sgd', { learningRate: 0.1, momentum: 0.9 }],
  ['sgd', { learningRate: 0.1, momentum: 0.9, wd: 0.01 }],
  ['adam', { learningRate: 0.01 }],
]

/** Trains a network of deferred shapes on batches cut over the contexts; returns its weights and the loss of every sample. */
function train(ctx: Contexts, [name, options]: Choice, samples: number): { net: nn.Sequential; losses: number[] } {
  npx.random.seed(7)
  const net = new nn.Sequential(new nn.Dense(8, { activation: 'tanh' }), new nn.Dense(3))
  net.initialize({ init: 'xavier', ctx })
  const [data, labels] = [np.random.normal({ size: [samples, 5] }), np.array(Array.from({ length: samples }, (_, i) => i % 3))]
  const loss = new gluon.loss.SoftmaxCrossEntropyLoss()
  const trainer = new gluon.Trainer(net.collectParams(), name, options)
  const all: number[] = []
  for (let step = 0; step < 5; step++) {
    const [xs, ys] = [data, labels].map(whole => gluon.utils.splitAndLoad(whole, ctx, { evenSplit: false })) as [NDArray[], NDArray[]]
    const losses = autograd.record(() => xs.map((x, i) => loss(net(x) as NDArray, ys[i]!)))
    for (const each of losses) each.backward()
    trainer.step(samples)
    all.push(...losses.flatMap(numbers))
  }
  return { net, losses: all }
}

function expectAlike(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => expect(Math.abs(value - expected[i]!), `${i}: ${value}, expected ${expected[i]}`).toBeLessThanOrEqual(1e-7 + 1e-5 * Math.abs(expected[i]!)))
}

describe('data-parallel training', () => {
  freshProcess()

  it.each(OPTIMIZERS.flatMap(choice => [8, 7].map(samples => [choice[0], choice[1], samples] as const)))('B-15.3: %s %o with batches of %i ends on two devices where it ends on one', (name, options, samples) => {
    twoGpus()
    const alone = train([npx.cpu()], [name, options], samples)
    const shared = train([npx.gpu(0), npx.gpu(1)], [name, options], samples)
    expectAlike(shared.losses, alone.losses)
    const expected = [...alone.net.collectParams().values()]
    for (const [i, parameter] of [...shared.net.collectParams().values()].entries()) {
      for (const copy of parameter.listData()) expectAlike(numbers(copy), numbers(expected[i]!.data()))
    }
  })

  it('B-15.3: two contexts on the host keep two copies, and the net runs where its input is', () => {
    const net = new nn.Dense(2, { inUnits: 3 })
    net.initialize({ ctx: [npx.cpu(0), npx.cpu(1)] })
    const [first, second] = net.weight.listData()
    expect(first === second).toBe(false)
    expect([first, second].map(x => String(x!.context))).toEqual(['cpu(0)', 'cpu(1)'])
    expect(numbers(first!)).toEqual(numbers(second!))
    expect([npx.cpu(0), npx.cpu(1)].map(ctx => String(net(np.ones([1, 3], { ctx })).context))).toEqual(['cpu(0)', 'cpu(1)'])
    expect(() => net(np.ones([1, 3], { ctx: npx.cpu(2) }))).toThrow('was not initialized on context cpu(2). It was only initialized on [cpu(0), cpu(1)].')
  })

  it('B-13.2: gradients on both devices are clipped together', () => {
    twoGpus()
    const ctx = [npx.gpu(0), npx.gpu(1)]
    const net = new nn.Dense(1, { inUnits: 1, useBias: false })
    net.initialize({ init: 'ones', ctx })
    const parts = gluon.utils.splitAndLoad([[3], [4]], ctx)
    for (const y of autograd.record(() => parts.map(x => net(x)))) y.backward()
    expect(gluon.utils.clipGlobalNorm(net.weight.listGrad(), 1)).toBeCloseTo(5, 6)
    net.weight.listGrad().forEach((gradient, i) => expect(gradient.item()).toBeCloseTo([0.6, 0.8][i]!, 6))
  })

  it('metrics take the lists that splitAndLoad makes', () => {
    twoGpus()
    const ctx = [npx.gpu(0), npx.gpu(1)]
    const [preds, labels] = [[[0, 1], [1, 0], [0, 1]], [1, 1, 1]].map(data => gluon.utils.splitAndLoad(data, ctx, { evenSplit: false })) as [NDArray[], NDArray[]]
    const accuracy = new gluon.metric.Accuracy()
    accuracy.update(labels, preds)
    expect(accuracy.get()[1]).toBeCloseTo(2 / 3, 12)
  })
})
