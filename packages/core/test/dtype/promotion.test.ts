import { describe, expect, it } from 'vitest'
import * as core from '@ashlar/core'
import { DTYPES, array, np, promoteNumber, promoteTypes } from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const ARITHMETIC: readonly DType[] = ['bool', 'uint8', 'int8', 'int32', 'float32', 'float64']
const STORAGE: readonly DType[] = ['int16', 'uint16', 'uint32', 'int64', 'uint64']

/** B-14.1 written out: rows and columns in the order of ARITHMETIC. */
const TABLE: readonly (readonly DType[])[] = [
  ['bool', 'uint8', 'int8', 'int32', 'float32', 'float64'],
  ['uint8', 'uint8', 'int32', 'int32', 'float32', 'float64'],
  ['int8', 'int32', 'int8', 'int32', 'float32', 'float64'],
  ['int32', 'int32', 'int32', 'int32', 'float32', 'float64'],
  ['float32', 'float32', 'float32', 'float32', 'float32', 'float64'],
  ['float64', 'float64', 'float64', 'float64', 'float64', 'float64'],
]
const PAIRS = ARITHMETIC.flatMap((a, i) => ARITHMETIC.map((b, j): [DType, DType, DType] => [a, b, TABLE[i]![j]!]))
const float = (dtype: DType): DType => (dtype === 'float64' ? 'float64' : 'float32')

describe('promotion (B-14.1)', () => {
  cleanState()

  it.each(PAIRS)('%s with %s gives %s', (a, b, expected) => {
    const [x, y] = [np.ones(2, { dtype: a }), np.ones(2, { dtype: b })]
    expect(promoteTypes(a, b)).toBe(expected)
    const kept = [core.add(x, y), core.mul(x, y), core.maximum(x, y), core.where(x, x, y), core.concatenate([x, y]), core.stack([y, x])]
    expect(kept.map(({ dtype }) => dtype)).toEqual(kept.map(() => expected))
    expect(core.div(x, y).dtype).toBe(float(expected))
    expect(core.eq(x, y).dtype).toBe('bool')
    expect(core.matmul(x, y).dtype).toBe(expected)
  })

  it('the values are those of the wider dtype, not of either first', () => {
    expectList(array([250], { dtype: 'uint8' }).add(array([100], { dtype: 'int32' })), [350])
    expectList(array([200], { dtype: 'uint8' }).add(array([-100], { dtype: 'int8' })), [100])
    expectList(array([16777217], { dtype: 'int32' }).add(array([0.5], { dtype: 'float64' })), [16777217.5])
  })

  it('integers of one dtype wrap', () => {
    expectList(array([250], { dtype: 'uint8' }).add(array([10], { dtype: 'uint8' })), [4])
    expectList(array([2147483647], { dtype: 'int32' }).add(1), [-2147483648])
    expectList(array([100], { dtype: 'int8' }).mul(2), [-56])
  })
})

describe('weak numbers (B-14.1)', () => {
  cleanState()

  it.each<[DType, number, DType]>([
    ['float32', 2.5, 'float32'], ['float32', 1e300, 'float32'], ['float64', 0.1, 'float64'], ['float64', 3, 'float64'], ['int32', 2, 'int32'], ['int32', 2.5, 'float32'],
    ['int32', 2 ** 31, 'float32'], ['int32', -(2 ** 31), 'int32'], ['int32', Infinity, 'float32'], ['int32', Number.NaN, 'float32'], ['uint8', 255, 'uint8'], ['uint8', 256, 'float32'],
    ['uint8', -1, 'float32'], ['int8', -128, 'int8'], ['int8', 128, 'float32'], ['bool', 1, 'int32'], ['bool', 0, 'int32'], ['bool', 0.5, 'float32'], ['bool', 2 ** 40, 'float32'],
  ])('%s with %s gives %s', (dtype, value, expected) => {
    expect(promoteNumber(dtype, value)).toBe(expected)
    const x = np.ones(2, { dtype })
    for (const y of [x.add(value), core.add(value, x), core.mul(x, value), core.maximum(value, x), core.where(x, value, x), core.where(x, x, value)]) expect(y.dtype).toBe(expected)
    expect(core.div(x, value).dtype).toBe(float(dtype))
    expect(core.div(value, x).dtype).toBe(float(dtype))
  })

  it('a float64 number beside float64 loses nothing', () => expect(np.zeros(1, { dtype: 'float64' }).add(0.1).item()).toBe(0.1))

  it('comparisons with a number that is not whole are right for integers', () => {
    expectList(array([2, 3], { dtype: 'int32' }).gt(2.5), [false, true])
    expectList(array([0, 255], { dtype: 'uint8' }).lt(-1), [false, false])
    expectList(array([0, 1], { dtype: 'bool' }).eq(1), [false, true])
  })

  it('in-place methods keep the dtype of the array', () => {
    for (const dtype of ARITHMETIC) for (const change of ['iadd', 'imul', 'idiv'] as const) expect(np.ones(2, { dtype })[change](2.5).dtype).toBe(dtype)
  })
})

describe('results that do not follow the operands', () => {
  cleanState()

  it.each(ARITHMETIC)('float functions and means of %s', dtype => {
    const x = np.ones([2, 2], { dtype })
    for (const y of [core.exp(x), core.sqrt(x), core.floor(x), core.tanh(x), core.sigmoid(x), core.softmax(x), core.mean(x), core.variance(x), core.std(x), core.norm(x), core.softplus(x)]) {
      expect(y.dtype).toBe(float(dtype))
    }
  })

  it.each(ARITHMETIC)('reductions of %s', dtype => {
    const x = np.ones([2, 2], { dtype })
    expect(core.sum(x).dtype).toBe(dtype === 'bool' ? 'int32' : dtype)
    expect([core.max(x), core.min(x)].map(y => y.dtype)).toEqual([dtype, dtype])
    expect([core.argmax(x), core.argmin(x)].map(y => y.dtype)).toEqual(['int32', 'int32'])
    expect([core.all(x), core.any(x)].map(y => y.dtype)).toEqual(['bool', 'bool'])
  })
})

describe('storage-only dtypes', () => {
  cleanState()

  const COMPUTING: readonly [string, (x: NDArray) => unknown][] = [
    ['add', x => x.add(x)], ['add a number', x => x.add(1)], ['add a float', x => x.add(np.ones(2))], ['add to a float', x => np.ones(2).add(x)], ['div', x => x.div(x)],
    ['div by a number', x => x.div(2)], ['neg', x => x.neg()], ['abs', x => x.abs()], ['exp', x => core.exp(x)], ['eq', x => x.eq(x)], ['lt a number', x => x.lt(1)],
    ['sum', x => x.sum()], ['mean', x => x.mean()], ['var', x => x.var()], ['std', x => x.std()], ['norm', x => x.norm()], ['max', x => x.max()], ['argmax', x => x.argmax()],
    ['matmul', x => x.matmul(x)], ['dot', x => x.dot(x)], ['where', x => core.where(np.ones(2), x, x)], ['where a number', x => core.where(np.ones(2), x, 0)],
    ['maximum', x => core.maximum(x, 1)], ['clip', x => core.clip(x, 0, 1)], ['relu', x => core.relu(x)], ['sigmoid', x => core.sigmoid(x)], ['softmax', x => core.softmax(x)],
    ['iadd', x => x.iadd(1)], ['scatterAdd', x => core.scatterAdd(x, np.zeros(2), 3)], ['linear', x => core.linear(x, np.ones([1, 2]))], ['power', x => x.pow(2)],
  ]

  describe.each(STORAGE)('%s', dtype => {
    it.each(COMPUTING)('refuses %s, and names the cast', (_, run) => {
      const x = np.ones(2, { dtype })
      const error = thrownBy(() => run(x))
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toContain(`${dtype} can be stored but not computed with`)
      expect(error.message).toContain(`cast first: x.astype('${dtype === 'int16' || dtype === 'uint16' ? 'int32' : 'float64'}')`)
      expect(x.toTypedArray()).toEqual(np.ones(2, { dtype }).toTypedArray())
    })

    it('moves, casts and prints', () => {
      const x = np.arange(0, 6, 1, { dtype }).reshape(2, 3)
      const moved = [x.T, x.get(0), x.get(':', '::-1'), x.get([1, 0]), np.take(x, array([1]), { axis: 1 }), np.flip(x), np.concatenate([x, x]), np.stack([x, x]), np.broadcastTo(x, [2, 2, 3])]
      for (const y of moved) expect(y.dtype).toBe(dtype)
      expect(x.get(':', '::-1').astype('float32').tolist()).toEqual([[2, 1, 0], [5, 4, 3]])
      expect(x.astype('int32').astype(dtype).tolist()).toEqual(x.tolist())
      expect(x.astype('bool').tolist()).toEqual([[false, true, true], [true, true, true]])
      expect(x.repr()).toContain(`dtype=${dtype}`)
    })
  })
})

describe('astype', () => {
  cleanState()

  it.each(Object.keys(DTYPES) as DType[])('to %s and back', dtype => {
    expect(array([0, 1]).astype(dtype).astype('float32').tolist()).toEqual([0, 1])
    expect(array([0, 1]).astype(dtype).dtype).toBe(dtype)
  })

  it('truncates towards zero, wraps, and knows truth', () => {
    expectList(array([2.9, -2.9]).astype('int32'), [2, -2])
    expectList(array([256, -1]).astype('uint8'), [0, 255])
    expectList(array([0, 0.1, Number.NaN]).astype('bool'), [false, true, true])
    expectList(array([3, 0], { dtype: 'int32' }).astype('bool').astype('float64'), [1, 0])
  })

  it('refuses an unknown dtype', () => thrownBy(() => array([1]).astype('float128' as never)))
})
