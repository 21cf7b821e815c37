import { describe, expect, it } from 'vitest'
import { Context, np, registerBackend } from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'
import { cleanState } from './support/clean-state.ts'
import { simulatedBackend } from './support/simulated.ts'
import { thrownBy } from './support/thrown.ts'

const repr = (values: Parameters<typeof np.array>[0], dtype: DType = 'float32'): string => np.array(values, { dtype }).repr()

/** The array that a printed form shows. */
function read(text: string): NDArray {
  const values = text.replaceAll(/(?:array\(|\))/g, '').trim()
  const rows = values.split(/\]\s*,?\s*\[/).map(row => row.match(/True|False|-?\d[\d.e+-]*/g)!)
  const numbers = rows.map(row => row.map(each => (each === 'True' ? 1 : each === 'False' ? 0 : Number(each))))
  const dtype = values.includes('True') ? 'bool' : 'float32'
  return np.array(rows.length > 1 ? numbers : numbers[0]!, { dtype })
}

describe('B-14.1: dtypes', () => {
  cleanState()

  it('float32 unless told otherwise, and comparisons give bool', () => {
    const x = np.array([1, 2])
    expect([x, np.array([true]), np.zeros([1]), np.ones([1]), np.full([1], 3), np.arange(2), np.linspace(0, 1), np.eye(2), np.random.uniform()].map(y => y.dtype))
      .toEqual(new Array(9).fill('float32'))
    expect([x.eq(1), x.lt(x)].map(y => y.dtype)).toEqual(['bool', 'bool'])
  })

  it('sums of bool count, quotients of integers are floats', () => {
    const x = np.array([true, true], { dtype: 'bool' })
    expect([x.sum().dtype, x.cumsum().dtype, np.array([1], { dtype: 'int32' }).div(2).dtype]).toEqual(['int32', 'int32', 'float32'])
  })
})

describe('B-14.2 to B-14.4: reading and refusing', () => {
  cleanState()

  it('B-14.2: shape, size, ndim, T, item, tolist, astype', () => {
    const x = np.arange(6).reshape(2, 3)
    expect([x.shape, x.size, x.ndim, x.length, x.T.shape, x.item(1, -1), x.tolist()]).toEqual([[2, 3], 6, 2, 2, [3, 2], 5, [[0, 1, 2], [3, 4, 5]]])
    expect([x.astype('int32').dtype, x.dtype]).toEqual(['int32', 'float32'])
    expect(thrownBy(() => np.array(1).length).message).toContain('len() of unsized object')
  })

  it('B-14.3: numbers come of one element only', () => {
    expect([+np.array([[2.5]]), np.array([0]).bool(), np.array(NaN).bool()]).toEqual([2.5, false, true])
    expect(thrownBy(() => +np.ones([2])).message).toContain('only size-1 arrays can be converted to Python scalars')
  })

  it('B-14.4: shapes that do not broadcast, in brackets', () => {
    expect(thrownBy(() => np.ones([2, 3]).add(np.ones([4]))).message).toContain('operands could not be broadcast together with shapes [2,3] [4]')
  })
})

describe('B-14.5: printing', () => {
  cleanState()

  it('B-14.5a: what is left out of a large array does not change how the rest is printed', () => {
    const x = np.zeros([1002])
    x.set([500], 1e12)
    expect(x.repr()).toBe('array([0., 0., 0., ..., 0., 0., 0.])')
    const whole = np.zeros([1000])
    whole.set([500], 1e12)
    expect(whole.repr()).toContain('1.e+12')
    expect(whole.repr()).not.toContain('...')
  })

  it.each([
    [[1e8, 1e8], 'array([1.e+08, 1.e+08])'],
    [[99999992, 99999992], 'array([99999992., 99999992.])'],
    [[9e-5, 9e-5], 'array([9.e-05, 9.e-05])'],
    [[0.00011, 0.00011], 'array([0.00011, 0.00011])'],
    [[1000, 1], 'array([1000.,    1.])'],
    [[1001, 1], 'array([1.001e+03, 1.000e+00])'],
    [[1001, 0, Infinity], 'array([1001.,    0.,   inf])'],
  ])('B-14.5b: exponents for large, small and far-apart magnitudes: %j', (values, text) => {
    expect(repr(values)).toBe(text)
  })

  it.each([
    [[-10.5, 0.25], 'array([-10.5 ,   0.25])'],
    [[1, -0, 0], 'array([ 1., -0.,  0.])'],
    [[1 / 3, 0.1], 'array([0.33333334, 0.1       ])'],
  ])('B-14.5c: positional, padded to one width on both sides: %j', (values, text) => {
    expect(repr(values)).toBe(text)
  })

  it('B-14.5d: exponents have one number of digits, correctly rounded from the binary value', () => {
    expect(repr([8.255112e-4, 1.2345678])).toBe('array([8.2551118e-04, 1.2345678e+00])')
    expect(repr([1e-5])).toBe('array([1.e-05])')
    expect(repr([1e-30, 1e30])).toBe('array([1.e-30, 1.e+30])')
    expect(repr([1e100, 1], 'float64')).toBe('array([1.e+100, 1.e+000], dtype=float64)')
  })

  it('B-14.5e: nan, infinities and bools', () => {
    expect(repr([NaN, 1.5, -Infinity])).toBe('array([ nan,  1.5, -inf])')
    expect([repr([true, false], 'bool'), np.array(true, { dtype: 'bool' }).repr(), String(np.array(true, { dtype: 'bool' }))]).toEqual(['array([ True, False])', 'array(True)', 'True'])
  })

  it('B-14.5f: nesting, and lines of at most 75', () => {
    expect(np.zeros([2, 1, 2]).repr()).toBe('array([[[0., 0.]],\n\n       [[0., 0.]]])')
    expect(String(np.zeros([2, 1, 2]))).toBe('[[[0. 0.]]\n\n [[0. 0.]]]')
    const [first, second] = String(np.zeros([30])).split('\n') as [string, string]
    expect([first.match(/0\./g)!.length, second.match(/0\./g)!.length, first.endsWith('0.'), second.startsWith(' 0.')]).toEqual([24, 6, true, true])
    for (const line of np.random.normal({ size: [7, 40] }).repr().split('\n')) expect(line.length).toBeLessThanOrEqual(75)
  })

  it('B-14.5g: scalars have the digits of arrays in repr, and their own in str', () => {
    expect([5.2637568, 216, -0.00517512, 1e-9].map(x => np.array(x).repr())).toEqual(['array(5.2637568)', 'array(216.)', 'array(-0.00517512)', 'array(1.e-09)'])
    expect([42, 216].map(x => String(np.array(x)))).toEqual(['42.0', '216.0'])
  })

  it('B-14.5h: what stands behind the elements', () => {
    registerBackend(simulatedBackend('gpus', 1))
    const ctx = new Context('gpu')
    expect([repr([1, 2], 'int32'), repr([1], 'float64'), repr([1], 'float16'), repr([true], 'bool'), np.zeros([0]).repr()])
      .toEqual(['array([1, 2], dtype=int32)', 'array([1.], dtype=float64)', 'array([1.], dtype=float16)', 'array([ True])', 'array([])'])
    expect([np.ones([1], { ctx }).repr(), String(np.ones([1], { ctx })), String(np.array(2, { ctx }))]).toEqual(['array([1.], ctx=gpu(0))', '[1.] @gpu(0)', '2.0'])
  })

  it('B-14.5i: neither float32 nor a shape is ever told', () => {
    expect([np.zeros([300, 20]).repr(), np.zeros([2]).repr()].filter(text => text.includes('dtype') || text.includes('shape'))).toEqual([])
  })
})

/** Printed arrays of the course. */
const PRINTED = [
  `array([-9.8788980e-03,  5.3957910e-03, -7.0842835e-03, -7.4317548e-03,
       -1.4880489e-02,  6.4959107e-03, -8.2659349e-03,  1.8743129e-02,
        1.6201857e-02,  1.4534278e-03,  2.2331164e-03,  1.5926110e-02,
       -1.2915777e-02, -8.8592555e-05, -1.7293986e-03, -7.2338698e-03,
        8.7698260e-03, -4.9947016e-03, -9.6906107e-03,  2.0079101e-03])`,
  `array([-5.172625 , -7.0209026,  5.1446533, -9.844563 ,  8.545956 ,
       -0.       ,  0.       , -0.       ,  5.107664 ,  9.658335 ,
        5.8564453,  7.4483128,  0.       ,  0.       , -0.       ,
        7.9034443,  0.       ,  5.4223766,  8.5655575,  5.1224785])`,
  `array([42.       , -6.0209026,  6.1446533, -8.844563 ,  9.545956 ,
        1.       ,  1.       ,  1.       ,  6.107664 , 10.658335 ,
        6.8564453,  8.448313 ,  1.       ,  1.       ,  1.       ,
        8.903444 ,  1.       ,  6.4223766,  9.5655575,  6.1224785])`,
  `[-0.06319056 -0.10960881  0.11757872 -0.07595599 -0.0849717   0.0851637
  0.08330765  0.04028694 -0.0305525   0.02012795 -0.03856885  0.1375024
  0.10155623 -0.05016676 -0.02575382 -0.14205234  0.14225402  0.02719662
 -0.0888046  -0.00962897]`,
  `array([[0.        , 0.01633355, 0.        ],
       [0.        , 0.01581812, 0.        ]])`,
  `array([[ True,  True,  True,  True,  True,  True,  True,  True,  True,
         True],
       [ True,  True,  True,  True,  True,  True,  True,  True,  True,
         True]])`,
  '[ True  True  True  True  True  True  True  True]',
  `array([0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.,
       0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.])`,
]

describe('B-14.6: what the course prints', () => {
  it.each(PRINTED.map((text, i) => ({ i, text })))('number $i, read and printed again', ({ text }) => {
    const x = read(text)
    expect(text.startsWith('array(') ? x.repr() : String(x)).toBe(text)
  })

  it('the weight of the first layer, shortened', () => {
    const row = '[0., 0., 0., ..., 0., 0., 0.]'
    const rows = [row, row, row, '...', row, row, row].join(',\n       ')
    expect(np.zeros([256, 20]).repr()).toBe(`array([${rows}])`)
  })
})
