import { describe, expect, it } from 'vitest'
import { arrayRepr, arrayString, scalarString } from '../../src/print/index.ts'

function vector(data: ArrayLike<number> | ArrayLike<bigint>, dtype: string): string {
  return arrayRepr({ data, shape: [data.length], dtype })
}

describe('the reference strings of the course', () => {
  it('shortens a large array', () => {
    const row = '[0., 0., 0., ..., 0., 0., 0.]'
    const text = `array([${row},\n       ${row},\n       ${row},\n       ...,\n       ${row},\n       ${row},\n       ${row}])`
    expect(arrayRepr({ data: new Float32Array(256 * 20), shape: [256, 20], dtype: 'float32' })).toBe(text)
  })

  it('puts 17 zeros on the first line', () => {
    const zeros = (count: number): string => Array(count).fill('0.').join(', ')
    expect(vector(new Float32Array(32), 'float32')).toBe(`array([${zeros(17)},\n       ${zeros(15)}])`)
  })

  it('prints small weights with exponents', () => {
    const weights = new Float32Array([
      -0.009878898, 0.005395791, -0.0070842835, -0.0074317548, -0.014880489, 0.0064959107, -0.0082659349, 0.018743129,
      0.016201857, 0.0014534278, 0.0022331164, 0.01592611, -0.012915777, -8.8592555e-5, -0.0017293986, -0.0072338698,
      0.008769826, -0.0049947016, -0.0096906107, 0.0020079101,
    ])
    expect(vector(weights, 'float32')).toBe(`array([-9.8788980e-03,  5.3957910e-03, -7.0842835e-03, -7.4317548e-03,
       -1.4880489e-02,  6.4959107e-03, -8.2659349e-03,  1.8743129e-02,
        1.6201857e-02,  1.4534278e-03,  2.2331164e-03,  1.5926110e-02,
       -1.2915777e-02, -8.8592555e-05, -1.7293986e-03, -7.2338698e-03,
        8.7698260e-03, -4.9947016e-03, -9.6906107e-03,  2.0079101e-03])`)
  })

  it('aligns positional numbers, negative zeros included', () => {
    const weights = new Float32Array([
      -5.172625, -7.0209026, 5.1446533, -9.844563, 8.545956, -0, 0, -0, 5.107664, 9.658335,
    ])
    expect(vector(weights, 'float32')).toBe(`array([-5.172625 , -7.0209026,  5.1446533, -9.844563 ,  8.545956 ,
       -0.       ,  0.       , -0.       ,  5.107664 ,  9.658335 ])`)
    const edited = new Float32Array([42, -6.0209026, 6.1446533, -8.844563, 9.545956, 1, 6.107664, 10.658335])
    expect(vector(edited, 'float32')).toBe(`array([42.       , -6.0209026,  6.1446533, -8.844563 ,  9.545956 ,
        1.       ,  6.107664 , 10.658335 ])`)
  })

  it('prints without commas as str', () => {
    const data = new Float32Array([-0.06319056, -0.10960881, 0.11757872, -0.07595599, -0.0849717, 0.0851637, 0.08330765])
    expect(arrayString({ data, shape: [7], dtype: 'float32' })).toBe(
      '[-0.06319056 -0.10960881  0.11757872 -0.07595599 -0.0849717   0.0851637\n  0.08330765]',
    )
  })

  it('prints matrices and booleans', () => {
    const data = new Float32Array([0, 0.01633355, 0, 0, 0.01581812, 0])
    expect(arrayRepr({ data, shape: [2, 3], dtype: 'float32' })).toBe(
      'array([[0.        , 0.01633355, 0.        ],\n       [0.        , 0.01581812, 0.        ]])',
    )
    const row = `${Array(9).fill(' True').join(', ')},\n         True]`
    expect(arrayRepr({ data: new Uint8Array(20).fill(1), shape: [2, 10], dtype: 'bool' })).toBe(
      `array([[${row},\n       [${row}])`,
    )
    expect(arrayString({ data: new Uint8Array(8).fill(1), shape: [8], dtype: 'bool' })).toBe(
      '[ True  True  True  True  True  True  True  True]',
    )
  })

  it('prints single values', () => {
    const single = (value: number): string => arrayRepr({ data: [Math.fround(value)], shape: [], dtype: 'float32' })
    expect([5.2637568, 216, -0.00517512, 1e-9].map(single)).toEqual([
      'array(5.2637568)',
      'array(216.)',
      'array(-0.00517512)',
      'array(1.e-09)',
    ])
  })
})

describe('the context', () => {
  const ones = { data: new Float32Array(6).fill(1), shape: [2, 3], dtype: 'float32', context: 'gpu(0)' }

  it('follows repr and str of an array on a GPU', () => {
    expect(arrayRepr(ones)).toBe('array([[1., 1., 1.],\n       [1., 1., 1.]], ctx=gpu(0))')
    expect(arrayString(ones)).toBe('[[1. 1. 1.]\n [1. 1. 1.]] @gpu(0)')
  })

  it('follows the dtype', () => {
    expect(arrayRepr({ ...ones, dtype: 'float64', shape: [2] })).toBe('array([1., 1.], dtype=float64, ctx=gpu(0))')
  })

  it('does not follow the str of a 0-d array', () => {
    expect(arrayString({ ...ones, shape: [] })).toBe('1.0')
    expect(arrayRepr({ ...ones, shape: [] })).toBe('array(1., ctx=gpu(0))')
  })
})

describe('dtypes', () => {
  it('prints 64-bit integers in full', () => {
    expect(vector(new BigInt64Array([-9223372036854775808n, 1n]), 'int64')).toBe(
      'array([-9223372036854775808,                    1], dtype=int64)',
    )
    expect(scalarString(18446744073709551615n, 'uint64')).toBe('18446744073709551615')
  })

  it('prints the shortest decimals of the format', () => {
    const third = [0.333251953125, 1]
    expect(vector(third, 'float16')).toBe('array([0.3333, 1.    ], dtype=float16)')
    expect(vector(third, 'float32')).toBe('array([0.33325195, 1.        ])')
    // bfloat16 has 8 significant bits: its neighbours of 0.333984375 are 0.33203125 and 0.3359375.
    expect(vector([0.333984375, 1], 'bfloat16')).toBe('array([0.334, 1.   ], dtype=bfloat16)')
  })

  it('needs exponents below 1e-4, and 1e-4 itself is less in float32', () => {
    expect(vector([1e-4, 1e-3], 'float64')).toBe('array([0.0001, 0.001 ], dtype=float64)')
    expect(vector([1e-4, 1e-3].map(Math.fround), 'float32')).toBe('array([1.e-04, 1.e-03])')
  })

  it('moves the dtype to a line of its own where it does not fit', () => {
    const data = new Int32Array(20).fill(10)
    expect(vector(data.subarray(0, 16), 'int32')).toBe(`array([${Array(16).fill('10').join(', ')}],\n      dtype=int32)`)
    // MXNet appends the names that NumPy leaves out without looking at the width.
    expect(vector(BigInt64Array.from(data.subarray(0, 16), BigInt), 'int64')).toBe(
      `array([${Array(16).fill('10').join(', ')}], dtype=int64)`,
    )
  })

  it('compares the ratio of the numbers in their own format', () => {
    // The ratio is 1000.02, which float16 rounds to 1000.
    expect(vector([1.0009765625, 1001], 'float16')).toBe('array([   1.001, 1001.   ], dtype=float16)')
    expect(vector([1.0009765625, 1001], 'float64')).toBe('array([1.00097656e+00, 1.00100000e+03], dtype=float64)')
    expect(vector([1, 1001], 'float16')).toBe('array([1.000e+00, 1.001e+03], dtype=float16)')
  })
})

describe('lines', () => {
  it('may be 75 wide with the dtype', () => {
    const hundreds = Array(11).fill('100').join(', ')
    expect(vector(new Int32Array(11).fill(100), 'int32')).toBe(`array([${hundreds}], dtype=int32)`)
    const tens = Array(14).fill('10').join(', ')
    expect(vector(new Int32Array(14).fill(10), 'int32')).toBe(`array([${tens}],\n      dtype=int32)`)
  })

  it('keep one column more for the last bracket in repr than in str', () => {
    const ones = (count: number, separator: string): string => Array(count).fill('1').join(separator)
    const data = BigInt64Array.from({ length: 38 }, () => 1n)
    expect(vector(data.subarray(0, 23), 'int64')).toBe(`array([${ones(22, ', ')},\n       1], dtype=int64)`)
    const text = arrayString({ data, shape: [38], dtype: 'int64' })
    expect(text).toBe(`[${ones(37, ' ')}\n 1]`)
  })

  it('are not broken before their first element', () => {
    const shape = [...Array<number>(31).fill(1), 2]
    const data = BigInt64Array.of(10n ** 18n, 10n ** 18n)
    const [open, close] = ['['.repeat(32), ']'.repeat(32)]
    expect(arrayRepr({ data, shape, dtype: 'int64' })).toBe(
      `array(${open}1000000000000000000,\n${' '.repeat(38)}1000000000000000000${close}, dtype=int64)`,
    )
  })
})

describe('scalarString', () => {
  it.each([
    [3, 'float32', '3.0'],
    [0.1, 'float64', '0.1'],
    [Math.fround(0.1), 'float32', '0.1'],
    [Math.fround(1e-4), 'float32', '1e-04'],
    [1e-4, 'float64', '0.0001'],
    [1e16, 'float64', '1e+16'],
    [1e23, 'float64', '1e+23'],
    [5e-324, 'float64', '5e-324'],
    [1.7976931348623157e308, 'float64', '1.7976931348623157e+308'],
    [99999992, 'float32', '99999990.0'],
    // 4110 lies halfway to the lower neighbour, and reads back as 4112, whose significand is even.
    [4112, 'float16', '4110.0'],
    [-0, 'float32', '-0.0'],
    [-Infinity, 'float16', '-inf'],
    [-7, 'int8', '-7'],
    [true, 'bool', 'True'],
    [0, 'bool', 'False'],
  ])('%d as %s', (value, dtype, text) => expect(scalarString(value, dtype)).toBe(text))

  it('agrees with the engine on the shortest form of doubles', () => {
    for (let power = -1074; power < 1024; power += 7) {
      for (const value of [2 ** power, 2 ** power * (1 + 2 ** -52), 2 ** power * 1.1]) {
        expect(Number(scalarString(value, 'float64'))).toBe(value)
        const digits = (text: string): string => text.replace(/e.*/, '').replace('.', '').replace(/^0+|0+$/g, '')
        expect(digits(scalarString(value, 'float64')).length).toBe(digits(String(value)).length)
      }
    }
  })
})

describe('large and small arrays', () => {
  it('reads only what it shows', () => {
    const read = new Set<number>()
    const data = new Proxy<Record<number, number>>({}, { get: (_, key) => (read.add(Number(key)), 1) })
    const shape = [1000, 1000]
    const text = arrayRepr({ data: data as unknown as ArrayLike<number>, shape, dtype: 'float32' })
    expect(text.split('\n').length).toBe(7)
    expect(read.size).toBe(36)
  })

  it('rejects data that do not fill the shape', () => {
    expect(() => arrayRepr({ data: [1], shape: [2], dtype: 'float32' })).toThrow(RangeError)
  })
})
