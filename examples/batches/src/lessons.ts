import { UserError } from '@ashlar-examples/shared/errors'
import { isAshlarError, np, scope } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import type { BaseDataset, LastBatch } from '@ashlar/data'
import { BatchSampler, DataLoader, SequentialSampler } from '@ashlar/data'
import type { Digit } from './digits.ts'
import type { PaddedBatch, Statistics, Transform } from './transforms.ts'
import { cutToInk, padToWidest } from './transforms.ts'

/** The labels of a loader's first batches, and what they are compared with. */
export interface Order {
  readonly name: string
  readonly labels: readonly number[]
  /** What the order should and does agree with. */
  readonly same?: string
}

/** The first batch of several epochs: a seed gives one order an epoch, whenever it is asked for. */
export function ordersOf(dataset: BaseDataset<Digit>, batchSize: number, seed: number): Order[] {
  const loaderOf = (ownSeed: number): DataLoader<Digit> => new DataLoader(dataset, { batchSize, shuffle: true, seed: ownSeed })
  const next = (loader: DataLoader<Digit>): number[] => scope(() => listOf(first(loader)[1]))
  const loader = loaderOf(seed)
  const [before, after] = [next(loader), next(loader)]
  const resumed = loaderOf(seed)
  resumed.epoch = 1
  const orders: Order[] = [
    { name: `seed ${seed}, epoch 0`, labels: before },
    { name: `seed ${seed}, epoch 1`, labels: after },
    { name: `seed ${seed}, a new loader`, labels: next(loaderOf(seed)), same: `seed ${seed}, epoch 0` },
    { name: `seed ${seed}, resumed at epoch 1`, labels: next(resumed), same: `seed ${seed}, epoch 1` },
    { name: `seed ${seed + 1}, epoch 0`, labels: next(loaderOf(seed + 1)) },
  ]
  for (const { name, labels, same } of orders) {
    const model = orders.find(order => order.name === same)
    if (model !== undefined && String(model.labels) !== String(labels)) throw new Error(`${name} gives another order than ${same}`)
  }
  return orders
}

/** The sizes of the batches of one epoch, and how many items wait for the next one. */
export interface Sizes {
  readonly sizes: readonly number[]
  readonly waiting: number
}

/** What each mode does with a last batch that is not full, epoch by epoch. */
export function lastBatchesOf(count: number, batchSize: number, epochs: number): Record<LastBatch, Sizes[]> {
  const of = (mode: LastBatch): Sizes[] => {
    const sampler = new BatchSampler(new SequentialSampler(count), batchSize, mode)
    let waiting = 0
    return Array.from({ length: epochs }, () => {
      const sizes = [...sampler].map(batch => batch.length)
      waiting = mode === 'rollover' ? waiting + count - sizes.reduce((a, b) => a + b, 0) : 0
      return { sizes, waiting }
    })
  }
  return { keep: of('keep'), discard: of('discard'), rollover: of('rollover') }
}

/** Mean and standard deviation of the pixels of all digits, in batches. */
export function statisticsOf(dataset: BaseDataset<Digit>, transform: Transform = picture => picture): Statistics {
  let [count, total, squares] = [0, 0, 0]
  for (const [pictures] of new DataLoader(dataset.transformFirst(transform), { batchSize: 128 })) {
    scope(() => {
      count += pictures.size
      total += pictures.sum().item()
      squares += np.square(pictures).sum().item()
    })
    pictures.dispose()
  }
  const mean = total / count
  const spread = Math.sqrt(Math.max(0, squares / count - mean * mean))
  if (spread === 0) throw new UserError('all pixels are equal, so they cannot be normalised; --only names more kinds of digits')
  return { mean, spread }
}

/** One picture after another, and what they show. */
export interface Stage {
  readonly name: string
  /** Pixels of each digit, row by row. */
  readonly pictures: readonly (readonly number[])[]
}

/**
 * The first batch of a loader, as it is and after each of the transforms. An item that is a list comes in batches part by
 * part, so that all stages come from one pass.
 */
export function stagesOf(dataset: BaseDataset<Digit>, chain: readonly (readonly [name: string, transform: Transform])[], options: { readonly batchSize: number; readonly seed: number }): { stages: Stage[]; labels: number[] } {
  const traced = dataset.transform((picture, label) => {
    const parts: NDArray[] = [picture]
    for (const [, transform] of chain) parts.push(transform(parts.at(-1)!))
    return [parts, label] as const
  })
  const [parts, labels] = first(new DataLoader(traced, { ...options, shuffle: true }))
  const names = ['as it is', ...chain.map(([name]) => name)]
  return {
    stages: parts.map((part, i) => ({ name: names[i]!, pictures: Array.from(part, picture => listOf(picture)) })),
    labels: listOf(labels),
  }
}

/** What comes of pictures of several widths: refused as they are, one batch where the loader has a `batchify` that pads. */
export function padded(dataset: BaseDataset<Digit>, options: { readonly batchSize: number; readonly seed: number }): { refusal: string; batch: PaddedBatch } {
  const narrow = dataset.transformFirst(cutToInk)
  return {
    refusal: refusalOf(() => first(new DataLoader(narrow, { ...options, shuffle: true }))),
    batch: first(new DataLoader(narrow, { ...options, shuffle: true, batchify: padToWidest })),
  }
}

/** Why stacking was refused; with a batch of one, or one of equal widths, it was not. */
function refusalOf(fn: () => unknown): string {
  try {
    fn()
    return 'no refusal: this batch happens to be of one width'
  } catch (error) {
    if (isAshlarError(error)) return error.message
    throw error
  }
}

function first<T>(batches: Iterable<T>): T {
  for (const batch of batches) return batch
  throw new Error('there is no batch')
}

/** The elements of an array as numbers. */
export function listOf(array: NDArray): number[] {
  return Array.from(array.toTypedArray(), Number)
}
