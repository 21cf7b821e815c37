import { ArrayDataset, BaseDataset } from '@ashlar/data'
import type { DType, NDArray } from '@ashlar/core'
import { AssertionError, Context, DTYPES, IndexError, ValueError, array, np } from '@ashlar/core'
import { expect, expectTypeOf, test } from 'vitest'
import { thrownBy } from './support.ts'

const x = np.arange(6).reshape(3, 2)
const y = array([7, 8, 9], { dtype: 'int32' })

test('one column gives its entries, more give lists of theirs', () => {
  const one = new ArrayDataset(x)
  expectTypeOf(one.get(0)).toEqualTypeOf<NDArray>()
  expect(one.length).toBe(3)
  expect(one.get(1).tolist()).toEqual([2, 3])
  const two = new ArrayDataset(x, y, ['a', 'b', 'c'])
  const [row, label, name] = two.get(2)
  expectTypeOf(row).toEqualTypeOf<NDArray>()
  expectTypeOf(name).toEqualTypeOf<string>()
  expect([row.tolist(), label.item(), label.dtype, label.shape, name]).toEqual([[4, 5], 9, 'int32', [], 'c'])
  expect([...new ArrayDataset([5, 6])]).toEqual([5, 6])
})

test.each(Object.keys(DTYPES) as DType[])('a batch of %s keeps dtype, order and repetitions', dtype => {
  const column = array([[0, 1], [1, 0], [1, 1]], { dtype, ctx: new Context('cpu', 2) })
  const batch = new ArrayDataset(column).getBatch([2, 0, 0])
  expect(batch.dtype).toBe(dtype)
  expect(String(batch.context)).toBe('cpu(2)')
  expect(batch.tolist()).toEqual([2, 0, 0].map(i => column.get(i).tolist()))
})

test('a batch of several columns', () => {
  const [rows, labels] = new ArrayDataset(x, [1, 0, 1]).getBatch([0, 2])
  expect(rows.tolist()).toEqual([[0, 1], [4, 5]])
  expect(labels.tolist()).toEqual([1, 1])
})

test('columns of one length, at least one of them, and no scalars', () => {
  const error = thrownBy(() => new ArrayDataset(x, [1, 2, 3], np.zeros(4)))
  expect(error).toBeInstanceOf(AssertionError)
  expect(error.message).toContain('All arrays must have the same length; array[0] has length 3 while array[2] has 4.')
  expect(() => new (ArrayDataset as unknown as new () => unknown)()).toThrow('Needs at least 1 arrays')
  expect(() => new ArrayDataset(np.array(1))).toThrow('column 0 is a scalar')
  expect(() => new ArrayDataset(x, 3 as never)).toThrow(TypeError)
})

test.each([-1, 3, 0.5, NaN, Infinity, '1'])('there is no item %s', index => {
  for (const dataset of [new ArrayDataset(x), new ArrayDataset(x).subset([0, 1, 2])]) {
    expect(thrownBy(() => dataset.get(index as number))).toBeInstanceOf(IndexError)
    expect(() => dataset.getBatch!([index as number])).toThrow('is out of range for a dataset of 3 items')
  }
  expect(() => new ArrayDataset(x).subset([0, index as number])).toThrow(IndexError)
})

test('transform gets the parts of a list, transformFirst the first one', () => {
  const pairs = new ArrayDataset([1, 2, 3], ['a', 'b', 'c'])
  const joined = pairs.transform((n, s) => s.repeat(n))
  expectTypeOf(joined.get(0)).toEqualTypeOf<string>()
  expect([...joined]).toEqual(['a', 'bb', 'ccc'])
  const first = pairs.transformFirst(n => `${n * 10}`)
  expectTypeOf(first.get(0)).toEqualTypeOf<[string, string]>()
  expect([...first]).toEqual([['10', 'a'], ['20', 'b'], ['30', 'c']])
  const single = new ArrayDataset([1, 2]).transformFirst(n => n + 1)
  expectTypeOf(single.get(0)).toEqualTypeOf<number>()
  expect([...single]).toEqual([2, 3])
  expect(() => pairs.transform(null as never)).toThrow(TypeError)
})

test('a transform runs when an item is read, once for each read', () => {
  let calls = 0
  const counted = new ArrayDataset([1, 2, 3]).transform(n => (calls++, n))
  expect(calls).toBe(0)
  counted.get(1)
  counted.get(1)
  expect(calls).toBe(2)
})

test('subset and take keep the quick way to a batch, transforms do not', () => {
  const dataset = new ArrayDataset(x, y)
  const [rows, labels] = dataset.subset([2, 1, 0]).subset([0, 2]).getBatch!([1, 0])
  expect([rows.tolist(), labels.tolist()]).toEqual([[[0, 1], [4, 5]], [7, 9]])
  expect(dataset.transform(row => row).getBatch).toBeUndefined()
  expect(dataset.take(2).length).toBe(2)
  expect(dataset.take(9).length).toBe(3)
  expect(dataset.subset(new Set([1])).get(0)[1].item()).toBe(8)
  expect(() => dataset.take(-1)).toThrow(TypeError)
})

test('a dataset of one\'s own', () => {
  class Squares extends BaseDataset<number> {
    readonly length = 4
    get(index: number): number { return index ** 2 }
  }
  expect([...new Squares().subset([3, 1])]).toEqual([9, 1])
})

test('filter keeps the items for which the function is true, and the quick way to a batch', () => {
  const dataset = new ArrayDataset(x, [3, 4, 5])
  const odd = dataset.filter((row, label) => row.shape.length === 1 && label % 2 === 1)
  expectTypeOf(odd.get(0)).toEqualTypeOf<[NDArray, number]>()
  const [rows, labels] = odd.getBatch!([1, 0])
  expect([odd.length, rows.tolist(), labels.tolist()]).toEqual([2, [[4, 5], [0, 1]], [5, 3]])
  let calls = 0
  const small = new ArrayDataset([4, 5, 6]).filter(n => (calls++, n < 6))
  expect([...small, ...small, calls]).toEqual([4, 5, 4, 5, 3])
  expect(dataset.filter(() => false).length).toBe(0)
  expect(() => dataset.filter(null as never)).toThrow(TypeError)
})

// Seven items in three parts are 3 + 2 + 2.
test.each([
  [7, 3, [[0, 1, 2], [3, 4], [5, 6]]],
  [6, 3, [[0, 1], [2, 3], [4, 5]]],
  [2, 3, [[0], [1], []]],
  [5, 1, [[0, 1, 2, 3, 4]]],
])('%i items in %i shards', (length, count, parts) => {
  const dataset = new ArrayDataset(Array.from({ length }, (_, i) => i))
  expect(Array.from({ length: count }, (_, i) => [...dataset.shard(count, i)])).toEqual(parts)
})

test.each([[0, 0], [1.5, 0], [-2, 0], [NaN, 0], [3, 3], [3, -1], [3, 0.5], [3, '1']])('there is no shard (%s, %s)', (count, index) => {
  const dataset = new ArrayDataset([1, 2, 3])
  expect(thrownBy(() => dataset.shard(count, index as number))).toBeInstanceOf(ValueError)
  expect([...dataset]).toEqual([1, 2, 3])
})
