import { describe, expect, it, test } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { Context, array, autograd, memory, np, scope, sign } from '@ashlar/core'
import { Parameter } from '@ashlar/nn'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '@ashlar/optim'
import { Adam, AdamW, Optimizer, SGD, SGLD, Trainer, create, register } from '@ashlar/optim'
import { FORMULAS } from './formulas.ts'
import type { Settings } from './formulas.ts'
import { backward, expectClose, expectWarnings, freshProcess, numbers, parameter, readGolden } from './support.ts'
import type { GoldenArray } from './support.ts'

interface Traces {
  problem: Record<'a' | 'b' | 'w0', GoldenArray>
  runs: { optimizer: string; options: Record<string, number | boolean>; w: number[][]; states?: GoldenArray[]; note?: string }[]
  defaults: Record<string, Record<string, unknown>>
}

const { problem, runs, defaults } = readGolden<Traces>('optimizers.json')

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
const refused = (name: string, text: string): unknown => expect.objectContaining({ name, message: expect.stringContaining(text) })

const NAMES = ['sgd', 'nag', 'adam', 'adamw', 'adamax', 'nadam', 'adagrad', 'adadelta', 'rmsprop', 'ftrl', 'ftml', 'signum', 'lamb', 'lars', 'sgld', 'dcasgd']

describe('B-7.9: optimizers', () => {
  freshProcess()

  test.each(runs)('B-7.9a: $optimizer with $options takes MXNet\'s steps', ({ optimizer, options, w, states }) => {
    const p = parameter('w', problem.w0.data)
    const trainer = new Trainer([p], optimizer, Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), value])))
    const largest = Math.max(...problem.w0.data.map(Math.abs))
    const travelled = problem.w0.data.map(() => 0)
    for (const expected of w) {
      const now = numbers(p.data())
      backward(p, now.map((value, i) => problem.a.data[i]! * (value - problem.b.data[i]!)))
      trainer.step(1)
      now.forEach((value, i) => (travelled[i]! += Math.abs(expected[i]! - value)))
      // What MXNet computes with is 1 minus 0.999 in float32, which is off by 5e-5: its AdamW steps are longer by half of that.
      const slack = (i: number): number => (optimizer === 'adamw' ? 2.5e-5 * travelled[i]! : 3e-6 * largest)
      numbers(p.data()).forEach((value, i) => expect(Math.abs(value - expected[i]!), `${value} for ${expected[i]}`).toBeLessThanOrEqual(1e-5 * Math.abs(expected[i]!) + slack(i)))
    }
    // A state that differs would show in the next steps; its size tells whether there is one at all.
    if (states !== undefined) expect(trainer.optimizer.createState(p.data()).length).toBe(states.length)
  })

  const cases: [keyof typeof FORMULAS, Partial<Settings>][] = [
    ['sgd', {}], ['sgd', { wd: 0.3 }], ['sgd', { momentum: 0.9 }], ['sgd', { momentum: 0.5, wd: 0.1, clipGradient: 0.2 }], ['sgd', { clipGradient: 0.2 }],
    ['nag', { momentum: 0.9, wd: 0.1 }], ['nag', { clipGradient: 0.2, wd: 0.1 }],
    ['adam', {}], ['adam', { wd: 0.3 }], ['adam', { clipGradient: 0.2 }], ['adam', { wd: 0.3, clipGradient: 0.2, beta1: 0.5, beta2: 0.9, epsilon: 0.01 }],
    ['adamax', { wd: 0.1, clipGradient: 0.3 }], ['adagrad', { wd: 0.1, clipGradient: 0.3 }], ['adadelta', { wd: 0.1, clipGradient: 0.3, rho: 0.8 }],
    ['rmsprop', { wd: 0.1, clipGradient: 0.3 }], ['rmsprop', { wd: 0.1, centered: true, gamma1: 0.8, gamma2: 0.5 }], ['rmsprop', { clipWeights: 0.9 }],
    ['signum', { momentum: 0.5, wd: 0.2, wdLh: 0.1 }], ['signum', { momentum: 0, wd: 0.2, clipGradient: 0.1 }],
    ['ftrl', { wd: 0.1, lamda1: 0.4, beta: 2 }], ['dcasgd', { wd: 0.1, lamda: 0.5 }], ['dcasgd', { momentum: 0.5, wd: 0.1, lamda: 0.5 }],
  ]
  test.each(cases)('B-7.9b: %s with %o follows the formula in float64', (name, options) => {
    const start = [1, -2, 0.5]
    const gradients = [[0.3, -1, 2], [0.1, 0.5, -2], [-0.7, 0, 1], [0.3, 0.3, 0.3]]
    const p = parameter('w', start)
    const trainer = new Trainer([p], name, { learningRate: 0.1, ...options })
    for (const gradient of gradients) {
      backward(p, gradient)
      trainer.step(1)
    }
    expectClose(numbers(p.data()), start.map((w, i) => FORMULAS[name](w, gradients.map(g => g[i]!), options)), 2e-6)
  })

  test('B-7.9c: defaults are MXNet\'s', () => {
    for (const [name, values] of Object.entries(defaults)) {
      if (!NAMES.includes(name)) continue
      const made = create(name) as unknown as Record<string, unknown>
      for (const [key, value] of Object.entries(values)) {
        // There are no sparse gradients to be lazy about.
        if (key !== 'lazy_update') expect(made[camel(key)], `${name}.${key}`).toBe(value)
      }
      expect([made['wd'], made['clipGradient'], made['rescaleGrad'], made['beginNumUpdate'], made['multiPrecision'], made['lrScheduler']]).toEqual([0, null, 1, 0, false, null])
    }
    expect([new SGD().learningRate, new AdamW().epsilon, new AdamW().correctBias]).toEqual([0.01, 1e-6, true])
  })

  test('B-7.9d: create finds a name in any case; others are refused', () => {
    for (const name of NAMES) expect(create(name.toUpperCase())).toBeInstanceOf(Optimizer)
    expect(create('SGD')).toBeInstanceOf(SGD)
    expect(create('AdamW', { beta1: 0.5 })).toMatchObject({ beta1: 0.5 })
    for (const name of ['unknown', 'constructor', 3 as never]) {
      expect(() => create(name)).toThrow(refused('ValueError', `Cannot find optimizer ${name === 'unknown' ? 'unknown' : ''}`))
    }
  })

  test('B-7.9e: an option that the optimizer does not have is refused, with those it has', () => {
    expect(() => create('sgd', { lr: 0.1 })).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringMatching(/no option 'lr'.*learningRate/) }))
    expect(() => new SGD({ beta1: 0.9 } as never)).toThrow(refused('ValueError', `no option 'beta1'`))
    for (const name of NAMES) expect(() => create(name, { nonsense: 1 })).toThrow(refused('ValueError', `${name} has no option 'nonsense'`))
    expect(() => create('sgd', 0.1 as never)).toThrow(refused('ValueError', 'an object'))
  })

  it.each([
    [{ learningRate: NaN }, 'learningRate'], [{ wd: Infinity }, 'wd'], [{ learningRate: '0.1' as never }, 'learningRate'], [{ clipGradient: -1 }, 'clipGradient'],
    [{ rescaleGrad: NaN }, 'rescaleGrad'], [{ beginNumUpdate: -1 }, 'beginNumUpdate'], [{ beginNumUpdate: 0.5 }, 'beginNumUpdate'],
    [{ multiPrecision: 1 as never }, 'multiPrecision'], [{ lrScheduler: 3 as never }, 'lrScheduler'],
  ])('refuses %o', (options, text) => {
    for (const name of NAMES) expect(() => create(name, options)).toThrow(refused('ValueError', text))
  })

  it.each([
    ['sgd', { momentum: NaN }, 'momentum'], ['adam', { beta1: 1 }, 'beta1'], ['adam', { beta2: -0.1 }, 'beta2'], ['nadam', { epsilon: -1 }, 'epsilon'], ['rmsprop', { centered: 'no' }, 'centered'],
    ['rmsprop', { clipWeights: 0 }, 'clipWeights'], ['lamb', { biasCorrection: 0 }, 'biasCorrection'], ['adadelta', { rho: 1.5 }, 'rho'], ['adamw', { correctBias: null as never, beta1: 'x' }, 'beta1'],
  ])('refuses of %s %o', (name, options, text) => {
    expect(() => create(name, options)).toThrow(refused('ValueError', text))
  })

  it('the batch size divides the gradient before it is cut; rescaleGrad goes along', () => {
    const p = parameter('w', [0])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, clipGradient: 0.5, rescaleGrad: 2 })
    backward(p, [4])
    trainer.step(32)
    expect(p.data().item()).toBe(-0.25)
    expect(trainer.optimizer.rescaleGrad).toBe(2)
  })

  test.each(NAMES)('B-7.9h: what changes from step to step reaches %s by its settings alone', name => {
    const optimizer = create(name, { wd: 0.1 })
    const [weight, gradient] = [array([1, -2]), array([0.5, 0.25])]
    const of = (learningRate: number, updates: number): number[] => {
      np.random.seed(1)
      const settings = optimizer.derive({ learningRate, wd: 0.1, updates, rescaleGrad: 0.5, parameter: 'w' })
      // Another step in between, for another parameter, leaves this one's numbers alone.
      optimizer.derive({ learningRate: 7, wd: 0.3, updates: 40, rescaleGrad: 3, parameter: 'v' })
      return numbers(optimizer.step(weight, gradient, optimizer.createState(weight), settings).weight)
    }
    const before = of(0.1, 3)
    optimizer.learningRate = 99
    optimizer.numUpdate = 50
    expect(of(0.1, 3)).toEqual(before)
    if (name !== 'adadelta') expect(of(0.2, 3)).not.toEqual(before)
  })

  test('B-7.9i: steps leave nothing behind', () => {
    for (const [name, dtype] of [...NAMES.map(each => [each, 'float32'] as const), ['adam', 'float16'] as const]) {
      const p = new Parameter('w', { shape: 1000, dtype })
      p.initialize('ones')
      const trainer = new Trainer([p], name, { multiPrecision: true })
      const step = (): void => {
        scope(() => autograd.record(() => p.data().mul(p.data())).backward())
        trainer.step(1)
      }
      step()
      const { buffers } = memory()
      for (let k = 0; k < 5; k++) step()
      expect(memory().buffers, name).toBe(buffers)
    }
  })

  it('a gradient of zeros leaves weights without decay where they are', () => {
    for (const name of NAMES) {
      // These two start from their leader, and Langevin dynamics moves by noise.
      if (['ftrl', 'ftml', 'sgld'].includes(name)) continue
      const p = parameter('w', [1, -2])
      const trainer = new Trainer([p], name)
      backward(p, [0, 0])
      trainer.step(1)
      expect(numbers(p.data()), name).toEqual([1, -2])
    }
  })

  it('LARS leaves biases, gammas and betas the plain rate, and scales the momentum with the rate', () => {
    const [bias, weight] = [parameter('dense0_bias', [3]), parameter('dense0_weight', [3])]
    const trainer = new Trainer([bias, weight], 'lars', { learningRate: 0.5, momentum: 0.5, eta: 0.01 })
    const step = (): void => {
      for (const p of [bias, weight]) backward(p, [2])
      trainer.step(1)
    }
    step()
    expectClose([bias.data().item(), weight.data().item()], [2, 3 - 0.5 * 2 * 0.01 * 3 / 2])
    trainer.setLearningRate(0.1)
    step()
    // The velocity of the first step was -1; at a fifth of the rate it counts -0.2, half of which is carried on.
    expectClose([bias.data().item()], [2 - 0.1 - 0.2])
  })

  it('LAMB bounds the norm of the weight', () => {
    const change = (options: object): number => {
      const p = parameter('w', [3, 4])
      const trainer = new Trainer([p], 'lamb', { learningRate: 0.1, epsilon: 0, ...options })
      backward(p, [1, 1])
      trainer.step(1)
      return 3 - numbers(p.data())[0]!
    }
    // The first direction is [1, 1], of length root 2.
    expectClose([change({}), change({ upperBound: 2 }), change({ lowerBound: 10 })], [5, 2, 10].map(length => 0.1 * length / Math.SQRT2))
  })

  it('Nadam counts each parameter for itself', () => {
    const [both, late, alone] = [parameter('a', [1]), parameter('b', [1]), parameter('c', [1])]
    const [together, single] = [new Trainer([both, late], 'nadam', { learningRate: 0.1 }), new Trainer([alone], 'nadam', { learningRate: 0.1 })]
    for (let k = 0; k < 3; k++) {
      backward(both, [1])
      if (k > 0) backward(late, [0.5])
      together.step(1, { ignoreStaleGrad: true })
      if (k > 0) {
        backward(alone, [0.5])
        single.step(1)
      }
    }
    expect(late.data().item()).toBe(alone.data().item())
  })

  it('SGLD adds noise of variance lr, the same to every copy, and the same for a seed', () => {
    const run = (): number[] => {
      np.random.seed(3)
      const p = new Parameter('w', { shape: 4000 })
      p.initialize('zeros', { ctx: [new Context('cpu', 0), new Context('cpu', 1)] })
      const trainer = new Trainer([p], new SGLD({ learningRate: 0.25 }))
      for (const data of p.listData()) autograd.record(() => data.mul(2)).backward()
      trainer.step(1)
      const [first, second] = p.listData().map(numbers)
      expect(second).toEqual(first)
      return first!
    }
    const drawn = run()
    const mean = drawn.reduce((a, b) => a + b) / drawn.length
    // Half the rate times the sum of both gradients; 4000 draws are known to 0.01 or so.
    expect(Math.abs(mean + 0.125 * 4)).toBeLessThan(0.03)
    expect(Math.abs(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length - 0.25)).toBeLessThan(0.02)
    expect(run()).toEqual(drawn)
  })

  it('AdamW leaves the decay out of the running means', () => {
    const [decayed, plain] = [parameter('a', [10]), parameter('b', [10])]
    for (const [p, wd] of [[decayed, 0.1], [plain, 0]] as const) {
      const trainer = new Trainer([p], new AdamW({ learningRate: 0.01, wd, correctBias: false }))
      backward(p, [1])
      trainer.step(1)
    }
    expectClose([plain.data().item() - decayed.data().item()], [0.01 * 0.1 * 10], 1e-3)
  })
})

/** Goes against the gradient's sign, and hands out arrays as users may. */
class SignDescent extends Optimizer {
  readonly handed: NDArray[] = []
  constructor(options: OptimizerOptions = {}) { super(options, 0.1) }
  override createState(weight: NDArray): OptimizerState { return [weight.mul(0)] }
  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    const direction = sign(this.prepare(gradient, settings))
    this.handed.push(direction)
    return { weight: weight.sub(direction.mul(settings.learningRate)), state: [state[0]!.add(1)] }
  }
}

describe('optimizers of one\'s own', () => {
  freshProcess()

  test('B-7.9f: a registered class is found by its name in any case, by trainers too', () => {
    expect(register(SignDescent)).toBe(SignDescent)
    const p = parameter('w', [1, 1])
    const trainer = new Trainer([p], 'SIGNdescent', { learningRate: 0.5 })
    backward(p, [-3, 0.2])
    trainer.step(1)
    expect(numbers(p.data())).toEqual([1.5, 0.5])
    expect(numbers((trainer.optimizer as SignDescent).handed[0]!)).toEqual([-1, 1])
  })

  it('warns where a name is taken, and lets it go', () => {
    const warnings = expectWarnings()
    register(SignDescent, 'Mine')
    register(SignDescent, 'mine')
    expect(warnings).toEqual([])
    register(class Other extends Adam {}, 'mine')
    expect(warnings).toEqual(['New optimizer Other is overriding existing optimizer SignDescent'])
    expect(create('mine')).toBeInstanceOf(Adam)
  })
})

describe('multiPrecision', () => {
  freshProcess()

  function half(options: object): { p: Parameter; step: (gradient: number) => void } {
    const p = new Parameter('w', { shape: 1, dtype: 'float16' })
    p.initialize('ones')
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, ...options })
    return { p, step: gradient => { autograd.record(() => p.data().mul(array([gradient], { dtype: 'float16' }))).backward(); trainer.step(1) } }
  }

  test('B-7.9g: a float32 master keeps what float16 rounds away', () => {
    const warnings = expectWarnings()
    const [rounded, exact] = [half({}), half({ multiPrecision: true })]
    // Half of the distance between 1 and the float16 below it is 2^-12: each step is lost in float16.
    for (let k = 0; k < 8; k++) for (const { step } of [rounded, exact]) step(2 ** -13)
    expect([rounded.p.data().item(), exact.p.data().item()]).toEqual([1, 1 - 2 ** -10])
    expect(exact.p.data().dtype).toBe('float16')
    expect(warnings).toEqual(['Accumulating with float16 in optimizer can lead to poor accuracy or slow convergence. Consider using multi_precision=True option of the optimizer'])
  })

  it('starts from values that were set meanwhile', () => {
    const { p, step } = half({ multiPrecision: true, momentum: 0.5 })
    step(0.25)
    p.setData(array([4], { dtype: 'float16' }))
    step(0.25)
    expect(p.data().item()).toBe(4 - 0.375)
  })

  it('follows casts to float16 and back', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5, multiPrecision: true })
    const step = (): number => {
      autograd.record(() => p.data().mul(array([0.25], { dtype: p.dtype }))).backward()
      trainer.step(1)
      return p.data().item() as number
    }
    expect(step()).toBe(0.75)
    p.cast('float16')
    expect(step()).toBe(0.375)
    p.cast('float32')
    expect(step()).toBe(0.375 - 0.4375)
  })

  it('does nothing for float32', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'adam', { learningRate: 0.5, multiPrecision: true })
    backward(p, [1])
    trainer.step(1)
    expectClose([p.data().item()], [0.5])
  })
})
