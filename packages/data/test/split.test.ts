import { ArrayDataset, trainTestSplit } from '@ashlar/data'
import { ValueError, array, np, npx } from '@ashlar/core'
import { expect, test } from 'vitest'
import { thrownBy } from './support.ts'

const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b)
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

test.each([[10, 0.2, 2], [150, 0.2, 30], [7, 0.5, 4], [2, 0.01, 1], [2, 0.99, 1], [30, 0.1, 3], [10, 4, 4], [10, 1, 1], [10, 9, 9]])('%s items, testSize %s: %s to test with', (count, testSize, expected) => {
  const { train, test: held } = trainTestSplit(count, { testSize, seed: 1 })
  expect(held.length).toBe(expected)
  expect(sorted([...train, ...held])).toEqual(upTo(count))
})

test('each class gives its share, and the total stays', () => {
  for (let seed = 0; seed < 30; seed++) {
    // Class sizes of which no share is whole.
    const sizes = [3 + (seed % 5), 7, 11 + seed, 1]
    const labels = sizes.flatMap((size, label) => new Array<number>(size).fill(label))
    for (const testSize of [0.1, 0.25, 0.5, 0.8]) {
      const { train, test: held } = trainTestSplit(labels, { testSize, stratify: true, seed })
      const total = Math.min(Math.max(Math.round(labels.length * testSize), 1), labels.length - 1)
      expect(held.length).toBe(total)
      expect(sorted([...train, ...held])).toEqual(upTo(labels.length))
      sizes.forEach((size, label) => {
        const got = held.filter(i => labels[i] === label).length
        expect(Math.abs(got - (size * total) / labels.length)).toBeLessThan(1)
      })
    }
  }
})

test('the largest remainders are rounded up', () => {
  // Shares of 5 test items: 2.5, 1.75, 0.75: two more to give after 2, 1, 0, to the last two classes.
  const labels = [...new Array<string>(10).fill('a'), ...new Array<string>(7).fill('b'), ...new Array<string>(3).fill('c')]
  const { test: held } = trainTestSplit(labels, { testSize: 5, stratify: true, seed: 2 })
  expect(['a', 'b', 'c'].map(label => held.filter(i => labels[i] === label).length)).toEqual([2, 2, 1])
})

test('labels as arrays, or beside a count', () => {
  const labels = array([0, 0, 0, 0, 1, 1, 1, 1], { dtype: 'int64' })
  const options = { testSize: 0.5, seed: 3 }
  const split = trainTestSplit(labels, { ...options, stratify: true })
  expect(split.test.filter(i => i < 4).length).toBe(2)
  expect(trainTestSplit(8, { ...options, stratify: labels })).toEqual(split)
  expect(trainTestSplit(8, { ...options, stratify: ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'] })).toEqual(split)
})

test('a seed decides alone; without one np.random does', () => {
  expect(trainTestSplit(50, { seed: 1 })).toEqual(trainTestSplit(50, { seed: 1 }))
  expect(trainTestSplit(50, { seed: 1 })).not.toEqual(trainTestSplit(50, { seed: 2 }))
  npx.random.seed(4)
  const order = np.random.permutation(50).tolist() as number[]
  npx.random.seed(4)
  const { train, test: held } = trainTestSplit(50)
  expect(held).toEqual(order.slice(0, 10))
  expect(train).toEqual(order.slice(10))
})

test('the lists fit a dataset', () => {
  const dataset = new ArrayDataset(np.arange(10))
  const { train, test: held } = trainTestSplit(dataset.length, { seed: 1 })
  expect(dataset.subset(train).length + dataset.subset(held).length).toBe(10)
  expect(dataset.subset(held).get(0).item()).toBe(held[0])
})

test.each<[unknown, object, string]>([
  [1, {}, 'there must be at least 2 items to split, got 1'],
  [-3, {}, 'got -3'],
  [2.5, {}, 'got 2.5'],
  [[], {}, 'got 0'],
  [10, { testSize: 0 }, 'testSize must be a share between 0 and 1 or a number of items from 1 to 9, got 0'],
  [10, { testSize: 10 }, 'got 10'],
  [10, { testSize: 1.5 }, 'got 1.5'],
  [10, { testSize: NaN }, 'got NaN'],
  [10, { stratify: [1, 2] }, 'there are 10 items, but 2 labels to stratify by'],
])('%j with %j is refused', (labels, options, message) => {
  const error = thrownBy(() => trainTestSplit(labels as number, options))
  expect(error).toBeInstanceOf(ValueError)
  expect(error.message).toContain(message)
})

test('arguments of the wrong kind', () => {
  expect(() => trainTestSplit(10, { stratify: true })).toThrow('labels are a vector or a list, got 10')
  expect(() => trainTestSplit(np.zeros([4, 2]))).toThrow('labels are a vector, got shape (4, 2)')
  expect(() => trainTestSplit(10, { seed: 1.5 })).toThrow(TypeError)
})
