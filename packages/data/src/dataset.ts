import { AssertionError, IndexError, ValueError, describe, typeError } from '@ashlar/core'
import type { Batch } from './batchify.ts'

/** What a loader reads: `length` items, each told by its position from 0. */
export interface Dataset<T> {
  readonly length: number
  get(index: number): T
  /** The items at `indices` as one batch, where that is quicker than item by item. */
  getBatch?(indices: readonly number[]): Batch<T>
}

/** What a function of an item is called with: the parts of a list one by one, anything else as it is. */
export type Parts<T> = T extends readonly unknown[] ? T : [T]

/** An item whose first part was replaced. */
export type FirstReplaced<T, U> = T extends readonly [unknown, ...infer Rest] ? [U, ...Rest] : U

/**
 * A dataset with what every dataset offers beside its items. Subclasses bring `length` and `get`.
 *
 * @example
 * ```ts
 * import { BaseDataset } from '@ashlar/data'
 *
 * class Squares extends BaseDataset<number> {
 *   readonly length = 10
 *   get(index: number): number { return index ** 2 }
 * }
 * console.log([...new Squares().take(4)])
 * // [ 0, 1, 4, 9 ]
 * ```
 */
export abstract class BaseDataset<T> implements Dataset<T> {
  abstract readonly length: number
  abstract get(index: number): T
  getBatch?(indices: readonly number[]): Batch<T>

  /** The same items, each given to `fn` when it is read. An item that is a list is given part by part: `(x, y) => …`. */
  transform<U>(fn: (...parts: Parts<T>) => U): BaseDataset<U> {
    checkFunction(fn, 'Dataset.transform')
    return new TransformedDataset(this, item => fn(...partsOf(item)))
  }

  /** The same items with their first part, or the item itself where it is no list, replaced by `fn` of it. */
  transformFirst<U>(fn: (first: Parts<T>[0]) => U): BaseDataset<FirstReplaced<T, U>> {
    checkFunction(fn, 'Dataset.transformFirst')
    return new TransformedDataset(this, item => {
      const [first, ...rest] = partsOf(item)
      return (Array.isArray(item) ? [fn(first), ...rest] : fn(first)) as FirstReplaced<T, U>
    })
  }

  /** The items at these positions, in this order; a position may come more than once. @throws IndexError for one that is not there */
  subset(indices: Iterable<number>): BaseDataset<T> {
    return new SubsetDataset(this, [...indices])
  }

  /** The first `count` items, or all where there are no more. */
  take(count: number): BaseDataset<T> {
    if (!Number.isInteger(count) || count < 0) throw typeError(`a count is a whole number from 0, got ${describe(count)}`, { op: 'Dataset.take' })
    return this.subset(Array.from({ length: Math.min(count, this.length) }, (_, i) => i))
  }

  /** The items for which `fn` is true. Reads each item once, now; one that is a list is given part by part: `(x, y) => …`. */
  filter(fn: (...parts: Parts<T>) => boolean): BaseDataset<T> {
    checkFunction(fn, 'Dataset.filter')
    const chosen: number[] = []
    for (let i = 0; i < this.length; i++) if (fn(...partsOf(this.get(i)))) chosen.push(i)
    return this.subset(chosen)
  }

  /**
   * Part `index` of `count` parts of neighbouring items, so that `count` workers share the dataset. Sizes differ by one at most, the larger ones first.
   *
   * @throws ValueError unless `count` is a whole number from 1 and `index` one from 0 to `count` - 1
   */
  shard(count: number, index: number): BaseDataset<T> {
    const op = 'Dataset.shard'
    if (!Number.isSafeInteger(count) || count < 1) throw new ValueError(`the number of shards is a whole number from 1, got ${describe(count)}`, { op })
    if (!Number.isSafeInteger(index) || index < 0 || index >= count) throw new ValueError(`a shard is a whole number from 0 to ${count - 1}, got ${describe(index)}`, { op })
    const [least, larger] = [Math.floor(this.length / count), this.length % count]
    const start = index * least + Math.min(index, larger)
    return this.subset(Array.from({ length: least + (index < larger ? 1 : 0) }, (_, i) => start + i))
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.length; i++) yield this.get(i)
  }
}

const partsOf = <T>(item: T): Parts<T> => (Array.isArray(item) ? item : [item]) as unknown as Parts<T>

function checkFunction(fn: unknown, op: string): void {
  if (typeof fn !== 'function') throw typeError(`expected a function of an item, got ${describe(fn)}`, { op })
}

/** @throws IndexError unless there is an item at that position */
export function checkIndex(index: number, length: number, op: string): number {
  if (Number.isInteger(index) && index >= 0 && index < length) return index
  throw new IndexError(`index ${describe(index)} is out of range for a dataset of ${length} items`, { op })
}

class TransformedDataset<T, U> extends BaseDataset<U> {
  readonly #source: Dataset<T>
  readonly #fn: (item: T) => U

  constructor(source: Dataset<T>, fn: (item: T) => U) {
    super()
    this.#source = source
    this.#fn = fn
  }

  get length(): number {
    return this.#source.length
  }

  get(index: number): U {
    return this.#fn(this.#source.get(index))
  }
}

class SubsetDataset<T> extends BaseDataset<T> {
  readonly #source: Dataset<T>
  readonly #indices: readonly number[]

  constructor(source: Dataset<T>, indices: readonly number[]) {
    super()
    for (const index of indices) checkIndex(index, source.length, 'Dataset.subset')
    this.#source = source
    this.#indices = indices
    // Only where the source has the quick way, so that a loader can tell.
    if (source.getBatch !== undefined) this.getBatch = positions => source.getBatch!(positions.map(i => this.#at(i)))
  }

  get length(): number {
    return this.#indices.length
  }

  get(index: number): T {
    return this.#source.get(this.#at(index))
  }

  #at(index: number): number {
    return this.#indices[checkIndex(index, this.length, 'Dataset.get')]!
  }
}

/** Checks that columns have one length. @throws AssertionError in Gluon's words */
export function checkLengths(lengths: readonly number[]): number {
  const [first] = lengths
  if (first === undefined) throw new AssertionError('Needs at least 1 arrays', { op: 'ArrayDataset' })
  lengths.forEach((length, i) => {
    if (length === first) return
    throw new AssertionError(`All arrays must have the same length; array[0] has length ${first} while array[${i}] has ${length}.`, { op: 'ArrayDataset' })
  })
  return first
}
