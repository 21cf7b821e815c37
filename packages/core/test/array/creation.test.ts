import { describe, expect, it } from 'vitest'
import { DTYPES, NDArray, array, fromTypedArray, isNDArray, np, isHalf } from '@ashlar/core'
import type { DType, TypedArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const dtypes = Object.keys(DTYPES) as DType[]
const big = (dtype: DType): boolean => dtype === 'int64' || dtype === 'uint64'

describe('np.array', () => {
  cleanState()

  it.each([
    [5, [], 5],
    [[1, 2], [2], [1, 2]],
    [[[1, 2, 3], [4, 5, 6]], [2, 3], [[1, 2, 3], [4, 5, 6]]],
    [[[[1]], [[2]]], [2, 1, 1], [[[1]], [[2]]]],
    [[], [0], []],
    [[[], []], [2, 0], [[], []]],
    [true, [], 1],
    [[true, 2n], [2], [1, 2]],
  ] as const)('case %#: nested lists', (value, shape, list) => {
    const x = array(value)
    expect(x.dtype).toBe('float32')
    expect(x.shape).toEqual(shape)
    expectList(x, list as never)
    expect(x.size).toBe(shape.reduce<number>((a, b) => a * b, 1))
    expect(x.ndim).toBe(shape.length)
  })

  it('takes arrays as elements where they are scalars', () => expectList(array([array(1), 2, array([3]).get(0)]), [1, 2, 3]))

  it.each([
    ['a short row', [[1, 2], [3]]], ['a long row', [[1], [2, 3]]], ['a number beside a row', [[1], 2]], ['a row beside a number', [1, [2]]],
    ['an empty row', [[1], []]], ['a deeper row', [[1], [[2]]]],
  ])('refuses ragged lists: %s', (_, lists) => {
    const error = thrownBy(() => array(lists as never))
    expect(error.name).toBe('ValueError')
    expect(error.message).toContain('ragged')
  })

  it.each([undefined, null, 'a', {}, Symbol('s'), () => 1, ['1'], [null], [{}], [undefined]])('refuses %s', value => {
    expect(thrownBy(() => array(value as never))).toBeInstanceOf(TypeError)
  })

  it('refuses lists that hold themselves, and more than 32 dimensions', () => {
    const endless: unknown[] = []
    endless.push(endless)
    thrownBy(() => array(endless as never))
    let deep: unknown = 1
    for (let i = 0; i < 33; i++) deep = [deep]
    expect(thrownBy(() => array(deep as never)).message).toContain('32 dimensions')
  })

  it.each(dtypes.filter(dtype => dtype !== 'bool' && !isHalf(dtype)))('takes the dtype of a typed array: %s', dtype => {
    const data = DTYPES[dtype].array
    const source = big(dtype) ? new (data as unknown as BigInt64ArrayConstructor)([1n, 2n]) : new data([1, 2])
    const x = array(source)
    expect(x.dtype).toBe(dtype)
    expect(x.toTypedArray()).toEqual(source)
  })

  it('copies typed arrays, subarrays included', () => {
    const source = new Float32Array([1, 2, 3, 4])
    const [x, middle] = [array(source), array(source.subarray(1, 3))]
    source.fill(9)
    expectList(x, [1, 2, 3, 4])
    expectList(middle, [2, 3])
  })

  it('takes clamped bytes as uint8', () => {
    const x = array(new Uint8ClampedArray([1, 255]))
    expect(x.dtype).toBe('uint8')
    expectList(x, [1, 255])
  })

  it.each(dtypes)('casts lists and typed arrays to %s', dtype => {
    const one = big(dtype) ? 1n : dtype === 'bool' ? true : 1
    for (const x of [array([1, 1], { dtype }), array(new Float64Array([1, 1]), { dtype }), array([1n, 1n], { dtype }), array([true, true], { dtype })]) {
      expect(x.dtype).toBe(dtype)
      expectList(x, [one, one])
    }
  })

  it('truncates and wraps integers, and takes anything but 0 as true', () => {
    expectList(array([2.9, -2.9], { dtype: 'int32' }), [2, -2])
    expectList(array([300, -1], { dtype: 'uint8' }), [44, 255])
    expectList(array([200], { dtype: 'int8' }), [-56])
    expectList(array([0, -0, 0.5, Number.NaN], { dtype: 'bool' }), [false, false, true, true])
    expectList(array([2.9, -2.9], { dtype: 'int64' }), [2n, -2n])
  })

  it('keeps 64-bit integers exactly', () => {
    const value = 2n ** 62n + 1n
    expectList(array([value], { dtype: 'int64' }), [value])
    expect(array(new BigInt64Array([value])).item()).toBe(value)
  })

  it.each([Number.NaN, Infinity, -Infinity])('refuses %s as a 64-bit integer', value => {
    expect(thrownBy(() => array([value], { dtype: 'int64' })).name).toBe('ValueError')
    expect(thrownBy(() => array(new Float32Array([value]), { dtype: 'uint64' })).name).toBe('ValueError')
    expect(thrownBy(() => np.full(2, value, { dtype: 'int64' })).name).toBe('ValueError')
  })

  it('of an array is another array of the same elements, a constant', () => {
    const x = array([1, 2])
    x.attachGrad()
    const y = array(x)
    y.iadd(1)
    expectList(x, [1, 2])
    expect(y.grad).toBeNull()
    expect(array(x, { dtype: 'int32' }).dtype).toBe('int32')
  })

  it('refuses an unknown dtype and lists those there are', () => {
    const { message } = thrownBy(() => array([1], { dtype: 'float99' as DType }))
    expect(message).toContain('float99')
    for (const dtype of dtypes) expect(message).toContain(dtype)
  })
})

describe('constant and regular arrays', () => {
  cleanState()

  it.each(dtypes)('zeros, ones and full of %s', dtype => {
    const [no, yes, three] = big(dtype) ? [0n, 1n, 3n] : dtype === 'bool' ? [false, true, true] : [0, 1, 3]
    expectList(np.zeros([2, 1], { dtype }), [[no], [no]])
    expectList(np.ones(2, { dtype }), [yes, yes])
    expectList(np.full([1, 2], 3, { dtype }), [[three, three]])
    expectList(np.zerosLike(np.ones([2], { dtype })), [no, no])
    expectList(np.onesLike(np.zeros([2], { dtype })), [yes, yes])
    expect(np.onesLike(np.zeros([2], { dtype })).dtype).toBe(dtype)
  })

  it('are float32 unless told otherwise', () => {
    for (const x of [np.zeros(2), np.ones([]), np.full([0], 1), np.arange(3), np.linspace(0, 1), np.eye(2)]) expect(x.dtype).toBe('float32')
  })

  it('arange', () => {
    expectList(np.arange(3), [0, 1, 2])
    expectList(np.arange(1, 4), [1, 2, 3])
    expectList(np.arange(5, 0, -2), [5, 3, 1])
    expectList(np.arange(0, 1, 0.25), [0, 0.25, 0.5, 0.75])
    expectList(np.arange(3, 3), [])
    expectList(np.arange(0, 3, 1, { dtype: 'int64' }), [0n, 1n, 2n])
    for (const step of [0, Number.NaN, Infinity]) thrownBy(() => np.arange(0, 3, step))
    for (const stop of [Number.NaN, Infinity, 2 ** 40]) thrownBy(() => np.arange(0, stop))
  })

  it('linspace ends exactly at its stop', () => {
    expectList(np.linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1])
    expectList(np.linspace(0, 1, 4, { endpoint: false }), [0, 0.25, 0.5, 0.75])
    expectList(np.linspace(2, 3, 1), [2])
    expectList(np.linspace(2, 3, 0), [])
    expect(np.linspace(0, 0.1, 7, { dtype: 'float64' }).item(6)).toBe(0.1)
    expect(np.linspace(0, 1).size).toBe(50)
    for (const count of [-1, 1.5, [2, 3]]) thrownBy(() => np.linspace(0, 1, count as number))
  })

  it('eye', () => {
    expectList(np.eye(2), [[1, 0], [0, 1]])
    expectList(np.eye(2, 3, 1), [[0, 1, 0], [0, 0, 1]])
    expectList(np.eye(3, 2, -1), [[0, 0], [1, 0], [0, 1]])
    expectList(np.eye(2, 2, 5), [[0, 0], [0, 0]])
    expectList(np.eye(1, 1, 0, { dtype: 'int64' }), [[1n]])
    for (const k of [0.5, Number.NaN]) thrownBy(() => np.eye(2, 2, k))
  })

  it.each([-1, 1.5, Number.NaN, Infinity, '2', null, undefined, [1.5], [-1], ['2'], [[2]], {}, 2 ** 31, [2 ** 16, 2 ** 16]])('refuse the shape %s', shape => {
    for (const make of [np.zeros, np.ones]) thrownBy(() => make(shape as never))
    thrownBy(() => np.full(shape as never, 1))
  })

  it.each(['3', null, undefined, [1], true])('full refuses the value %s', value => {
    expect(thrownBy(() => np.full(2, value as never))).toBeInstanceOf(TypeError)
  })

  it('zerosLike and onesLike refuse what is no array', () => {
    for (const make of [np.zerosLike, np.onesLike]) thrownBy(() => make([1] as never))
  })
})

describe('fromTypedArray', () => {
  cleanState()

  it('takes elements in C order', () => expectClose(fromTypedArray(new Int32Array([1, 2, 3, 4]), [2, 2], 'int32'), [2, 2], [1, 2, 3, 4]))

  it.each<[string, TypedArray, number[], DType]>([
    ['too few elements', new Float32Array(3), [2, 2], 'float32'],
    ['too many elements', new Float32Array(5), [2, 2], 'float32'],
    ['another type', new Float64Array(4), [2, 2], 'float32'],
    ['numbers for bigints', new Float64Array(4), [2, 2], 'int64'],
  ])('refuses %s', (_, data, shape, dtype) => expect(thrownBy(() => fromTypedArray(data, shape, dtype)).name).toBe('ValueError'))
})

describe('isNDArray', () => {
  cleanState()

  it('knows arrays and nothing else', () => {
    expect(isNDArray(array([1]))).toBe(true)
    for (const value of [null, undefined, 1, [1], {}, new Float32Array(1), NDArray]) expect(isNDArray(value)).toBe(false)
  })
})
