import { Context, RandomState, ValueError, describe, randomStateOf, shuffledOrder, typeError } from '@ashlar/core'

/** Positions in the order of reading, told anew for each epoch. */
export interface Sampler<T = number> extends Iterable<T> {
  readonly length: number
}

/** When the last batch of an epoch is not full: keep it, leave it out, or start the next epoch with it. */
export type LastBatch = 'keep' | 'discard' | 'rollover'

function checkCount(value: number, least: number, name: string, op: string): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new ValueError(`${name} must be a whole number from ${least}, got ${describe(value)}`, { op })
}

/** Checks a seed. @throws TypeError unless it is a whole number */
export function checkSeed(seed: number | undefined, op: string): number | undefined {
  if (seed === undefined || Number.isSafeInteger(seed)) return seed
  throw typeError(`a seed is a whole number, got ${describe(seed)}`, { op })
}

/** A random order of `count` positions: from a seed, or from the next draws of `np.random` on the host. */
export function drawOrder(count: number, seed: number | undefined): Uint32Array {
  if (seed === undefined) return shuffledOrder(randomStateOf(new Context('cpu')).main, count)
  const state = new RandomState()
  state.seed(seed)
  return shuffledOrder(state.main, count)
}

/** The positions 0 to `length` - 1 in order. */
export class SequentialSampler implements Sampler {
  readonly length: number

  constructor(length: number) {
    this.length = checkCount(length, 0, 'length', 'SequentialSampler')
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.length; i++) yield i
  }
}

/**
 * The positions 0 to `length` - 1 in a new random order each epoch.
 *
 * Without a seed the order is that of `np.random.permutation(length)` at the same moment, so `npx.random.seed` governs
 * it. With one, the order of epoch k depends on the seed and k alone, whatever else draws; setting `epoch` resumes there.
 *
 * @example
 * ```ts
 * import { RandomSampler } from '@ashlar/data'
 *
 * const first = new RandomSampler(100, { seed: 1 })
 * const orders = [[...first], [...first]]
 * const later = new RandomSampler(100, { seed: 1 })
 * later.epoch = 1
 * console.log(String([...later]) === String(orders[1]), String(orders[0]) === String(orders[1]))
 * // true false
 * ```
 */
export class RandomSampler implements Sampler {
  readonly length: number
  /** The number of the next epoch; each iteration counts it up. */
  epoch = 0
  readonly #seed: number | undefined

  constructor(length: number, options: { readonly seed?: number | undefined } = {}) {
    this.length = checkCount(length, 0, 'length', 'RandomSampler')
    this.#seed = checkSeed(options.seed, 'RandomSampler')
  }

  /** Draws the order at once, so that two iterations draw in the order in which they start. */
  [Symbol.iterator](): IterableIterator<number> {
    const epoch = this.epoch++
    return drawOrder(this.length, this.#seed === undefined ? undefined : epochSeed(this.#seed, epoch))[Symbol.iterator]()
  }
}

/** Mixes a seed and an epoch into a 32-bit seed, so that neighbours of either share no orders: two rounds of MurmurHash3's finalizer. */
function epochSeed(seed: number, epoch: number): number {
  const mix = (h: number): number => {
    const a = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
    return (b ^ (b >>> 16)) >>> 0
  }
  return mix(mix((seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1)) + Math.imul(epoch, 0x9e3779b1))
}

/**
 * Gathers a sampler's positions into lists of `batchSize`.
 *
 * @example
 * ```ts
 * import { BatchSampler, SequentialSampler } from '@ashlar/data'
 *
 * console.log([...new BatchSampler(new SequentialSampler(5), 2)])
 * // [ [ 0, 1 ], [ 2, 3 ], [ 4 ] ]
 * const rolling = new BatchSampler(new SequentialSampler(5), 2, 'rollover')
 * console.log(rolling.length, [...rolling], rolling.length, [...rolling])
 * // 2 [ [ 0, 1 ], [ 2, 3 ] ] 3 [ [ 4, 0 ], [ 1, 2 ], [ 3, 4 ] ]
 * ```
 */
export class BatchSampler implements Sampler<number[]> {
  readonly #sampler: Sampler
  readonly #batchSize: number
  readonly #lastBatch: LastBatch
  #left: number[] = []

  /** @throws ValueError for a batch size below 1 or another word for the last batch */
  constructor(sampler: Sampler, batchSize: number, lastBatch: LastBatch = 'keep') {
    if (!['keep', 'discard', 'rollover'].includes(lastBatch)) {
      throw new ValueError(`lastBatch must be one of 'keep', 'discard', or 'rollover', but got ${String(lastBatch)}`, { op: 'BatchSampler' })
    }
    this.#sampler = sampler
    this.#batchSize = checkCount(batchSize, 1, 'batchSize', 'BatchSampler')
    this.#lastBatch = lastBatch
  }

  /** The number of batches of the next epoch. */
  get length(): number {
    const count = (this.#left.length + this.#sampler.length) / this.#batchSize
    return this.#lastBatch === 'keep' ? Math.ceil(count) : Math.floor(count)
  }

  [Symbol.iterator](): IterableIterator<number[]> {
    const left = this.#left
    this.#left = []
    return this.#batches(left, this.#sampler[Symbol.iterator]())
  }

  *#batches(batch: number[], positions: Iterator<number>): IterableIterator<number[]> {
    for (let next = positions.next(); next.done !== true; next = positions.next()) {
      batch.push(next.value)
      if (batch.length < this.#batchSize) continue
      yield batch
      batch = []
    }
    if (batch.length > 0 && this.#lastBatch === 'keep') yield batch
    if (this.#lastBatch === 'rollover') this.#left = batch
  }
}
