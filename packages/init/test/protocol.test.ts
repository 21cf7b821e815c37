import { afterEach, describe, expect, it } from 'vitest'
import type { DType, NDArray } from '@ashlar/core'
import { Context, DTYPES, isAshlarError, np, seed, setWarningHandler } from '@ashlar/core'
import { Bilinear, Constant, InitDesc, Initializer, LSTMBias, Load, MSRAPrelu, Mixed, Normal, One, Orthogonal, Uniform, Xavier, Zero, alias, create, register } from '@ashlar/init'
import { drawn, freshStreams, numbers, position } from './support.ts'

const refused = (name: string, text: string): unknown => expect.objectContaining({ name, message: expect.stringContaining(text) })

/** What warnings said, with their kinds. */
let told: [string, string][] = []
function listen(): void {
  told = []
  setWarningHandler((message, { category }) => void told.push([category, message]))
}
afterEach(() => void setWarningHandler())

/** What a call writes into five fives. */
function called(initializer: Initializer, desc: InitDesc | string, shape: number[] = [2, 3]): number[] {
  const data = np.full(shape, 5)
  initializer.call(desc, data)
  return numbers(data)
}

describe('the calling protocol', () => {
  freshStreams()

  it.each([
    ['dense0_weight', 7], ['dense0_bias', 0], ['batchnorm0_gamma', 1], ['batchnorm0_beta', 0], ['x_min', 0], ['x_max', 1], ['conv0_bias_quantize', 0],
  ])('B-11.5a: the end of %s says %d', (name, value) => {
    expect(called(new Constant(7), new InitDesc(name))).toEqual(new Array(6).fill(value))
  })

  it('B-11.5b: the parameter\'s own initializer wins, whatever the name', () => {
    for (const own of ['ones', new One(), '["constant", {"value": 1}]', '{"initializer": "constant", "value": 1}']) {
      expect(called(new Constant(7), new InitDesc('dense0_bias', { attrs: { __init__: own } }))).toEqual(new Array(6).fill(1))
    }
    expect(called(new Constant(7), new InitDesc('dense0_weight', { attrs: { __init__: '' } }))).toEqual(new Array(6).fill(7))
  })

  it('B-11.5c: other names are refused, and nothing is written', () => {
    const data = np.full([2], 5)
    for (const name of ['alpha', 'running_mean', 'running_var', 'weights', 'moving_mean']) {
      expect(() => new Normal().call(new InitDesc(name), data)).toThrow(refused('ValueError', `Unknown initialization pattern for ${name}`))
    }
    expect([numbers(data), position()]).toEqual([[5, 5], 0])
  })

  it('B-11.5d: quantized weights are whole numbers from -127 to 126', () => {
    const values = called(new Normal(), new InitDesc('conv0_weight_quantize'), [50, 50])
    expect(values.every(value => Number.isInteger(value) && value >= -127 && value < 127)).toBe(true)
    expect(new Set(values).size).toBeGreaterThan(200)
  })

  it.each([
    ['dense0_weight', 7], ['moving_mean', 0], ['moving_var', 1], ['moving_inv_var', 0], ['moving_avg', 0], ['stn_loc_weight', 0], ['gamma', 1], ['x_max', 1],
  ])('B-11.5e: a name alone is deprecated: %s says %d', (name, value) => {
    listen()
    expect(called(new Constant(7), name)).toEqual(new Array(6).fill(value))
    expect(told).toEqual([['DeprecationWarning', expect.stringContaining('has been deprecated')]])
  })

  it('B-11.5f: old names of upsampling and localisation', () => {
    listen()
    expect(called(new Normal(), 'upsampling0_weight', [1, 1, 4, 4]).slice(0, 6)).toEqual([0.0625, 0.1875, 0.1875, 0.0625, 0.1875, 0.5625])
    expect(called(new Normal(), 'stn_loc_bias', [6])).toEqual([1, 0, 0, 0, 1, 0])
    expect(() => called(new Normal(), 'stn_loc_bias', [5])).toThrow(refused('ValueError', 'has 6 entries'))
    expect(() => called(new Normal(), 'alpha')).toThrow(refused('ValueError', 'Unknown initialization pattern for alpha'))
  })

  it('a description carries its name, attributes and the network\'s initializer', () => {
    const desc = new InitDesc('dense0_weight', { attrs: { __init__: 'xavier', other: 1 } })
    expect([desc.name, String(desc), desc.attrs['other'], desc.globalInit]).toEqual(['dense0_weight', 'dense0_weight', 1, null])
    expect(desc.initializer).toBeInstanceOf(Xavier)
    const normal = new Normal()
    called(normal, desc)
    expect(desc.globalInit).toBe(normal)
    called(new Zero(), desc)
    expect(desc.globalInit).toBe(normal)
  })

  it('bad descriptions', () => {
    expect(() => new InitDesc(3 as never)).toThrow(TypeError)
    expect(() => new InitDesc('w', { attr: {} } as never)).toThrow(`unknown option 'attr'`)
    for (const desc of [null, undefined, 3, {}]) expect(() => new Normal().call(desc as never, np.zeros([1]))).toThrow(TypeError)
    expect(() => called(new Normal(), new InitDesc('w', { attrs: { __init__: 'foo' } }))).toThrow(refused('AssertionError', 'foo is not registered'))
  })

  it('a subclass decides what a kind of parameter gets', () => {
    class Own extends Initializer {
      override initWeight(_name: string, data: NDArray): void { data.set(3) }
      override initBias(_name: string, data: NDArray): void { data.set(4) }
      override initDefault(name: string, data: NDArray): void { data.set(name.length) }
    }
    expect(['x_weight', 'x_bias', 'alpha'].map(name => called(new Own(), new InitDesc(name))[0])).toEqual([3, 4, 5])
  })

  it('B-11.6a: verbosity tells name, initializer and spread', () => {
    listen()
    const constant = new Constant(-2).setVerbosity(true)
    called(constant, new InitDesc('dense0_weight'))
    called(constant, new InitDesc('dense0_bias', { attrs: { __init__: 'ones' } }))
    called(constant.setVerbosity(true, data => `${data.size} entries`), new InitDesc('gamma'))
    called(constant.setVerbosity(), new InitDesc('gamma'))
    expect(told).toEqual([['Info', 'Initialized dense0_weight as weight: 2'], ['Info', 'Initialized dense0_bias as ["one", {}]: 1'], ['Info', 'Initialized gamma as gamma: 6 entries']])
    expect(() => constant.setVerbosity('yes' as never)).toThrow(TypeError)
    expect(() => constant.setVerbosity(true, 3 as never)).toThrow(TypeError)
  })
})

describe('names and options', () => {
  it('B-11.6b: all forms that create takes', () => {
    for (const form of ['["xavier", {"magnitude": 2}]', '{"initializer": "Xavier", "magnitude": 2}']) expect((create(form) as Xavier).magnitude).toBe(2)
    expect((create('Xavier', { magnitude: 2, factor_type: 'in' }) as Xavier).kwargs).toEqual({ rnd_type: 'uniform', factor_type: 'in', magnitude: 2 })
    expect(create('["zeros"]')).toBeInstanceOf(Zero)
    for (const form of ['{"magnitude": 2}', '[3]', '["xavier", 3]', '[', '{', '["xavier", [1]]', '{"initializer": ["xavier"]}']) expect(() => create(form)).toThrow(refused('AssertionError', 'is no initializer'))
    expect(() => create(new Zero(), { a: 1 })).toThrow(refused('AssertionError', 'options go with the name'))
    for (const name of ['__proto__', 'toString', '']) expect(() => create(name)).toThrow(refused('AssertionError', 'is not registered'))
  })

  it('B-11.6c: alias gives several names; a name that is taken is told', () => {
    class AliasedForTest extends Zero {}
    listen()
    expect(alias(AliasedForTest, 'aliasOneForTest', 'aliasTwoForTest')).toBe(AliasedForTest)
    expect([create('aliasonefortest'), create('ALIASTWOFORTEST')].every(made => made instanceof AliasedForTest)).toBe(true)
    expect(() => create('aliasedfortest')).toThrow('is not registered')
    expect(told).toEqual([])
    register(AliasedForTest, 'aliasOneForTest')
    expect(told).toEqual([['UserWarning', 'New initializer AliasedForTest registered with name aliasonefortest is overriding an existing initializer']])
  })

  it.each<[string, () => Initializer]>([
    ['Zero', () => new Zero({ a: 1 } as never)], ['One', () => new One({ a: 1 } as never)], ['Constant', () => new Constant(1, { a: 1 } as never)], ['Uniform', () => new Uniform({ a: 1 } as never)],
    ['Normal', () => new Normal({ a: 1 } as never)], ['Xavier', () => new Xavier({ a: 1 } as never)], ['MSRAPrelu', () => new MSRAPrelu({ a: 1 } as never)], ['Orthogonal', () => new Orthogonal({ a: 1 } as never)],
    ['Bilinear', () => new Bilinear({ a: 1 } as never)], ['LSTMBias', () => new LSTMBias({ a: 1 } as never)], ['Load', () => new Load({}, { a: 1 } as never)], ['by name', () => create('["normal", {"a": 1}]')],
  ])('an option that means nothing: %s', (_, make) => {
    expect(make).toThrow(refused('TypeError', `unknown option 'a'`))
  })

  it.each<[string, () => Initializer]>([
    ['a magnitude', () => new Xavier({ magnitude: -1 })], ['a slope', () => new MSRAPrelu({ slope: NaN })], ['a scale', () => new Orthogonal({ scale: Infinity })], ['a bias', () => new LSTMBias(NaN)],
    ['a random type', () => new Orthogonal({ randType: 'gaussian' as never })], ['no value', () => new Constant(undefined as never)], ['no options', () => new Normal('wide' as never)],
  ])('an impossible value: %s', (_, make) => {
    try {
      make()
    } catch (error) {
      expect(isAshlarError(error)).toBe(true)
      return
    }
    expect.unreachable()
  })

  it('E5.2-2: every initializer can be chosen by its name', () => {
    const shapes: Record<string, number[]> = { bilinear: [1, 1, 4, 4], lstmbias: [8] }
    for (const name of ['zeros', 'zero', 'ones', 'one', 'constant', 'uniform', 'normal', 'xavier', 'msraprelu', 'orthogonal', 'bilinear', 'lstmbias']) {
      expect(drawn(create(name), shapes[name] ?? [4, 4]).shape).toEqual(shapes[name] ?? [4, 4])
    }
  })
})

describe('values of the shaped ones', () => {
  freshStreams()

  it.each([[[4, 6]], [[6, 4]], [[5, 5]], [[1, 7]], [[7, 1]], [[2, 3, 3, 2]], [[1, 1]], [[40, 33]]])('B-11.3: Orthogonal of shape %j has orthogonal vectors of the scale\'s length', shape => {
    for (const randType of ['uniform', 'normal'] as const) {
      const w = drawn(new Orthogonal({ scale: 2, randType }), shape).reshape([shape[0]!, -1])
      const [rows, columns] = w.shape as [number, number]
      const products = numbers(rows < columns ? w.matmul(w.T) : w.T.matmul(w))
      const count = Math.min(rows, columns)
      products.forEach((value, i) => expect(Math.abs(value - (i % (count + 1) === 0 ? 4 : 0))).toBeLessThan(2e-5))
    }
    expect(position()).toBe(0)
  })

  it('B-11.3: Orthogonal draws from the parallel stream, anew each time', () => {
    const first = numbers(drawn(new Orthogonal(), [3, 3]))
    expect(numbers(drawn(new Orthogonal(), [3, 3]))).not.toEqual(first)
    seed(0)
    expect(numbers(drawn(new Orthogonal(), [3, 3]))).toEqual(first)
    expect(drawn(new Orthogonal(), [0, 3]).shape).toEqual([0, 3])
  })

  it('B-11.4: LSTMBias fills the second quarter; other shapes are refused', () => {
    expect(numbers(drawn(new LSTMBias(), [8]))).toEqual([0, 0, 1, 1, 0, 0, 0, 0])
    expect(numbers(drawn(new LSTMBias({ forgetBias: 2.5 }), [4]))).toEqual([0, 2.5, 0, 0])
    expect(new LSTMBias(3).dumps()).toBe('["lstmbias", {"forget_bias": 3}]')
    for (const shape of [[7], [4, 2], []]) expect(() => drawn(new LSTMBias(), shape)).toThrow(refused('ValueError', 'four entries for each unit'))
  })

  it('B-11.4: Bilinear of a kernel that is not square; other ranks are refused', () => {
    // f = 2, c = 0.75 in both axes: rows weigh 0.25, 0.75, and columns 0.25, 0.75, 0.75.
    const [row, columns] = [[0.25, 0.75], [0.25, 0.75, 0.75]]
    expect(numbers(drawn(new Bilinear(), [1, 1, 2, 3]))).not.toEqual([])
    const values = numbers(drawn(new Bilinear(), [1, 1, 2, 4]))
    expect(values).toEqual(row.flatMap(y => [...columns, 0.25].map(x => x * y)))
    for (const shape of [[3, 3], [2, 2, 2]]) expect(() => drawn(new Bilinear(), shape)).toThrow(refused('ValueError', 'four dimensions'))
  })

  const all: [Initializer, number[]][] = [
    [new Zero(), [2, 2]], [new One(), [2, 2]], [new Constant(0.5), [2, 2]], [new Constant([[1], [2]]), [2, 2]], [new Uniform(), [3, 2]], [new Normal(), [3, 2]], [new Xavier(), [3, 2]], [new MSRAPrelu(), [3, 2]],
    [new Orthogonal(), [3, 2]], [new Bilinear(), [1, 1, 3, 3]], [new LSTMBias(), [4]], [new Load({ w: np.array([[1, 2]]) }), [1, 2]], [new Mixed(['.*'], ['xavier']), [3, 2]],
  ]
  it.each(all.map(([initializer, shape]) => [initializer.dumps(), initializer, shape] as const))('float16 and other dtypes get the float32 values, rounded: %s', (_, initializer, shape) => {
    const float32 = drawn(initializer, shape)
    for (const dtype of ['float16', 'float64', 'bfloat16'] as DType[]) {
      seed(0)
      const other = drawn(initializer, shape, { dtype })
      expect(other.dtype).toBe(dtype)
      seed(0)
      expect(numbers(other.astype('float32'))).toEqual(numbers(drawn(initializer, shape).astype(dtype).astype('float32')))
    }
    expect(Object.keys(DTYPES)).toContain(float32.dtype)
  })
})

describe('Load and Mixed', () => {
  freshStreams()
  const w = np.array([[1, 2]])

  it('B-11.7a: Load takes values by name, without arg: and aux:, and another initializer for the rest', () => {
    listen()
    const load = new Load(new Map([['arg:w', w], ['aux:mean', np.array([3])]]), { defaultInit: 'ones', verbose: true })
    expect([drawn(load, [1, 2]), called(load, new InitDesc('mean'), [1]), called(load, new InitDesc('other_weight'), [1]), called(load, new InitDesc('other_bias'), [1])].map(x => (Array.isArray(x) ? x : numbers(x)))).toEqual([[1, 2], [3], [1], [0]])
    expect(told.map(([, message]) => message)).toEqual(['Initialized w by loading', 'Initialized mean by loading', 'Initialized other_weight by default', 'Initialized other_bias by default'])
    expect(load.dumps()).toBe('["load", {"param": ["w", "mean"]}]')
    expect([load.equals(load), load.equals(new Load({ w, mean: w }))]).toEqual([true, false])
  })

  it('B-11.7b: Load refuses other shapes and names that it does not have', () => {
    const data = np.full([2, 1], 5)
    expect(() => new Load({ w }).initWeight('w', data)).toThrow(refused('AssertionError', 'Parameter w cannot be initialized from loading. Shape mismatch, target (2, 1) vs loaded (1, 2)'))
    expect(() => new Load({ w }).initWeight('v', data)).toThrow(refused('AssertionError', 'Cannot Initialize v. Not found in loaded param and no default Initializer is provided.'))
    expect(numbers(data)).toEqual([5, 5])
    expect(() => new Load('file' as never)).toThrow(refused('TypeError', 'new Load(io.load(file))'))
    for (const param of [null, [w], w, { w: 3 }]) expect(() => new Load(param as never)).toThrow(TypeError)
  })

  it('B-11.7c: Load\'s values win over the parameter\'s own initializer and are copied', () => {
    const load = new Load({ w })
    expect(called(load, new InitDesc('w', { attrs: { __init__: 'zeros' } }), [1, 2])).toEqual([1, 2])
    const data = drawn(load, [1, 2])
    data.iadd(1)
    expect(numbers(w)).toEqual([1, 2])
  })

  it('B-11.7d: Mixed takes the first pattern that matches the start of the name', () => {
    const mixed = new Mixed(['dense0', 'bias|dense1', /DENSE2.*weight/i, '.*'], [new Constant(1), new Constant(2), new Constant(3), 'zeros'])
    const value = (name: string): number => {
      const data = np.full([1], 5)
      mixed.initWeight(name, data)
      return data.item() as number
    }
    expect(['dense0_weight', 'dense1_weight', 'bias', 'dense0_bias', 'dense2_weight', 'mydense0', 'mybias', 'dense0_weight'].map(value)).toEqual([1, 2, 2, 1, 3, 0, 0, 1])
    expect(mixed.dumps()).toBe('["mixed", {"patterns": ["dense0", "bias|dense1", "DENSE2.*weight", ".*"], "initializers": ["[\\"constant\\", {\\"value\\": 1}]", "[\\"constant\\", {\\"value\\": 2}]", "[\\"constant\\", {\\"value\\": 3}]", "[\\"zero\\", {}]"]}]')
  })

  it('B-11.7e: Mixed refuses names that no pattern matches', () => {
    const mixed = new Mixed(['dense0'], ['ones'])
    expect(() => drawn(mixed, [1])).toThrow(refused('ValueError', `Parameter name w did not match any pattern; add the pattern '.*' at the end`))
    expect(() => new Mixed(['a', 'b'], ['ones'])).toThrow(refused('AssertionError', '2 patterns for 1 initializers'))
    expect(() => new Mixed(['('], ['ones'])).toThrow(refused('ValueError', `'(' is no pattern`))
    expect(() => new Mixed([3 as never], ['ones'])).toThrow(TypeError)
    expect(() => new Mixed('a' as never, 'ones' as never)).toThrow(TypeError)
    expect(() => new Mixed(['a'], ['foo'])).toThrow(refused('AssertionError', 'foo is not registered'))
  })

  it('B-11.7f: Mixed in a call: the end of the name and own initializers count as ever', () => {
    const mixed = new Mixed(['dense0', '.*'], [new Constant(4), new Constant(6)])
    expect([called(mixed, new InitDesc('dense0_weight')), called(mixed, new InitDesc('dense0_bias')), called(mixed, new InitDesc('dense1_bias', { attrs: { __init__: 'ones' } })), called(mixed, new InitDesc('dense1_any', { attrs: { __init__: mixed } }))].map(([first]) => first)).toEqual([4, 0, 1, 6])
  })

  it('values go to the device of the array', () => {
    const data = np.zeros([1, 2], { ctx: new Context('cpu', 1) })
    new Load({ w }).initWeight('w', data)
    expect([String(data.context), numbers(data)]).toEqual(['cpu(1)', [1, 2]])
  })
})
