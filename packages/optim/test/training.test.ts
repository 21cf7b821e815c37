import { describe, expect, it } from 'vitest'
import { autograd } from '@ashlar/core'
import { Dense, Sequential, SoftmaxCrossEntropyLoss } from '@ashlar/nn'
import type { NDArray } from '@ashlar/core'
import { Trainer } from '@ashlar/optim'
import { expectClose, freshProcess, numbers, readGolden, toArray } from './support.ts'
import type { GoldenArray } from './support.ts'

interface Training {
  x: GoldenArray
  y: GoldenArray
  runs: { optimizer: string; options: { learning_rate: number }; init: string; params_before: GoldenArray[]; params_after: GoldenArray[]; loss_per_sample: number[][] }[]
}

const golden = readGolden<Training>('training.json')

describe('training a network, against MXNet', () => {
  freshProcess()

  it.each(golden.runs)('$optimizer with $options, initialized by $init', run => {
    const activation = 'relu'
    const net = new Sequential(new Dense(8, { activation }), new Dense(3))
    net.initialize(run.init === 'default' ? null : run.init)
    const [x, y] = [toArray(golden.x), toArray(golden.y)]
    net(x)
    const parameters = [...net.collectParams().values()]
    expect(parameters.map(p => numbers(p.data()))).toEqual(run.params_before.map(p => p.data.map(Math.fround)))
    const loss = new SoftmaxCrossEntropyLoss()
    const trainer = new Trainer(net.collectParams(), run.optimizer, { learningRate: run.options.learning_rate })
    for (const expected of run.loss_per_sample) {
      const value = autograd.record(() => loss(net(x) as NDArray, y))
      // MXNet's softmax is approximate to some 1e-5.
      expectClose(numbers(value), expected, 1e-4)
      value.backward()
      trainer.step(golden.y.shape[0]!)
    }
    parameters.forEach((p, i) => {
      const expected = run.params_after[i]!.data
      const largest = Math.max(...expected.map(Math.abs))
      numbers(p.data()).forEach((value, j) => expect(Math.abs(value - expected[j]!)).toBeLessThanOrEqual(1e-4 * largest + 1e-4 * Math.abs(expected[j]!)))
    })
  })
})
