import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Context, array, autograd, np } from '@ashlar/core'
import { loadEntries, save, saveEntries } from '@ashlar/io'
import type { NDArray } from '@ashlar/core'
import { Dense, Parameter, Sequential } from '@ashlar/nn'
import { Trainer, lrScheduler } from '@ashlar/optim'
import { backward, freshProcess, numbers, parameter } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'ashlar-optim-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const fileOf = (name: string): string => join(folder, name)

const refused = (name: string, text: string): unknown => expect.objectContaining({ name, message: expect.stringContaining(text) })

const { CosineScheduler, FactorScheduler, MultiFactorScheduler } = lrScheduler

/** The optimizers, with what they have to remember between two steps. */
const CHOICES: [string, () => object][] = [
  ['sgd', () => ({ learningRate: 0.1, momentum: 0.9 })],
  ['adam', () => ({ learningRate: 0.05, wd: 0.01 })],
  ['nadam', () => ({ learningRate: 0.05 })],
  ['rmsprop', () => ({ centered: true, learningRate: 0.01 })],
  ['ftml', () => ({ learningRate: 0.1 })],
  ['dcasgd', () => ({ learningRate: 0.1, momentum: 0.5 })],
  ['lamb', () => ({ lrScheduler: new CosineScheduler(6, { baseLr: 0.1, warmupSteps: 2 }) })],
  ['adamW', () => ({ lrScheduler: new FactorScheduler(1, { baseLr: 0.2, factor: 0.7 }), wd: 0.1 })],
  ['sgd', () => ({ momentum: 0.5, lrScheduler: new MultiFactorScheduler([2, 4], { baseLr: 0.2, factor: 0.5 }), beginNumUpdate: 1 })],
  ['sgd', () => ({ momentum: 0.5, lrScheduler: (n: number) => 0.1 / n })],
]

describe('B-7.6: the states of a trainer', () => {
  freshProcess()

  const x = (): NDArray => np.array([[1, -2, 0.5], [0.3, 0.2, -1], [2, 1, 1]])
  const y = (): NDArray => np.array([[1], [0], [-1]])
  const build = (): Sequential => new Sequential(new Dense(4, { activation: 'tanh' }), new Dense(1))

  function train(net: Sequential, trainer: Trainer, steps: number): number[][] {
    return Array.from({ length: steps }, () => {
      autograd.record(() => np.square((net(x()) as NDArray).sub(y()))).backward()
      trainer.step(3)
      return [...net.collectParams().values()].flatMap(p => numbers(p.data()))
    })
  }

  test.each(CHOICES)('E5.5-1, B-7.6a: %s goes on exactly where it was saved (%o)', (name, options) => {
    np.random.seed(7)
    const net = build()
    net.initialize('xavier')
    const trainer = new Trainer(net.collectParams(), name, options())
    train(net, trainer, 3)
    net.saveParameters(fileOf('net.params'))
    trainer.saveStates(fileOf('trainer.states'))
    const straight = train(net, trainer, 3)

    const again = build()
    again.loadParameters(fileOf('net.params'))
    const resumed = new Trainer(again.collectParams(), name, options())
    resumed.loadStates(fileOf('trainer.states'))
    expect(train(again, resumed, 3)).toEqual(straight)
    expect(resumed.optimizer.numUpdate).toBe(trainer.optimizer.numUpdate)
  })

  test('B-7.6b: learning rate and counts come along, multipliers do not', () => {
    const [a, b] = [parameter('a', [1], { lrMult: 3, wdMult: 5 }), parameter('b', [1])]
    const first = new Trainer([a], 'adam', { learningRate: 0.5 })
    first.setLearningRate(0.25)
    backward(a, [1])
    first.step(1)
    first.saveStates(fileOf('counts'))
    const second = new Trainer([b], 'adam')
    second.loadStates(fileOf('counts'))
    expect([second.learningRate, second.optimizer.numUpdate, b.lrMult, b.wdMult]).toEqual([0.25, 1, 1, 1])
  })

  test('B-7.6c: before the first step there is little to save; deferred parameters are no hindrance', () => {
    const net = build()
    net.initialize()
    const trainer = new Trainer(net.collectParams(), 'adam', { learningRate: 0.5 })
    trainer.saveStates(fileOf('early'))
    const other = new Trainer(net.collectParams(), 'adam')
    other.loadStates(fileOf('early'))
    expect(other.learningRate).toBe(0.5)

    train(net, trainer, 2)
    trainer.saveStates(fileOf('late'))
    const fresh = build()
    fresh.initialize()
    const late = new Trainer(fresh.collectParams(), 'adam')
    late.loadStates(fileOf('late'))
    train(fresh, late, 1)
    expect(late.optimizer.numUpdate).toBe(3)
  })

  test('B-7.6d: what was there before is replaced, by nothing too', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5 })
    trainer.saveStates(fileOf('empty'))
    backward(p, [1])
    trainer.step(1)
    trainer.loadStates(fileOf('empty'))
    backward(p, [1])
    trainer.step(1)
    expect(p.data().item()).toBe(-1)
  })

  test('B-7.6e: several contexts get what one saved', () => {
    const contexts = [new Context('cpu', 0), new Context('cpu', 1)]
    const run = (ctx: Context[]): [Parameter, Trainer] => {
      const p = new Parameter('w', { shape: 1 })
      p.initialize('ones', { ctx })
      return [p, new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5 })]
    }
    const [one, single] = run([contexts[0]!])
    backward(one, [1])
    single.step(1)
    single.saveStates(fileOf('one'))
    const [both, pair] = run(contexts)
    pair.loadStates(fileOf('one'))
    for (const data of both.listData()) autograd.record(() => data.mul(1)).backward()
    pair.step(2)
    expect(both.listData().map(data => data.item())).toEqual([-0.5, -0.5])
    pair.saveStates(fileOf('pair'))
    single.loadStates(fileOf('pair'))
    backward(one, [0])
    single.step(1)
    expect(one.data().item()).toBe(-0.75)
  })

  test('B-7.6f: float32 masters come along', () => {
    const run = (): [Parameter, () => number, Trainer] => {
      const p = new Parameter('w', { shape: 1, dtype: 'float16' })
      p.initialize('ones')
      const trainer = new Trainer([p], 'sgd', { learningRate: 1, multiPrecision: true })
      return [p, () => { autograd.record(() => p.data().mul(2 ** -13)).backward(); trainer.step(1); return p.data().item() as number }, trainer]
    }
    const [, step, trainer] = run()
    for (let k = 0; k < 2; k++) step()
    trainer.saveStates(fileOf('half'))
    const [, next, other] = run()
    other.loadStates(fileOf('half'))
    expect([next(), step()]).toEqual([1 - 2 ** -11, 1 - 2 ** -11])
  })

  test('B-7.6g: the file is one of named arrays, written at once, and holds no code', () => {
    const p = parameter('w', [1])
    const trainer = new Trainer([p], 'sgd', { learningRate: 1, momentum: 0.5 })
    backward(p, [1])
    trainer.step(1)
    trainer.saveStates(fileOf('format'))
    const { names, arrays } = loadEntries(fileOf('format'))
    expect(names).toEqual(['trainer', '0.0'])
    expect(JSON.parse(new TextDecoder().decode(arrays[0]!.toTypedArray() as Uint8Array))).toEqual({
      format: 'ashlar-trainer', version: 1, optimizer: 'sgd', learningRate: 1, numUpdate: 1, scheduler: null,
      parameters: [{ name: 'w', shape: [1], dtype: 'float32', updates: 1, master: false, arrays: 1 }],
    })
    expect(numbers(arrays[1]!)).toEqual([-1])
    expect(() => trainer.saveStates(join(folder, 'no', 'such', 'folder'))).toThrow(expect.objectContaining({ name: 'FileError' }))
    expect(readdirSync(folder).filter(name => name.includes('format'))).toEqual(['format'])
  })
})

describe('B-7.6h: files that do not suit are refused, and nothing changes', () => {
  freshProcess()

  const scheduled = (): object => ({ momentum: 0.5, lrScheduler: new FactorScheduler(1, { baseLr: 1, factor: 0.5 }) })

  function made(name = 'sgd', options: object = { learningRate: 1, momentum: 0.5 }, values: number[] = [1]): { p: Parameter; trainer: Trainer } {
    const p = parameter('w', values)
    return { p, trainer: new Trainer([p], name, options) }
  }

  /** The header of a file, changed. */
  function rewritten(name: string, change: (header: Record<string, unknown>) => unknown, drop?: string): string {
    const { trainer, p } = made()
    backward(p, [1])
    trainer.step(1)
    trainer.saveStates(fileOf(name))
    const { names, arrays } = loadEntries(fileOf(name))
    const header = change(JSON.parse(new TextDecoder().decode(arrays[0]!.toTypedArray() as Uint8Array)) as Record<string, unknown>)
    const bytes = array(new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header)))
    saveEntries(fileOf(name), names!.map((entry, i): [string, NDArray] => [entry, i === 0 ? bytes : arrays[i]!]).filter(([entry]) => entry !== drop))
    return fileOf(name)
  }

  function savedBy(name: string, optimizer: string, options: object, values: number[] = [1]): string {
    const { trainer, p } = made(optimizer, options, values)
    backward(p, values)
    trainer.step(1)
    trainer.saveStates(fileOf(name))
    return fileOf(name)
  }

  const cases: [string, () => string, string, string, object?][] = [
    ['no file', () => fileOf('nowhere'), 'FileError', 'there is no such file'],
    ['a damaged file', () => { writeFileSync(fileOf('cut'), readFileSync(savedBy('cut', 'sgd', { momentum: 0.5 })).subarray(0, 150)); return fileOf('cut') }, 'FormatError', 'Invalid NDArray file format'],
    ['a list of arrays', () => { save(fileOf('list'), [np.ones([2])]); return fileOf('list') }, 'ValueError', 'it holds no trainer states'],
    ['parameters', () => { save(fileOf('weights'), { weight: np.ones([2]) }); return fileOf('weights') }, 'ValueError', 'it holds no trainer states'],
    ['another kind of header', () => rewritten('kind', () => ({})), 'ValueError', 'it holds no trainer states'],
    ['no JSON', () => rewritten('text', () => '{'), 'ValueError', 'its header is damaged'],
    ['a later version', () => rewritten('version', header => ({ ...header, version: 2 })), 'ValueError', 'its version is 2'],
    ['a count that is none', () => rewritten('count', header => ({ ...header, numUpdate: -1 })), 'ValueError', 'its header is damaged'],
    ['parameters that are none', () => rewritten('slots', header => ({ ...header, parameters: [{}] })), 'ValueError', 'its header is damaged'],
    ['an array that is missing', () => rewritten('missing', header => header, '0.0'), 'ValueError', `it lacks the array '0.0'`],
    ['an array too many', () => rewritten('extra', header => ({ ...header, parameters: [{ name: 'w', shape: [1], dtype: 'float32', updates: 1, master: false, arrays: null }] })), 'ValueError', `an array of the name '0.0'`],
    ['another optimizer', () => savedBy('adam', 'adam', {}), 'ValueError', 'it was saved with adam, but the optimizer is sgd'],
    ['another number of parameters', () => rewritten('number', header => ({ ...header, parameters: [] })), 'ValueError', 'it was saved for 0 parameters, but there are 1'],
    ['another shape', () => savedBy('shape', 'sgd', { momentum: 0.5 }, [1, 2]), 'ValueError', `parameter 'w' had shape (2), but 'w' has (1)`],
    ['no momentum', () => savedBy('plain', 'sgd', {}), 'ValueError', `the optimizer keeps (1) for 'w', but the file has nothing`],
    ['a scheduler', () => savedBy('scheduler', 'sgd', scheduled()), 'ValueError', 'it was saved with a learning-rate scheduler'],
    ['no scheduler', () => savedBy('none', 'sgd', { momentum: 0.5 }), 'ValueError', 'it was saved without a learning-rate scheduler', scheduled()],
    ['another scheduler', () => savedBy('cosine', 'sgd', { momentum: 0.5, lrScheduler: new CosineScheduler(5) }), 'ValueError', 'it was saved with another learning-rate scheduler', scheduled()],
  ]
  test.each(cases)('%s', (_, write, name, text, options = { learningRate: 1, momentum: 0.5 }) => {
    const file = write()
    const [{ p, trainer }, control] = [made('sgd', options), made('sgd', options === undefined ? {} : 'lrScheduler' in options ? scheduled() : options)]
    const step = (each: typeof control): number => {
      backward(each.p, [1])
      each.trainer.step(1)
      return each.p.data().item() as number
    }
    step({ p, trainer })
    step(control)
    expect(() => trainer.loadStates(file)).toThrow(refused(name, text))
    expect(step({ p, trainer })).toBe(step(control))
    expect(trainer.optimizer.numUpdate).toBe(2)
  })
})
