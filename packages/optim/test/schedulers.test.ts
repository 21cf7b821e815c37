import { describe, expect, it, test } from 'vitest'
import { Trainer, create, lrScheduler } from '@ashlar/optim'
import { backward, expectClose, expectWarnings, freshProcess, parameter, readGolden } from './support.ts'

const { CosineScheduler, FactorScheduler, LRScheduler, MultiFactorScheduler, PolyScheduler } = lrScheduler

const golden = readGolden<Record<string, { num_update: number[]; lr: number[] }>>('schedulers.json')

const MADE: Readonly<Record<string, () => lrScheduler.LRScheduler>> = {
  'FactorScheduler(1,.1,stop_factor_lr=.05,base_lr=1)': () => new FactorScheduler(1, { factor: 0.1, stopFactorLr: 0.05, baseLr: 1 }),
  'FactorScheduler(2,.5,base_lr=1,warmup_steps=4,warmup_begin_lr=.2)': () => new FactorScheduler(2, { factor: 0.5, baseLr: 1, warmupSteps: 4, warmupBeginLr: 0.2 }),
  'MultiFactorScheduler([3,5,8],.1,base_lr=1)': () => new MultiFactorScheduler([3, 5, 8], { factor: 0.1, baseLr: 1 }),
  'PolyScheduler(10,base_lr=1)': () => new PolyScheduler(10, { baseLr: 1 }),
}

const refused = (name: string, text: string): unknown => expect.objectContaining({ name, message: expect.stringContaining(text) })
const close = (actual: number, expected: number): void => expectClose([actual], [expected], 1e-12)

describe('B-8: learning-rate schedules', () => {
  freshProcess()

  test.each(Object.keys(golden))('B-8.2a, B-8.3a, B-8.4a: %s gives MXNet\'s rates', name => {
    const schedule = MADE[name]!()
    const { num_update: updates, lr } = golden[name]!
    expectClose(updates.map(n => schedule(n)), lr, 1e-12)
  })

  test('B-8.1a: warming up rises evenly, or stays where it begins', () => {
    const linear = new LRScheduler({ baseLr: 0.5, warmupSteps: 4, warmupBeginLr: 0.1 })
    expectClose([0, 1, 2, 3, 4, 5].map(n => linear(n)), [0.1, 0.2, 0.3, 0.4, 0.5, 0.5], 1e-12)
    const constant = new LRScheduler({ baseLr: 0.5, warmupSteps: 2, warmupBeginLr: 0.1, warmupMode: 'constant' })
    expect([0, 1, 2].map(n => constant(n))).toEqual([0.1, 0.1, 0.5])
    const plain = new LRScheduler()
    expect([plain(0), plain(100), plain.baseLr, plain.warmupSteps, plain.warmupBeginLr, plain.warmupMode]).toEqual([0.01, 0.01, 0.01, 0, 0, 'linear'])
  })

  it.each<[string, () => unknown, string]>([
    ['B-8.1b: a base below the beginning', () => new LRScheduler({ baseLr: 0.1, warmupBeginLr: 0.2 }), 'Base lr has to be higher than warmup_begin_lr'],
    ['B-8.1c: negative steps', () => new LRScheduler({ warmupSteps: -1 }), 'Warmup steps has to be positive or 0'],
    ['B-8.1d: a mode that there is not', () => new LRScheduler({ warmupMode: 'cosine' as never }), 'Supports only linear and constant modes of warmup'],
    ['half a step', () => new LRScheduler({ warmupSteps: 1.5 }), 'warmupSteps must be a whole number'],
    ['no number', () => new LRScheduler({ baseLr: NaN }), 'baseLr must be a finite number'],
    ['B-8.2b: a step of 0', () => new FactorScheduler(0), 'Schedule step must be greater or equal than 1'],
    ['B-8.2c: a factor above 1', () => new FactorScheduler(1, { factor: 1.1 }), 'Factor must be no more than 1 to make lr reduce'],
    ['B-8.3b: steps that fall', () => new MultiFactorScheduler([3, 3]), 'Schedule step must be an increasing integer list'],
    ['B-8.3c: a step of 0 in the list', () => new MultiFactorScheduler([0, 3]), 'Schedule step must be greater or equal than 1'],
    ['B-8.3d: a factor above 1', () => new MultiFactorScheduler([1], { factor: 2 }), 'Factor must be no more than 1'],
    ['no list', () => new MultiFactorScheduler(3 as never), 'the steps are a list'],
    ['B-8.4b: no updates', () => new PolyScheduler(0), 'maximum number of updates must be strictly positive'],
    ['B-8.4c: no updates', () => new CosineScheduler(-3), 'maximum number of updates must be strictly positive'],
    ['half an update', () => new CosineScheduler(2.5), 'maximum number of updates must be strictly positive'],
    ['a warm-up beyond the end', () => new CosineScheduler(3, { warmupSteps: 4 }), 'warming up takes 4 updates'],
    ['an option that it does not have', () => new CosineScheduler(3, { pwr: 2 } as never), `CosineScheduler has no option 'pwr'`],
    ['an option in snake_case', () => new FactorScheduler(3, { base_lr: 2 } as never), `FactorScheduler has no option 'base_lr'`],
    ['a number of updates that is none', () => new FactorScheduler(3)(NaN), 'the number of updates must be a finite number'],
  ])('%s is a ValueError', (_, make, text) => {
    expect(make).toThrow(refused('ValueError', text))
  })

  test('B-8.2d: it does not go back, and does not fall below its floor', () => {
    const schedule = new FactorScheduler(2, { factor: 0.1, baseLr: 1 })
    expect(schedule(1)).toBe(1)
    close(schedule(5), 0.01)
    close(schedule(1), 0.01)
    close(schedule(1000), 1e-8)
  })

  test('B-8.3e: several steps may pass at once', () => {
    close(new MultiFactorScheduler([3, 5, 8], { factor: 0.1, baseLr: 1 })(7), 0.01)
  })

  test('B-8.4d: powers and waves between warming up and the end, and constant after it', () => {
    const poly = new PolyScheduler(12, { baseLr: 1, pwr: 3, finalLr: 0.2, warmupSteps: 2 })
    expectClose([0, 1, 2, 7, 12, 13].map(n => poly(n)), [0, 0.5, 1, 0.2 + 0.8 * 0.125, 0.2, 0.2], 1e-12)
    const cosine = new CosineScheduler(20, { baseLr: 0.3, finalLr: 0.01, warmupSteps: 5 })
    const wave = (n: number): number => 0.01 + (0.29 * (1 + Math.cos(Math.PI * (n - 5) / 15))) / 2
    expectClose([0, 2, 5, 10, 19, 20, 30].map(n => cosine(n)), [0, 0.12, 0.3, wave(10), wave(19), 0.01, 0.01], 1e-12)
    expect(new CosineScheduler(4, { warmupSteps: 4, finalLr: 0.5, baseLr: 1 })(4)).toBe(0.5)
  })
})

describe('schedules in trainers', () => {
  freshProcess()

  /** The rates of steps of a weight whose gradient is 1. */
  function ratesOf(options: object, steps: number): number[] {
    const p = parameter('w', [0])
    const trainer = new Trainer([p], 'sgd', options)
    return Array.from({ length: steps }, () => {
      const before = p.data().item() as number
      backward(p, [1])
      trainer.step(1)
      return before - (p.data().item() as number)
    })
  }

  test('B-7.8a: the schedule is asked with the number of updates, this one included', () => {
    const asked: number[] = []
    const rates = ratesOf({ lrScheduler: (n: number) => { asked.push(n); return 1 / n } }, 3)
    expectClose(rates, [1, 1 / 2, 1 / 3])
    expect(asked).toEqual([1, 2, 3])
    expectClose(ratesOf({ lrScheduler: new FactorScheduler(1, { factor: 0.5, baseLr: 1 }), beginNumUpdate: 2 }, 2), [0.25, 0.125])
  })

  test('B-7.8b: the number of updates is the largest of all parameters', () => {
    const [often, seldom] = [parameter('a', [0]), parameter('b', [0])]
    const asked: number[] = []
    const trainer = new Trainer([seldom, often], 'sgd', { lrScheduler: (n: number) => { asked.push(n); return 1 } })
    for (const both of [false, false, true]) {
      backward(often, [1])
      if (both) backward(seldom, [1])
      trainer.step(1, { ignoreStaleGrad: true })
    }
    // In the third step the first parameter has its first update, but the other has had two.
    expect(asked).toEqual([1, 2, 2, 3])
    expect(trainer.optimizer.numUpdate).toBe(3)
  })

  test('B-8.5a: of two rates the optimizer\'s counts, and a notice says so', () => {
    const warnings = expectWarnings()
    const schedule = new CosineScheduler(10, { baseLr: 0.5, warmupSteps: 2 })
    expect(create('adam', { lrScheduler: schedule, learningRate: 0.5 }).learningRate).toBe(0)
    expect(warnings).toEqual([])
    create('adam', { lrScheduler: schedule, learningRate: 0.2 })
    expect(warnings).toEqual(['learning rate from `lrScheduler` has been overwritten by `learningRate` in optimizer.'])
    expect([schedule.baseLr, schedule(1), schedule(2), schedule(6)]).toEqual([0.2, 0.1, 0.2, 0.1])
  })

  test('B-8.5b: a default is no second rate', () => {
    expect(create('adam', { lrScheduler: new PolyScheduler(10, { baseLr: 0.5 }) }).learningRate).toBe(0.5)
  })

  test('B-7.5b: a scheduled rate can be read, but not set', () => {
    const p = parameter('w', [0])
    const trainer = new Trainer([p], 'sgd', { lrScheduler: new FactorScheduler(1, { factor: 0.5, baseLr: 1 }) })
    for (const expected of [1, 0.5]) {
      backward(p, [1])
      trainer.step(1)
      expect(trainer.learningRate).toBe(expected)
    }
    expect(() => trainer.setLearningRate(0.1)).toThrow(refused('UserWarning', 'LRScheduler of the optimizer has already been defined.'))
    expect(trainer.learningRate).toBe(0.5)
  })

  test('a schedule that says nonsense is refused, and nothing changes', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { momentum: 0.5, lrScheduler: (n: number) => (n === 1 ? NaN : 1) })
    backward(p, [1])
    expect(() => trainer.step(1)).toThrow(refused('ValueError', 'the learning rate of lrScheduler must be a finite number'))
    expect([p.data().item(), trainer.optimizer.numUpdate]).toEqual([1, 0])
    expect(() => create('sgd', { lrScheduler: () => 1, learningRate: 0.1 })).toThrow(refused('ValueError', 'says two things'))
    expect(() => create('sgd', { lrScheduler: new LRScheduler({ baseLr: 1, warmupBeginLr: 0.5 }), learningRate: 0.1 })).toThrow(refused('ValueError', 'Base lr has to be higher'))
  })
})
