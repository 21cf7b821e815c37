import { describe, expect, it } from 'vitest'
import { Context, array, getState, nd, np, npx, registerBackend } from '@ashlar/core'
import { cleanState } from './support/clean-state.ts'
import { separateDevice } from './support/simulated.ts'
import { thrownBy } from './support/thrown.ts'

const { random } = np
const none = undefined as never
const text = 'abc' as never

/** Every refusal, by the class of its error. */
const VALUE: [string, () => unknown][] = [
  ['a bound that is NaN', () => random.uniform(Number.NaN, 1)], ['an infinite bound', () => random.uniform(0, Infinity)], ['a bound beyond float32', () => random.uniform(0, 1e39)],
  ['bounds too far apart', () => random.uniform(-3e38, 3e38)], ['one pair of bounds too far apart', () => random.uniform([0, -3e38], 3e38)],
  ['a negative scale', () => random.normal(0, -1)], ['one negative scale', () => random.normal(0, [1, -1])], ['a negative sigma', () => random.lognormal({ sigma: -1 })],
  ['a negative size', () => random.uniform(0, 1, -1)], ['a negative size of exponential', () => random.exponential(1, [2, -1])],
  ['exponential of a negative scale', () => random.exponential(-1)], ['gumbel of a negative scale', () => random.gumbel(0, -1)], ['gumbel at NaN', () => random.gumbel(Number.NaN)],
  ['logistic of an infinite scale', () => random.logistic(0, Infinity)], ['rayleigh of a negative scale', () => random.rayleigh({ scale: -2 })],
  ['weibull of 0', () => random.weibull(0, 3)], ['pareto of a negative shape', () => random.pareto(-1)], ['power of NaN', () => random.power(Number.NaN)], ['power of an underflow', () => random.power(1e-50)],
  ['an empty range', () => random.randint(3, 3)], ['a range backwards', () => random.randint(3, 1)], ['bounds that are not whole', () => random.randint(0.5, 3)], ['a bound that is text', () => random.randint('1' as never)],
  ['a range beyond int32', () => random.randint(0, 2 ** 31 + 1)], ['a range below int32', () => random.randint(-(2 ** 31) - 1, 0)], ['a range beyond the safe integers', () => random.randint(-(2 ** 53) + 1, 2 ** 53 - 1, 1, { dtype: 'int64' })],
  ['a range beyond uint8', () => random.randint(0, 257, 2, { dtype: 'uint8' })], ['a negative uint8', () => random.randint({ low: -1, high: 5, dtype: 'uint8' })], ['a negative uint32', () => random.randint(-1, 5, 2, { dtype: 'uint32' })],
  ['a probability above 1', () => random.bernoulli(1.1)], ['a probability below 0', () => random.bernoulli([0.5, -0.1])], ['a probability that is NaN', () => random.bernoulli({ prob: Number.NaN })],
  ['prob and logit', () => random.bernoulli(0.5, 0)], ['neither prob nor logit', () => npx.random.bernoulli({})], ['a logit that is NaN', () => npx.random.bernoulli({ logit: Number.NaN })],
  ['a negative number of trials', () => random.multinomial(-1, [1])], ['half a trial', () => random.multinomial(0.5, [1])], ['no outcomes', () => random.multinomial(1, [])], ['outcomes above 1', () => random.multinomial(1, [0.7, 0.7, 0])],
  ['a negative outcome', () => random.multinomial(1, [1.5, -0.5])], ['a table of outcomes', () => random.multinomial(1, np.full([2, 2], 0.5))], ['a scalar of outcomes', () => random.multinomial(1, 1)],
  ['more trials than uint8 counts', () => random.multinomial(256, [1], null, { dtype: 'uint8' })],
  ['a choice of nothing', () => random.choice(0, 1)], ['a choice of less than nothing', () => random.choice(-1)], ['a choice of halves', () => random.choice(2.5)], ['a choice of too much', () => random.choice(2 ** 33, 1, true, null, { dtype: 'int64' })],
  ['a choice beyond int32', () => random.choice(2 ** 31 + 1)], ['a choice beyond uint8', () => random.choice({ a: 257, dtype: 'uint8' })], ['more than there are', () => random.choice(3, 4, false)], ['a choice from nothing', () => random.choice(np.zeros(0), 1)],
  ['a choice from a table', () => random.choice(np.ones([2, 2]))], ['a choice from a scalar', () => random.choice(array(3))], ['a dtype for entries', () => random.choice(np.ones(2), 1, true, null, { dtype: 'int32' })],
  ['too few probabilities', () => random.choice(3, 2, true, [0.5, 0.5])], ['probabilities that miss 1', () => random.choice(2, 2, true, [0.5, 0.49])], ['a negative probability', () => random.choice(2, 2, true, [1.5, -0.5])],
  ['a probability of NaN', () => random.choice({ a: 2, p: [Number.NaN, 1] })], ['too few possible ones', () => random.choice(3, 2, false, [1, 0, 0])], ['a table of probabilities', () => random.choice(2, 2, true, np.full([2, 1], 0.5))],
  ['parameters that do not fill the size', () => random.uniform([0, 1], 2, [2, 1])], ['parameters larger than the size', () => random.normal(np.zeros([3, 2]), 1, 2)],
  ['a permutation of less than nothing', () => random.permutation(-1)],
  ['nd: a negative scale', () => nd.random.normal(0, -1)], ['nd: an infinite bound', () => nd.random.uniform(0, Infinity)], ['nd: exponential of a negative scale', () => nd.random.exponential(-1)], ['nd: no upper bound', () => nd.random.randint(3, none)],
  ['nd: probabilities that miss 1', () => nd.random.multinomial([0.5, 0.2])], ['nd: one bad row', () => nd.random.multinomial(np.array([[1, 0], [1, 1]]))], ['nd: no probabilities', () => nd.random.multinomial([])],
]

const TYPE: [string, () => unknown][] = [
  ['a bound that is text', () => random.uniform('0' as never)], ['a list of text', () => random.uniform(['0'] as never)], ['null', () => random.uniform(null as never)], ['null for normal', () => random.normal(null as never)], ['null for a scale', () => random.exponential({ scale: null as never })],
  ['a size that is not whole', () => random.normal(0, 1, [1.5])], ['a size that is text', () => random.gumbel(0, 1, text)], ['options in place of a size', () => random.exponential(1, { size: 3 } as never)], ['a size in place of options', () => random.exponential(1, 2, 3 as never)],
  ['an integer dtype', () => random.uniform({ dtype: 'int32' })], ['an unknown dtype', () => random.normal({ dtype: 'float99' as never })], ['an integer dtype of weibull', () => random.weibull({ a: 1, dtype: 'int8' })],
  ['a context that is none', () => random.uniform({ ctx: 'cpu' as never })], ['a context that is none, for choice', () => random.choice({ a: 3, ctx: 'cpu' as never })],
  ['no shape of weibull', () => random.weibull(none)], ['no shape of pareto', () => random.pareto({} as never)], ['a shape of power that is text', () => random.power(text)],
  ['a float dtype for randint', () => random.randint(0, 5, 2, { dtype: 'float32' })], ['bool for randint', () => random.randint(0, 2, 2, { dtype: 'bool' })],
  ['a probability that is text', () => random.bernoulli(text)], ['an int64 mask', () => random.bernoulli({ prob: 0.5, dtype: 'int64' })],
  ['trials that are text', () => random.multinomial(text, [1])], ['no outcomes at all', () => random.multinomial(1, none)], ['a float dtype of counts', () => random.multinomial(1, [1], null, { dtype: 'float32' })],
  ['a choice of text', () => random.choice(text)], ['a choice of a list of text', () => random.choice(['a', 'b'] as never)], ['a choice of null', () => random.choice(null as never)], ['probabilities that are text', () => random.choice(3, 1, true, text)], ['replace that is neither', () => random.choice(3, 1, 0 as never)],
  ['a permutation of a scalar', () => random.permutation(array(3))], ['a permutation of text', () => random.permutation(text)], ['shuffling a list', () => random.shuffle([1, 2] as never)], ['shuffling a scalar', () => random.shuffle(array(1))],
  ['a seed that is not whole', () => random.seed(1.5)], ['a seed that is text', () => random.seed('1' as never)], ['a seed that is a bigint', () => random.seed(1n as never)], ['a seed for no context', () => random.seed(1, 'gpu' as never)],
  ['nd: an array of bounds', () => nd.random.uniform([0, 1] as never)], ['nd: a shape that is text', () => nd.random.normal(0, 1, text)], ['nd: a number as probabilities', () => nd.random.multinomial(1)],
]

/** Nothing that was refused may have drawn, or seeded, anything. */
function refused(run: () => unknown, name: string): void {
  random.seed(17)
  random.randint(9)
  const before = JSON.stringify(getState())
  expect(thrownBy(run).name).toBe(name)
  expect(JSON.stringify(getState())).toBe(before)
}

describe('draws that are refused, without consuming anything', () => {
  cleanState()

  it.each(VALUE)('ValueError: %s', (_, run) => refused(run, 'ValueError'))
  it.each(TYPE)('TypeError: %s', (_, run) => refused(run, 'TypeError'))

  it('parameters whose shapes do not match are an error like any operands', () => {
    refused(() => random.uniform([0, 1], [1, 2, 3]), 'MXNetError')
  })

  it('an absent device', () => {
    const options = { ctx: new Context('gpu') }
    for (const run of [
      () => random.uniform(options), () => random.exponential(options), () => random.gumbel(options), () => nd.random.normal(options), () => random.choice({ a: 3, ...options }),
      () => random.bernoulli({ prob: 0.5, ...options }), () => random.randint(0, 3, 1, options), () => random.multinomial(1, [1], 2, options), () => nd.random.multinomial([1], 2, options),
    ]) {
      refused(run, 'MXNetError')
    }
  })

  it('a dtype or a size that the device does not hold', () => {
    registerBackend({ name: 'narrow', type: 'narrow', count: 1, open: () => separateDevice({ dtypes: ['float32'], maxSize: 100 }) })
    const ctx = new Context('narrow')
    random.seed(5, ctx)
    const before = JSON.stringify(getState(ctx))
    expect(thrownBy(() => random.normal({ dtype: 'float64', ctx })).name).toBe('NotImplementedError')
    expect(thrownBy(() => random.randint(0, 3, 2, { ctx })).name).toBe('NotImplementedError')
    expect(thrownBy(() => random.choice(np.ones(5, { ctx }), 2)).name).toBe('NotImplementedError')
    expect(thrownBy(() => random.shuffle(np.ones(5, { ctx }))).name).toBe('NotImplementedError')
    expect(thrownBy(() => random.gumbel(0, 1, 101, { ctx })).name).toBe('ValueError')
    expect(JSON.stringify(getState(ctx))).toBe(before)
    expect(random.uniform({ ctx, size: 100 }).size).toBe(100)
  })

  it('says what is wrong and how to mend it', () => {
    expect(thrownBy(() => random.exponential(-1)).message).toBe('[random.exponential] scale must be a finite number, 0 or more, got -1')
    expect(thrownBy(() => random.weibull(none)).message).toBe('[random.weibull] a is missing, and has no default')
    expect(thrownBy(() => random.choice(3, 4, false)).message).toBe('[random.choice] cannot draw 4 of 3 without replacement')
    expect(thrownBy(() => random.choice(2, 2, true, [0.5, 0.25])).message).toBe('[random.choice] p must sum to 1, got 0.75')
    expect(thrownBy(() => nd.random.uniform([0] as never)).message).toBe('[nd.random.uniform] low is a number, got [0]')
    expect(thrownBy(() => random.uniform({ dtype: 'int32' })).hint).toMatch(/astype/u)
  })
})
