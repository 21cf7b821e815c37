import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { Context, np, npx, nd, randomStateOf, registerBackend, withContext } from '@ashlar/core'
import type { GoldenArray } from './golden/read.ts'
import { goldenNumber, readGolden } from './golden/read.ts'
import { cleanState } from './support/clean-state.ts'
import { expectClose } from './support/close.ts'
import { simulatedBackend } from './support/simulated.ts'

interface Row extends GoldenArray {
  seed: number
  call: string
}

const { random } = np
const P4 = [0.1, 0.2, 0.3, 0.4]
const int64 = { dtype: 'int64' } as const
const threeTimes = (draw: () => NDArray): NDArray => np.stack([draw(), draw(), draw()])

function shuffled(x: NDArray): NDArray {
  random.shuffle(x)
  return x
}

/**
 * The calls of the rows through the public functions, in both styles where a row has a size. MXNet's int64 has to be asked
 * for: positions are int32 here (see dtype/departures.ts).
 */
const calls: Record<string, (() => NDArray)[]> = {
  'uniform(size=(2,3))': [() => random.uniform({ size: [2, 3] }), () => random.uniform(0, 1, [2, 3])],
  'uniform(-2,5,size=7)': [() => random.uniform(-2, 5, 7), () => random.uniform({ low: -2, high: 5, size: 7 })],
  "uniform(size=4,dtype='float64')": [() => random.uniform({ size: 4, dtype: 'float64' }), () => random.uniform(0, 1, 4, { dtype: 'float64' })],
  'uniform([0,10],[1,20])': [() => random.uniform([0, 10], [1, 20]), () => random.uniform({ low: np.array([0, 10]), high: Float64Array.of(1, 20), size: [2] })],
  'rand(2,3)': [() => random.rand(2, 3)],
  'three uniform(size=2) calls': [() => threeTimes(() => random.uniform({ size: 2 }))],
  'normal(size=9)': [() => random.normal({ size: 9 }), () => random.normal(np.zeros(9), [1])],
  'normal(3,.5,size=(2,3))': [() => random.normal(3, 0.5, [2, 3]), () => random.normal({ loc: 3, scale: 0.5, size: [2, 3] }), () => random.normal(np.full([2, 1], 3), [0.5, 0.5, 0.5])],
  "normal(size=5,dtype='float64')": [() => random.normal({ size: 5, dtype: 'float64' })],
  'randn(2,3)': [() => random.randn(2, 3)],
  'three normal(size=3) calls': [() => threeTimes(() => random.normal({ size: 3 }))],
  'lognormal(size=5)': [() => random.lognormal({ size: 5 }), () => random.lognormal(0, 1, 5), () => random.lognormal(0, np.ones(5))],
  'randint(10,size=12)': [() => random.randint(10, null, 12, int64), () => random.randint({ low: 10, size: 12, ...int64 })],
  'randint(-5,5,size=(2,70))': [() => random.randint(-5, 5, [2, 70], int64), () => random.randint({ low: -5, high: 5, size: [2, 70], ...int64 })],
  "randint(0,1000000,size=6,dtype='int64')": [() => random.randint(0, 1000000, 6, int64)],
  'shuffle(arange(10))': [() => shuffled(np.arange(10)), () => random.permutation(10).astype('float32'), () => random.permutation(np.arange(10))],
  'shuffle(arange(12).reshape(6,2))': [() => shuffled(np.arange(12).reshape(6, 2)), () => random.permutation(np.arange(12).reshape(6, 2))],
  'choice(10,size=6)': [() => random.choice(10, 6, true, null, int64), () => random.choice({ a: 10, size: 6, ...int64 }), () => random.choice(BigInt64Array.from(Array.from({ length: 10 }, (_, i) => BigInt(i))), 6)],
  'choice(10,size=6,replace=False)': [() => random.choice(10, 6, false, null, int64), () => random.choice({ a: 10, size: 6, replace: false, ...int64 })],
  // The rows do not name their probabilities; these reproduce all of them.
  'choice(4,size=8,p)': [() => random.choice(4, 8, true, P4, int64), () => random.choice({ a: 4, size: 8, p: np.array(P4), ...int64 })],
  'multinomial(20,[.2,.3,.5])': [() => random.multinomial(20, [0.2, 0.3, 0.5], null, int64), () => random.multinomial({ n: 20, pvals: np.array([0.2, 0.3, 0.5]), ...int64 })],
  'multinomial(5,[.2,.8],size=3)': [() => random.multinomial(5, [0.2, 0.8], 3, int64), () => random.multinomial({ n: 5, pvals: [0.2, 0.8], size: 3, ...int64 })],
  'exponential(size=6)': [() => random.exponential({ size: 6 }), () => random.exponential(1, 6)],
  'exponential(2.5,size=3)': [() => random.exponential(2.5, 3), () => random.exponential({ scale: 2.5, size: 3 }), () => random.exponential([2.5, 2.5, 2.5])],
  'gumbel(size=5)': [() => random.gumbel({ size: 5 }), () => random.gumbel(0, 1, 5), () => random.gumbel(0, np.ones(5))],
  'logistic(size=5)': [() => random.logistic({ size: 5 }), () => random.logistic(0, 1, 5), () => random.logistic(np.zeros(1), 1, 5)],
  'rayleigh(size=5)': [() => random.rayleigh({ size: 5 }), () => random.rayleigh(1, 5)],
  'weibull(2,size=5)': [() => random.weibull(2, 5), () => random.weibull({ a: 2, size: 5 }), () => random.weibull([2, 2, 2, 2, 2])],
  'pareto(2,size=5)': [() => random.pareto(2, 5), () => random.pareto({ a: 2, size: 5 }), () => random.pareto([2], 5)],
  'power(2,size=5)': [() => random.power(2, 5), () => random.power({ a: 2, size: 5 }), () => random.power(np.full([5], 2))],
  'bernoulli(.3,size=12)': [() => random.bernoulli(0.3, null, 12), () => npx.random.bernoulli({ prob: 0.3, size: 12 }), () => npx.random.bernoulli({ logit: Math.log(0.3 / 0.7), size: 12 }), () => random.bernoulli([0.3], null, [12])],
}

const legacyCalls: Record<string, (() => NDArray)[]> = {
  'uniform(shape=(2,3))': [() => nd.random.uniform({ shape: [2, 3] }), () => nd.random.uniform(0, 1, [2, 3])],
  'uniform(-1,1,shape=130)': [() => nd.random.uniform(-1, 1, 130), () => nd.random.uniform({ low: -1, high: 1, shape: 130 })],
  'normal(shape=70)': [() => nd.random.normal({ shape: 70 }), () => nd.random.randn(70)],
  'normal(1,2,shape=5)': [() => nd.random.normal(1, 2, 5), () => nd.random.normal({ loc: 1, scale: 2, shape: 5 })],
  'randint(0,10,shape=12)': [() => nd.random.randint(0, 10, 12), () => nd.random.randint({ low: 0, high: 10, shape: 12 })],
  'exponential(shape=6)': [() => nd.random.exponential({ shape: 6 }), () => nd.random.exponential(1, 6)],
  'multinomial([.1,.2,.7],shape=10)': [() => nd.random.multinomial([0.1, 0.2, 0.7], 10), () => nd.random.multinomial({ data: np.array([0.1, 0.2, 0.7]), shape: 10 })],
  'shuffle(arange(10))': [() => nd.random.shuffle(np.arange(10))],
}

/** Draws without logarithms, powers or exponentials are equal; the others depend on the C library's last digit. */
const EXACT = /^(?:uniform|rand|randint|shuffle|choice|multinomial|bernoulli|three uniform)\b/u
/** Masks are drawn by the layer that drops, not by a sampler. */
const isSampler = ({ call }: Row): boolean => !/^dropout/iu.test(call)

const rows = (readGolden('samplers.json') as Row[]).filter(isSampler)
const legacyRows = (readGolden('samplers-legacy.json') as Row[]).filter(isSampler)
const positions = readGolden('sampler-positions.json') as Record<string, number>

function check(row: Row, table: typeof calls): void {
  const styles = table[row.call]
  if (styles === undefined) throw new Error(`no function for ${row.call}`)
  for (const draw of styles) {
    np.random.seed(row.seed)
    const x = draw()
    expect(x.dtype).toBe(row.dtype)
    expectClose(x, row.shape, row.data.map(value => Math.fround(goldenNumber(value))), { rtol: EXACT.test(row.call) ? 0 : 1e-6, atol: 0 })
  }
}

describe('np.random against MXNet', () => {
  cleanState()

  it.each(rows)('seed $seed $call', row => check(row, calls))

  it.each(Object.entries(positions).filter(([call]) => calls[call] !== undefined))('N-04: %s leaves the main stream where MXNet does', (call, position) => {
    for (const draw of calls[call]!) {
      random.seed(0)
      draw()
      expect(randomStateOf(new Context('cpu')).position).toBe(position)
    }
  })

  it('leaves out no position but those of dropout', () => {
    expect(Object.keys(positions).filter(call => calls[call] === undefined && !call.startsWith('dropout'))).toEqual([])
  })
})

describe('N-05: nd.random against MXNet', () => {
  cleanState()

  it.each(legacyRows)('seed $seed $call', row => check(row, legacyCalls))

  it('leaves the main stream alone but where MXNet does not', () => {
    random.seed(0)
    for (const [call, styles] of Object.entries(legacyCalls)) if (!/^(?:multinomial|shuffle)/u.test(call)) for (const draw of styles) draw()
    expect(randomStateOf(new Context('cpu')).position).toBe(0)
  })
})

describe('N-06: on a simulated device', () => {
  cleanState()

  it.each(rows.filter(({ seed }) => seed === 1))('$call draws on gpu(0) what the host draws, from a stream of its own', row => {
    registerBackend(simulatedBackend('sim', 2))
    random.seed(99)
    const host = randomStateOf(new Context('cpu')).position
    withContext(new Context('gpu', 0), () => {
      for (const draw of calls[row.call]!) {
        random.seed(row.seed, new Context('gpu', 0))
        const x = draw()
        expect(String(x.context)).toBe('gpu(0)')
        expectClose(x, row.shape, row.data.map(value => Math.fround(goldenNumber(value))), { rtol: EXACT.test(row.call) ? 0 : 1e-6, atol: 0 })
      }
    })
    expect(randomStateOf(new Context('cpu')).position).toBe(host)
  })

  it('gpu(1) is seeded with s * 127 + 1, for both streams', () => {
    registerBackend(simulatedBackend('sim', 2))
    const ctx = new Context('gpu', 1)
    random.seed(3)
    const host = [random.exponential({ size: 4 }), nd.random.normal({ shape: 4 })].map(x => x.tolist())
    random.seed(3, ctx)
    const own = [random.exponential({ size: 4, ctx }), nd.random.normal({ shape: 4, ctx })]
    expect(own.map(x => String(x.context))).toEqual(['gpu(1)', 'gpu(1)'])
    for (const [i, x] of own.entries()) expect(x.tolist()).not.toEqual(host[i])
    random.seed(3, ctx)
    expect(random.exponential({ size: 4, ctx }).tolist()).toEqual(own[0]!.tolist())
  })

  it('draws where an array of parameters lies', () => {
    registerBackend(simulatedBackend('sim', 1))
    const loc = np.zeros(3, { ctx: new Context('gpu') })
    expect(String(random.normal(loc).context)).toBe('gpu(0)')
    expect(String(random.choice(loc, 2).context)).toBe('gpu(0)')
    expect(String(random.normal({ loc, ctx: new Context('cpu') }).context)).toBe('cpu(0)')
  })
})
