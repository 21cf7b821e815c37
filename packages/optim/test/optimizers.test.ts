import { describe, expect, it } from 'vitest'
import { Adam, SGD, Trainer, create } from '@ashlar/optim'
import { backward, expectClose, freshProcess, numbers, parameter, readGolden } from './support.ts'
import type { GoldenArray } from './support.ts'

interface Traces {
  problem: Record<'a' | 'b' | 'w0', GoldenArray>
  runs: { optimizer: 'sgd' | 'adam'; options: Record<string, number>; w: number[][]; states: GoldenArray[] }[]
}

const { problem, runs } = readGolden<Traces>('optimizers.json')

interface Settings { learningRate: number; momentum: number; wd: number; clipGradient: number; beta1: number; beta2: number; epsilon: number }
const NONE: Settings = { learningRate: 0.1, momentum: 0, wd: 0, clipGradient: Infinity, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
const cut = (x: number, limit: number): number => Math.max(-limit, Math.min(limit, x))

/** The formulas of behaviour B-7.9 for one element, in float64. */
const FORMULAS = {
  sgd(w: number, gradients: readonly number[], s: Settings): number {
    let velocity = 0
    for (const gradient of gradients) {
      velocity = s.momentum * velocity - s.learningRate * s.wd * w - s.learningRate * cut(gradient, s.clipGradient)
      w += velocity
      if (s.momentum === 0) velocity = 0
    }
    return w
  },
  adam(w: number, gradients: readonly number[], s: Settings): number {
    let [m, v] = [0, 0]
    gradients.forEach((gradient, i) => {
      const g = cut(gradient + s.wd * w, s.clipGradient)
      m = s.beta1 * m + (1 - s.beta1) * g
      v = s.beta2 * v + (1 - s.beta2) * g * g
      w -= (s.learningRate * Math.sqrt(1 - s.beta2 ** (i + 1)) / (1 - s.beta1 ** (i + 1))) * m / (Math.sqrt(v) + s.epsilon)
    })
    return w
  },
}

describe('B-7.9: optimizers', () => {
  freshProcess()

  it.each(runs)('$optimizer with $options takes MXNet\'s steps', ({ optimizer, options, w, states }) => {
    const camel = Object.fromEntries(Object.entries(options).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value]))
    const p = parameter('w', problem.w0.data)
    const trainer = new Trainer([p], optimizer, camel)
    for (const [k, expected] of w.entries()) {
      const now = numbers(p.data())
      backward(p, now.map((value, i) => problem.a.data[i]! * (value - problem.b.data[i]!)))
      trainer.step(1)
      // MXNet's Adam divides approximately: its first step of 0.1 from 0.3 ends at 0.1999994. The errors add up.
      const slack = optimizer === 'adam' ? 1e-5 * trainer.learningRate * (k + 1) : 0
      numbers(p.data()).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(slack + 2e-6 * Math.abs(expected[i]!) + 1e-7))
    }
    // A state that differs would show in the next steps; its size tells whether there is one at all.
    expect(trainer.optimizer.createState(p.data()).length).toBe(states.length)
  })

  const cases: ['sgd' | 'adam', Partial<Settings>][] = [
    ['sgd', {}], ['sgd', { wd: 0.3 }], ['sgd', { momentum: 0.9 }], ['sgd', { momentum: 0.5, wd: 0.1, clipGradient: 0.2 }], ['sgd', { clipGradient: 0.2 }],
    ['adam', {}], ['adam', { wd: 0.3 }], ['adam', { clipGradient: 0.2 }], ['adam', { wd: 0.3, clipGradient: 0.2, beta1: 0.5, beta2: 0.9, epsilon: 0.01 }],
  ]
  it.each(cases)('%s with %o follows the formula in float64', (name, options) => {
    const settings = { ...NONE, ...options }
    const start = [1, -2, 0.5]
    const gradients = [[0.3, -1, 2], [0.1, 0.5, -2], [-0.7, 0, 1], [0.3, 0.3, 0.3]]
    const p = parameter('w', start)
    const trainer = new Trainer([p], name, { learningRate: 0.1, ...options })
    for (const gradient of gradients) {
      backward(p, gradient)
      trainer.step(1)
    }
    expectClose(numbers(p.data()), start.map((w, i) => FORMULAS[name](w, gradients.map(g => g[i]!), settings)), 1e-6)
  })

  it('defaults', () => {
    expect([new SGD().learningRate, new SGD().momentum, new SGD().wd]).toEqual([0.01, 0, 0])
    const adam = new Adam()
    expect([adam.learningRate, adam.beta1, adam.beta2, adam.epsilon, adam.clipGradient]).toEqual([0.001, 0.9, 0.999, 1e-8, null])
  })

  it('the batch size divides the gradient before it is cut', () => {
    const p = parameter('w', [0])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, clipGradient: 0.5 })
    backward(p, [4])
    trainer.step(16)
    expect(p.data().item()).toBe(-0.25)
  })

  it('B-7.9 refuses an option that the optimizer does not have, and names those it has', () => {
    expect(() => create('sgd', { lr: 0.1 })).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringMatching(/no option 'lr'.*learningRate/) }))
    expect(() => create('sgd', { beta1: 0.9 })).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it('create finds a name in any case; others are refused', () => {
    expect(create('SGD')).toBeInstanceOf(SGD)
    expect(create('Adam', { beta1: 0.5 })).toMatchObject({ beta1: 0.5 })
    for (const name of ['unknown', 'constructor', 3 as never]) {
      expect(() => create(name)).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining(`Cannot find optimizer ${name === 'unknown' ? 'unknown' : ''}`) }))
    }
  })

  it('numbers that are none are refused', () => {
    for (const options of [{ learningRate: NaN }, { wd: Infinity }, { learningRate: '0.1' as never }]) {
      expect(() => create('sgd', options)).toThrow(expect.objectContaining({ name: 'ValueError' }))
      expect(() => create('adam', options)).toThrow(expect.objectContaining({ name: 'ValueError' }))
    }
    expect(() => new SGD({ momentum: NaN })).toThrow('momentum must be a finite number')
    expect(() => new Adam({ beta1: NaN })).toThrow('beta1 must be a finite number')
  })
})
