import { ArrayDataset, BaseDataset, BatchSampler, DataLoader, RandomSampler, SequentialSampler } from '@ashlar/data'
import type { LastBatch } from '@ashlar/data'
import type { NDArray } from '@ashlar/core'
import { ValueError, np, npx, scope } from '@ashlar/core'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { thrownBy } from './support.ts'

const numbers = (n: number): ArrayDataset<[number[]]> => new ArrayDataset(Array.from({ length: n }, (_, i) => i))
const epochOf = <T>(loader: DataLoader<T, NDArray>): unknown[] => [...loader].map(batch => batch.tolist())

test('batches in order, the last one as it is', () => {
  const loader = new DataLoader(new ArrayDataset(np.arange(10).reshape(5, 2), np.arange(5)), { batchSize: 2 })
  expect(loader.length).toBe(3)
  const seen: unknown[] = []
  for (const [x, y] of loader) {
    expectTypeOf(x).toEqualTypeOf<NDArray>()
    seen.push([x.tolist(), y.tolist()])
  }
  expect(seen).toEqual([[[[0, 1], [2, 3]], [0, 1]], [[[4, 5], [6, 7]], [2, 3]], [[[8, 9]], [4]]])
})

// What gluon.data.BatchSampler gives for ten items in threes, two epochs.
test.each<[LastBatch, number[][], number[][], number, number]>([
  ['keep', [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]], [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]], 4, 4],
  ['discard', [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]], 3, 3],
  ['rollover', [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[9, 0, 1], [2, 3, 4], [5, 6, 7]], 3, 3],
])('lastBatch %s', (lastBatch, first, second, length, next) => {
  const loader = new DataLoader(numbers(10), { batchSize: 3, lastBatch })
  expect(loader.length).toBe(length)
  expect(epochOf(loader)).toEqual(first)
  expect(loader.length).toBe(next)
  expect(epochOf(loader)).toEqual(second)
})

test('rollover adds up over epochs', () => {
  const loader = new DataLoader(numbers(5), { batchSize: 2, lastBatch: 'rollover' })
  expect([loader.length, epochOf(loader), loader.length, epochOf(loader), loader.length]).toEqual([2, [[0, 1], [2, 3]], 3, [[4, 0], [1, 2], [3, 4]], 2])
})

describe('shuffling', () => {
  const orders = (loader: DataLoader<number, NDArray>, epochs: number): string[] => Array.from({ length: epochs }, () => JSON.stringify(epochOf(loader).flat()))

  test('each epoch has all items, in another order', () => {
    const seen = orders(new DataLoader(numbers(50), { batchSize: 7, shuffle: true, seed: 3 }), 5)
    expect(new Set(seen).size).toBe(5)
    for (const order of seen) expect((JSON.parse(order) as number[]).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  test('with a seed nothing else matters', () => {
    const loader = new DataLoader(numbers(50), { batchSize: 7, shuffle: true, seed: 3 })
    const seen = orders(loader, 2)
    np.random.uniform({ size: [10] })
    npx.random.seed(9)
    seen.push(...orders(loader, 1))
    expect(orders(new DataLoader(numbers(50), { batchSize: 50, shuffle: true, seed: 3 }), 3)).toEqual(seen)
    expect(orders(new DataLoader(numbers(50), { batchSize: 7, shuffle: true, seed: 4 }), 3)).not.toEqual(seen)
    // No epoch of one seed is an epoch of its neighbour's.
    expect(seen.some(order => orders(new DataLoader(numbers(50), { batchSize: 7, shuffle: true, seed: 4 }), 3).includes(order))).toBe(false)
  })

  test('a seed leaves the stream of np.random alone', () => {
    npx.random.seed(1)
    const expected = np.random.uniform({ size: [3] }).tolist()
    npx.random.seed(1)
    orders(new DataLoader(numbers(50), { batchSize: 7, shuffle: true, seed: 3 }), 2)
    expect(np.random.uniform({ size: [3] }).tolist()).toEqual(expected)
  })

  test('epoch resumes where it says', () => {
    const loader = new DataLoader(numbers(50), { batchSize: 7, shuffle: true, seed: 3 })
    const seen = orders(loader, 4)
    expect(loader.epoch).toBe(4)
    const resumed = new DataLoader(numbers(50), { batchSize: 7, shuffle: true, seed: 3 })
    resumed.epoch = 2
    expect(orders(resumed, 2)).toEqual(seen.slice(2))
    expect(() => { resumed.epoch = -1 }).toThrow(ValueError)
  })

  test('without a seed the order is that of np.random.permutation', () => {
    npx.random.seed(5)
    const expected = [np.random.permutation(20).tolist(), np.random.permutation(20).tolist()].map(order => JSON.stringify(order))
    npx.random.seed(5)
    expect(orders(new DataLoader(numbers(20), { batchSize: 6, shuffle: true }), 2)).toEqual(expected)
  })

  test('an order is drawn when its epoch starts, not when its first batch is read', () => {
    npx.random.seed(5)
    const expected = np.random.permutation(20).get(':4').tolist()
    npx.random.seed(5)
    const epoch = new DataLoader(numbers(20), { batchSize: 4, shuffle: true })[Symbol.iterator]()
    np.random.uniform({ size: [10] })
    expect(epoch.next().value!.tolist()).toEqual(expected)
  })

  test.each([0, -1, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1)])('seed %s works', seed => {
    expect([...new RandomSampler(5, { seed })].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    expect([...new RandomSampler(5, { seed })]).toEqual([...new RandomSampler(5, { seed })])
  })

  test('over many epochs and seeds every position is as likely everywhere', () => {
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0])
    for (let seed = 0; seed < 40; seed++) {
      const sampler = new RandomSampler(4, { seed })
      for (let epoch = 0; epoch < 50; epoch++) [...sampler].forEach((item, place) => counts[place]![item]!++)
    }
    // 500 expected each; five standard deviations are 97.
    for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(97)
  })
})

test('datasets of one\'s own are stacked, or batched by a function', () => {
  class Pairs extends BaseDataset<[NDArray, number]> {
    readonly length = 3
    get(index: number): [NDArray, number] { return [np.full([2], index), index] }
  }
  const [[x, y]] = [...new DataLoader(new Pairs(), { batchSize: 3 })] as [[NDArray, NDArray]]
  expect([x.tolist(), y.tolist()]).toEqual([[[0, 0], [1, 1], [2, 2]], [0, 1, 2]])
  const sums = new DataLoader(new Pairs(), { batchSize: 2, batchify: items => items.reduce((total, [, n]) => total + n, 0) })
  expectTypeOf([...sums]).toEqualTypeOf<number[]>()
  expect([...sums]).toEqual([1, 2])
  expect([...new DataLoader({ length: 2, get: i => i }, { batchSize: 2 })][0]!.tolist()).toEqual([0, 1])
  expect([...new DataLoader(np.arange(4).reshape(2, 2), { batchSize: 1 })].map(b => b.tolist())).toEqual([[[0, 1]], [[2, 3]]])
})

test('a batch of an ArrayDataset is not read row by row', () => {
  class Unreadable extends ArrayDataset<[NDArray]> {
    override get(): never { throw new Error('one row was read') }
  }
  expect([...new DataLoader(new Unreadable(np.arange(3)).subset([2, 0]), { batchSize: 2 })].map(b => b.tolist())).toEqual([[2, 0]])
})

test('samplers of one\'s own', () => {
  const reversed = { length: 3, *[Symbol.iterator]() { yield* [2, 1, 0] } }
  expect(epochOf(new DataLoader(numbers(3), { batchSize: 2, sampler: reversed }))).toEqual([[2, 1], [0]])
  const loader = new DataLoader(numbers(3), { batchSampler: new BatchSampler(new SequentialSampler(2), 1) })
  expect([loader.length, epochOf(loader)]).toEqual([2, [[0], [1]]])
})

test('nothing to read, and leaving early', () => {
  expect(epochOf(new DataLoader(numbers(0), { batchSize: 2, shuffle: true }))).toEqual([])
  const loader = new DataLoader(numbers(5), { batchSize: 2 })
  for (const batch of loader) { expect(batch.tolist()).toEqual([0, 1]); break }
  expect(epochOf(loader)).toEqual([[0, 1], [2, 3], [4]])
})

test('batches made in a scope are freed with it', () => {
  const kept = scope(() => {
    const [x] = [...new DataLoader(new ArrayDataset(np.arange(4)), { batchSize: 4 })]
    return x!
  })
  expect(kept.tolist()).toEqual([0, 1, 2, 3])
})

test.each<[object, string]>([
  [{}, 'batchSize must be specified unless batchSampler is specified'],
  [{ batchSize: 0 }, 'batchSize must be a whole number from 1, got 0'],
  [{ batchSize: 1.5 }, 'batchSize must be a whole number from 1, got 1.5'],
  [{ batchSize: 2, lastBatch: 'drop' }, `lastBatch must be one of 'keep', 'discard', or 'rollover', but got drop`],
  [{ batchSize: 2, shuffle: true, sampler: new SequentialSampler(1) }, 'shuffle must not be specified if sampler is specified'],
  [{ batchSize: 2, batchSampler: new BatchSampler(new SequentialSampler(1), 1) }, 'must not be specified if batchSampler is specified.'],
])('options that do not go: %#', (options, message) => {
  const error = thrownBy(() => new DataLoader(numbers(3), options))
  expect(error).toBeInstanceOf(ValueError)
  expect(error.message).toContain(message)
})

test('arguments of the wrong kind', () => {
  expect(() => new DataLoader([1, 2] as never, { batchSize: 1 })).toThrow('a dataset has a length and get(index), got [1, 2]')
  expect(() => new DataLoader(null as never, { batchSize: 1 })).toThrow(TypeError)
  expect(() => new DataLoader(numbers(3), { batchSize: 1, shuffle: true, seed: 0.5 })).toThrow('a seed is a whole number, got 0.5')
  expect(() => new SequentialSampler(-1)).toThrow('length must be a whole number from 0, got -1')
})
