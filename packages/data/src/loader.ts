import { ValueError, describe, isNDArray, typeError } from '@ashlar/core'
import { ArrayDataset } from './array-dataset.ts'
import type { Batch } from './batchify.ts'
import { batchify } from './batchify.ts'
import type { Dataset } from './dataset.ts'
import type { LastBatch, Sampler } from './sampler.ts'
import { BatchSampler, RandomSampler, SequentialSampler } from './sampler.ts'

/** How a loader reads its dataset. */
export interface DataLoaderOptions<T, B = Batch<T>> {
  /** How many items make a batch; needed unless there is a `batchSampler`. */
  readonly batchSize?: number
  /** Read in a new random order each epoch. Default false. */
  readonly shuffle?: boolean
  /** Makes the order of each epoch depend on this number and the epoch's alone; without it `npx.random.seed` governs. */
  readonly seed?: number
  /** What becomes of a last batch that is not full. Default `'keep'`. */
  readonly lastBatch?: LastBatch
  /** The order of reading, in place of `shuffle`. */
  readonly sampler?: Sampler
  /** The positions of each batch, in place of `batchSize`, `shuffle`, `sampler` and `lastBatch`. */
  readonly batchSampler?: Sampler<readonly number[]>
  /** Makes a batch of items, in place of stacking them. */
  readonly batchify?: (items: T[]) => B
}

/**
 * Reads a dataset in batches. Each iteration is one epoch; `length` is its number of batches.
 *
 * Batches of an `ArrayDataset` are taken from its arrays at once; items of other datasets are read one by one and
 * stacked (see `batchify`). Batches are on the device of the arrays they come from.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { ArrayDataset, DataLoader } from '@ashlar/data'
 *
 * registerBackend(cpuBackend())
 * const dataset = new ArrayDataset(np.arange(6).reshape(3, 2), np.array([0, 1, 0]))
 * for (const [x, y] of new DataLoader(dataset, { batchSize: 2 })) console.log(x.tolist(), y.tolist())
 * // [ [ 0, 1 ], [ 2, 3 ] ] [ 0, 1 ]
 * // [ [ 4, 5 ] ] [ 0 ]
 * ```
 */
export class DataLoader<T, B = Batch<T>> implements Iterable<B> {
  readonly dataset: Dataset<T>
  readonly #batches: Sampler<readonly number[]>
  readonly #read: (indices: readonly number[]) => B
  readonly #random: RandomSampler | undefined

  /**
   * @param dataset anything with `length` and `get(index)`, an NDArray of rows for one
   * @throws ValueError for options that exclude each other or are out of range, TypeError for a dataset that is none
   */
  constructor(dataset: Dataset<T>, options: DataLoaderOptions<T, B>) {
    this.dataset = checkDataset(dataset)
    checkOptions(options)
    const { sampler, batchSampler, shuffle = false, seed } = options
    this.#random = shuffle ? new RandomSampler(this.dataset.length, { seed }) : undefined
    this.#batches = batchSampler
      ?? new BatchSampler(sampler ?? this.#random ?? new SequentialSampler(this.dataset.length), options.batchSize!, options.lastBatch)
    this.#read = readerOf(this.dataset, options.batchify)
  }

  /** The number of batches of the next epoch. */
  get length(): number {
    return this.#batches.length
  }

  /** The number of the next epoch of a shuffling loader, counted by its iterations; 0 for others. Setting it resumes a seeded loader there. */
  get epoch(): number {
    return this.#random?.epoch ?? 0
  }

  set epoch(value: number) {
    if (!Number.isSafeInteger(value) || value < 0) throw new ValueError(`an epoch is a whole number from 0, got ${describe(value)}`, { op: 'DataLoader.epoch' })
    if (this.#random !== undefined) this.#random.epoch = value
  }

  /** Starts an epoch: its order is drawn now, its batches are made when they are asked for. */
  [Symbol.iterator](): IterableIterator<B> {
    return this.#epoch(this.#batches[Symbol.iterator]())
  }

  *#epoch(batches: Iterator<readonly number[]>): IterableIterator<B> {
    for (let next = batches.next(); next.done !== true; next = batches.next()) yield this.#read(next.value)
  }
}

function checkDataset<T>(value: Dataset<T>): Dataset<T> {
  const candidate = value as Partial<Dataset<T>> | null
  if (isNDArray(value)) return new ArrayDataset(value) as unknown as Dataset<T>
  if (typeof candidate === 'object' && candidate !== null && Number.isInteger(candidate.length) && typeof candidate.get === 'function') return value
  throw typeError(`a dataset has a length and get(index), got ${describe(value)}`, { op: 'DataLoader', hint: 'wrap arrays and lists: new ArrayDataset(x, y)' })
}

function checkOptions({ batchSize, shuffle, sampler, lastBatch, batchSampler }: Omit<DataLoaderOptions<unknown>, 'batchify'>): void {
  const op = 'DataLoader'
  if (batchSampler !== undefined) {
    if (batchSize === undefined && shuffle !== true && sampler === undefined && lastBatch === undefined) return
    throw new ValueError('batchSize, shuffle, sampler and lastBatch must not be specified if batchSampler is specified.', { op })
  }
  if (batchSize === undefined) throw new ValueError('batchSize must be specified unless batchSampler is specified', { op })
  if (sampler !== undefined && shuffle === true) throw new ValueError('shuffle must not be specified if sampler is specified', { op })
}

function readerOf<T, B>(dataset: Dataset<T>, own: ((items: T[]) => B) | undefined): (indices: readonly number[]) => B {
  if (own !== undefined) return indices => own(indices.map(i => dataset.get(i)))
  if (dataset.getBatch !== undefined) return indices => dataset.getBatch!(indices) as B
  return indices => batchify(indices.map(i => dataset.get(i))) as B
}
