import { describe, expect, it } from 'vitest'
import { array, np } from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, expectList, flat } from '../support/close.ts'
import { points } from '../support/points.ts'
import { thrownBy } from '../support/thrown.ts'
import type { PlainIndex } from './reference-index.ts'
import { selectFlat } from './reference-index.ts'

type Case = readonly [shape: number[], index: PlainIndex[]]

const SLICES = [
  ':', '1:', ':2', ':-1', '-2:', '1:3', '::2', '1::2', '::-1', '-1::-1', '3:0:-1', '4:1:-2', '2:2', '3:1', '-100:100', '100:', ':-100', '5::-3', '::7', '::-7',
  '-2:-4:-1', ' 1 : 3 ',
]

const CASES: readonly Case[] = [
  ...SLICES.map((text): Case => [[5], [text]]),
  ...SLICES.map((text): Case => [[3, 5], [':', text]]),
  ...SLICES.map((text): Case => [[5, 4], [text, '::-2']]),
  [[3, 4], [0]], [[3, 4], [-1]], [[3, 4], [2, -4]], [[3, 4], []], [[], []], [[], ['...']], [[], [np.newaxis]],
  [[2, 3, 4], ['...', 1]], [[2, 3, 4], [1, '...']], [[2, 3, 4], [0, '...', -1]], [[2, 3, 4], ['...']], [[2, 3, 4], [1, '...', 2, 3]],
  [[2, 3, 4], [np.newaxis]], [[2, 3, 4], [0, np.newaxis, '1:']], [[2, 3, 4], ['...', np.newaxis]], [[3], [np.newaxis, ':', np.newaxis]],
  [[2, 3, 4], [np.newaxis, '...', 0, np.newaxis]],
  [[5], [[0, 2]]], [[5], [[-1, -1, 0]]], [[5], [[]]], [[3, 4], [[2, 0]]], [[3, 4], [':', [3, -4, 3]]], [[3, 4], ['::-1', [1, 2]]],
  [[2, 3, 4], [':', [2, 0], '1:3']], [[2, 3, 4], [1, [2, 0]]], [[2, 3, 4], [[1, 0], '...', '::-1']], [[2, 3, 4], [np.newaxis, [1]]],
  [[5], [np.slice(1, 4, 2)]], [[5], [np.slice(null, null, -1)]], [[5], [np.slice(-2)]], [[5], [np.slice()]],
  [[0, 3], [':', 1]], [[0], ['::-1']], [[3, 0], [1]],
]

const text = ([shape, index]: Case): string => `(${shape}) [${index.map(part => (typeof part === 'symbol' ? 'newaxis' : JSON.stringify(part))).join(', ')}]`
const named = CASES.map((each): [string, Case] => [text(each), each])

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
const ramp = (shape: readonly number[], dtype: DType = 'float32'): NDArray => np.arange(0, count(shape), 1, { dtype }).reshape(shape)

describe('get against index by index', () => {
  cleanState()

  it.each(named)('%s', (_, [shape, index]) => {
    const expected = selectFlat(shape, index)
    const x = ramp(shape)
    expectClose(x.get(...index), expected.shape, expected.positions)
    expectClose(x, shape, Array.from({ length: count(shape) }, (__, i) => i))
  })

  it.each(named)('%s with the list as an array of positions, and storage-only elements', (_, [shape, index]) => {
    const expected = selectFlat(shape, index)
    const arrays = index.map(part => (Array.isArray(part) ? array(part as number[], { dtype: 'int32' }) : part))
    const y = ramp(shape, 'int64').get(...(arrays as Parameters<NDArray['get']>))
    expect(y.dtype).toBe('int64')
    expectClose(y, expected.shape, expected.positions)
  })

  it('takes an array of positions of more axes', () => {
    expectList(ramp([3, 2]).get(array([[2, 0], [1, 1]])), [[[4, 5], [0, 1]], [[2, 3], [2, 3]]])
    expectList(ramp([3]).get(array(1, { dtype: 'uint8' })), 1)
  })
})

describe('set against index by index', () => {
  cleanState()

  it.each(named)('%s a number, elements and a broadcast row', (_, [shape, index]) => {
    const { shape: selected, positions } = selectFlat(shape, index)
    const [x, y, z] = [ramp(shape), ramp(shape), ramp(shape)]
    const [forX, forY] = [flat(x), flat(x)]
    const values = Array.from(new Float32Array(points(positions.length, -9, 9, 3)))
    for (const [i, position] of positions.entries()) {
      forX[position] = -7
      forY[position] = values[i]!
    }
    expect(x.set(index, -7) === x).toBe(true)
    y.set(index, array(values).reshape(selected))
    expectClose(x, shape, forX)
    expectClose(y, shape, forY)
    z.set(index, array([-7]).reshape(selected.map(() => 1)))
    expectClose(z, shape, forX)
  })

  it('a position given twice keeps the last value', () => {
    const x = np.zeros(3)
    x.set([[1, 1, 0]], array([5, 6, 7]))
    expectList(x, [7, 6, 0])
  })

  it('without an index, or with an empty one, writes over everything', () => {
    const x = np.zeros([2, 2])
    expectList(x.set(3), [[3, 3], [3, 3]])
    expectList(x.set([], array([1, 2])), [[1, 2], [1, 2]])
    expectList(x.set(x), [[1, 2], [1, 2]])
  })

  it('keeps NaN, infinities and what was there', () => {
    const x = array([1, Number.NaN, Infinity])
    x.set([0], Number.NaN)
    expect(flat(x)).toEqual([Number.NaN, Number.NaN, Infinity])
    x.set([1], -Infinity)
    expect(flat(x)).toEqual([Number.NaN, -Infinity, Infinity])
  })

  it('casts the value to the dtype of the array', () => {
    const x = np.zeros(2, { dtype: 'int32' })
    x.set([0], array(2.9)).set([1], 300.7)
    expectList(x, [2, 300])
    const flags = np.zeros(2, { dtype: 'bool' })
    expectList(flags.set([1], 5), [false, true])
    const bytes = np.zeros(2, { dtype: 'uint8' })
    expectList(bytes.set(['::-1'], array([255, 1])), [1, 255])
  })

  it('writes every storage-only dtype as a whole', () => {
    const x = np.zeros(2, { dtype: 'int64' })
    expectList(x.set(array([1n, 2n], { dtype: 'int64' })), [1n, 2n])
  })

  it('refuses what does not fit, and leaves the array as it was', () => {
    const x = ramp([2, 3])
    const tries: (() => unknown)[] = [
      () => x.set([5], 0), () => x.set([0], np.ones(4)), () => x.set(np.ones([3, 2, 3])), () => x.set('1' as never), () => x.set('0' as never, 1),
      () => x.set([0], 'a' as never), () => x.set([0, 0, 0], 1), () => x.set(['a'], 1), () => x.set([0], null as never), () => x.set({} as never, 2),
    ]
    for (const attempt of tries) thrownBy(attempt)
    expectClose(x, [2, 3], [0, 1, 2, 3, 4, 5])
  })
})

describe('indices that are refused', () => {
  cleanState()

  it.each([
    [[3]], [[-4]], [[0, 2]], [[0, -3]], [[[0, 3]]], [[[-4]]], [['...', 2]], [[0, 0, 0]], [['...', '...']], [[':', ':', ':']], [['::0']],
  ] as [PlainIndex[]][])('IndexError for %j', index => {
    const x = ramp([3, 2])
    expect(thrownBy(() => x.get(...index)).name).toBe('IndexError')
    expect(thrownBy(() => x.set(index, 1)).name).toBe('IndexError')
    expectClose(x, [3, 2], [0, 1, 2, 3, 4, 5])
  })

  it.each([[0.5], [Number.NaN], ['a'], ['1'], ['1:2:3:4'], ['1.5:'], [null], [undefined], [{}], [true], [[0.5]], [[[0]]], [['0']]])('TypeError for %j', index => {
    expect(thrownBy(() => ramp([3, 2]).get(index as never))).toBeInstanceOf(TypeError)
  })

  it('names the position, the axis and its extent', () => {
    expect(thrownBy(() => ramp([3, 2]).get(0, 7)).message).toContain('index 7 is out of bounds for axis 1 with size 2')
    expect(thrownBy(() => ramp([3, 2]).get(0, 0, 0)).message).toContain('too many indices for array: array is 2-dimensional, but 3 were indexed')
  })

  it('slice() refuses what is no whole number, and a step of 0', () => {
    for (const part of [0.5, 'a', Number.NaN]) thrownBy(() => np.slice(part as number))
    expect(thrownBy(() => np.slice(0, 1, 0)).message).toContain('slice step cannot be zero')
  })

  it('lists of bools are no masks', () => {
    expect(thrownBy(() => ramp([3]).get([true, false, true] as never))).toBeInstanceOf(TypeError)
    expect(thrownBy(() => ramp([3]).set([[true, false, true] as never], 1))).toBeInstanceOf(TypeError)
  })
})
