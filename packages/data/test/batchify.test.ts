import { batchify } from '@ashlar/data'
import type { NDArray } from '@ashlar/core'
import { ValueError, array, np } from '@ashlar/core'
import { expect, expectTypeOf, test } from 'vitest'
import { thrownBy } from './support.ts'

test.each([
  [[1, 2.5], 'float32', [1, 2.5]],
  [[true, false], 'bool', [true, false]],
  [[1n, 2n], 'int64', [1n, 2n]],
  [[Uint8Array.of(1, 2), Uint8Array.of(3, 4)], 'uint8', [[1, 2], [3, 4]]],
  [[array([1, 2], { dtype: 'int32' })], 'int32', [[1, 2]]],
  [[array(1), array(2)], 'float32', [1, 2]],
])('%# keeps what the items are', (items, dtype, expected) => {
  const batch = batchify<unknown>(items) as NDArray
  expect(batch.dtype).toBe(dtype)
  expect(batch.tolist()).toEqual(expected)
})

test('lists are batched part by part', () => {
  const batch = batchify([[array([1, 2]), [3, true]], [array([4, 5]), [6, false]]])
  expectTypeOf(batch[1][0]).toEqualTypeOf<NDArray>()
  expect([batch[0].tolist(), batch[1][0].tolist(), batch[1][1].tolist()]).toEqual([[[1, 2], [4, 5]], [3, 6], [true, false]])
})

test('what cannot be batched says why', () => {
  const shapes = thrownBy(() => batchify([np.zeros([2]), np.zeros([3])]))
  expect(shapes).toBeInstanceOf(ValueError)
  expect(shapes.message).toContain('items have shape (2,), but item 1 of the batch has (3,)')
  expect(() => batchify([])).toThrow('there are no items')
  expect(() => batchify([[1, 2], [3]])).toThrow('items are lists of 2 parts, but item 1 of the batch has 1')
  expect(() => batchify([[1, 2], 3])).toThrow('item 1 of the batch is 3')
  expect(() => batchify(['a', 'b'])).toThrow(`no batch can be made of 'a'`)
  expect(() => batchify([null])).toThrow('no batch can be made of null')
  for (const items of [[1, true], [1, 'a'], [np.zeros(2), 1], [Uint8Array.of(1), 1], [1, np.zeros(2)]]) expect(() => batchify<unknown>(items)).toThrow('items are of different kinds')
})
