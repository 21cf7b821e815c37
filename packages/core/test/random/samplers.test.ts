import { describe, expect, it } from 'vitest'
import {
  fillBernoulli,
  fillCategorical,
  fillChoice,
  fillChoiceWithoutReplacement,
  fillExponential,
  fillGumbel,
  fillLogistic,
  fillLogNormal,
  fillMultinomial,
  fillNormal,
  fillPareto,
  fillPower,
  fillRayleigh,
  fillUniform,
  fillWeibull,
  RandomState,
  shuffledOrder,
  shuffledRowOrder,
} from '../../src/random/index.ts'
import { type GoldenArray, goldenNumber, readGolden } from '../golden/read.ts'

type Fill = (state: RandomState, out: Float32Array) => void

interface Row extends GoldenArray {
  seed: number
  call: string
}

/** How a row is compared: normals depend on the C library's logarithm, other float functions on the last digit. */
type Match = 'exact' | 'close'

const shuffled = (state: RandomState, out: Float32Array): void => out.set(shuffledOrder(state.main, out.length))

const shuffledPairs = (state: RandomState, out: Float32Array): void => {
  shuffledRowOrder(state.main, out.length / 2).forEach((row, i) => out.set([2 * row, 2 * row + 1], 2 * i))
}

const dropout = (state: RandomState, out: Float32Array, rate: number): void => {
  state.parallel.fillUniform(out, 0, 1)
  const keep = 1 - rate
  out.forEach((uniform, i) => (out[i] = uniform < keep ? 1 / keep : 0))
}

const multinomial = (state: RandomState, out: Float32Array, trials: number, probabilities: number[]): void => {
  for (let start = 0; start < out.length; start += probabilities.length) {
    fillMultinomial(state.main, out.subarray(start, start + probabilities.length), trials, probabilities)
  }
}

const calls: Record<string, [Match, Fill]> = {
  'uniform(size=(2,3))': ['exact', (s, out) => fillUniform(s.main, out, 0, 1)],
  'uniform(-2,5,size=7)': ['exact', (s, out) => fillUniform(s.main, out, -2, 5)],
  "uniform(size=4,dtype='float64')": ['exact', (s, out) => fillUniform(s.main, out, 0, 1)],
  'uniform([0,10],[1,20])': [
    'exact',
    (s, out) => {
      fillUniform(s.main, out.subarray(0, 1), 0, 1)
      fillUniform(s.main, out.subarray(1), 10, 20)
    },
  ],
  'rand(2,3)': ['exact', (s, out) => fillUniform(s.main, out, 0, 1)],
  'three uniform(size=2) calls': [
    'exact',
    (s, out) => [0, 2, 4].forEach((start) => fillUniform(s.main, out.subarray(start, start + 2), 0, 1)),
  ],
  'normal(size=9)': ['close', (s, out) => fillNormal(s.main, out, 0, 1)],
  'normal(3,.5,size=(2,3))': ['close', (s, out) => fillNormal(s.main, out, 3, 0.5)],
  "normal(size=5,dtype='float64')": ['close', (s, out) => fillNormal(s.main, out, 0, 1)],
  'randn(2,3)': ['close', (s, out) => fillNormal(s.main, out, 0, 1)],
  'three normal(size=3) calls': [
    'close',
    (s, out) => [0, 3, 6].forEach((start) => fillNormal(s.main, out.subarray(start, start + 3), 0, 1)),
  ],
  'lognormal(size=5)': ['close', (s, out) => fillLogNormal(s.main, out, 0, 1)],
  'randint(10,size=12)': ['exact', (s, out) => s.parallel.fillInteger(out, 0, 10)],
  'randint(-5,5,size=(2,70))': ['exact', (s, out) => s.parallel.fillInteger(out, -5, 5)],
  "randint(0,1000000,size=6,dtype='int64')": ['exact', (s, out) => s.parallel.fillInteger(out, 0, 1000000)],
  'shuffle(arange(10))': ['exact', shuffled],
  'shuffle(arange(12).reshape(6,2))': ['exact', shuffledPairs],
  'choice(10,size=6)': ['exact', (s, out) => fillChoice(s.main, out, 10)],
  'choice(10,size=6,replace=False)': ['exact', (s, out) => fillChoiceWithoutReplacement(s.main, out, 10)],
  // The rows do not name their probabilities; these reproduce all of them.
  'choice(4,size=8,p)': ['exact', (s, out) => fillCategorical(s.main, out, [0.1, 0.2, 0.3, 0.4])],
  'multinomial(20,[.2,.3,.5])': ['exact', (s, out) => multinomial(s, out, 20, [0.2, 0.3, 0.5])],
  'multinomial(5,[.2,.8],size=3)': ['exact', (s, out) => multinomial(s, out, 5, [0.2, 0.8])],
  'exponential(size=6)': ['close', (s, out) => fillExponential(s.main, out, 1)],
  'exponential(2.5,size=3)': ['close', (s, out) => fillExponential(s.main, out, 2.5)],
  'gumbel(size=5)': ['close', (s, out) => fillGumbel(s.main, out, 0, 1)],
  'logistic(size=5)': ['close', (s, out) => fillLogistic(s.main, out, 0, 1)],
  'rayleigh(size=5)': ['close', (s, out) => fillRayleigh(s.main, out, 1)],
  'weibull(2,size=5)': ['close', (s, out) => fillWeibull(s.main, out, 2)],
  'pareto(2,size=5)': ['close', (s, out) => fillPareto(s.main, out, 2)],
  'power(2,size=5)': ['close', (s, out) => fillPower(s.main, out, 2)],
  'bernoulli(.3,size=12)': ['exact', (s, out) => fillBernoulli(s.main, out, 0.3)],
  'dropout(.5) on ones(130)': ['exact', (s, out) => dropout(s, out, 0.5)],
  'dropout(.2) on ones((2,5))': ['exact', (s, out) => dropout(s, out, 0.2)],
  'dropout(.5,axes=(0,)) on ones((3,4))': [
    'exact',
    (s, out) => {
      dropout(s, out.subarray(0, 4), 0.5)
      out.copyWithin(4, 0, 4)
      out.copyWithin(8, 0, 4)
    },
  ],
}

const legacyCalls: Record<string, [Match, Fill]> = {
  'uniform(shape=(2,3))': ['exact', (s, out) => s.parallel.fillUniform(out, 0, 1)],
  'uniform(-1,1,shape=130)': ['exact', (s, out) => s.parallel.fillUniform(out, -1, 1)],
  'normal(shape=70)': ['close', (s, out) => s.parallel.fillNormal(out, 0, 1)],
  'normal(1,2,shape=5)': ['close', (s, out) => s.parallel.fillNormal(out, 1, 2)],
  'randint(0,10,shape=12)': ['exact', (s, out) => s.parallel.fillInteger(out, 0, 10)],
  'exponential(shape=6)': ['close', (s, out) => s.parallel.fillExponential(out, 1)],
  'multinomial([.1,.2,.7],shape=10)': ['exact', (s, out) => fillCategorical(s.main, out, [0.1, 0.2, 0.7])],
  'shuffle(arange(10))': ['exact', shuffled],
  'Dropout(.5) ones(70)': ['exact', (s, out) => dropout(s, out, 0.5)],
}

const rows = readGolden('samplers.json') as Row[]
const legacyRows = readGolden('samplers-legacy.json') as Row[]
const positions = readGolden('sampler-positions.json') as Record<string, number>

function run(fill: Fill, seed: number, length: number): { out: Float32Array; position: number } {
  const state = new RandomState()
  state.seed(seed)
  const out = new Float32Array(length)
  fill(state, out)
  return { out, position: state.position }
}

function check(row: Row, table: Record<string, [Match, Fill]>): void {
  const [match, fill] = table[row.call] ?? []
  if (match === undefined || fill === undefined) throw new Error(`no function for ${row.call}`)
  const { out } = run(fill, row.seed, row.data.length)
  // Rows hold shortest decimals of float32; float64 rows are float32 draws widened.
  const expected = row.data.map((value) => Math.fround(goldenNumber(value)))
  if (match === 'exact') return expect([...out]).toEqual(expected)
  expected.forEach((value, i) => {
    expect(Math.abs((out[i] ?? NaN) - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value))
  })
}

describe('samplers of np.random', () => {
  it.each(rows)('seed $seed $call', (row) => check(row, calls))

  it.each(Object.entries(positions))('%s consumes as many outputs as in MXNet', (call, position) => {
    const row = rows.find((candidate) => candidate.call === call)
    const [, fill] = calls[call] ?? []
    if (row === undefined || fill === undefined) throw new Error(`no row or function for ${call}`)
    expect(run(fill, 0, row.data.length).position).toBe(position)
  })
})

describe('samplers of the legacy nd.random', () => {
  it.each(legacyRows)('seed $seed $call', (row) => check(row, legacyCalls))
})
