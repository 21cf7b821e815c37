import type { NDArray } from '@ashlar/core'
import { ValueError, describe, formatShape, isNDArray, typeError } from '@ashlar/core'
import { checkSeed, drawOrder } from './sampler.ts'

/** Labels, one an item: a vector or a list. */
export type Labels = NDArray | readonly (number | bigint | string | boolean)[]

/** How to split. */
export interface SplitOptions {
  /** The share of the test part (below 1), or its number of items. Default 0.2. */
  readonly testSize?: number
  /** Labels whose shares both parts should have; `true` means the first argument's. */
  readonly stratify?: Labels | boolean
  /** Makes the split depend on this number alone; without it `npx.random.seed` governs. */
  readonly seed?: number
}

/**
 * Splits items at random into a part to train with and one to test with. Give the lists to `dataset.subset`.
 *
 * The test part has `testSize` of the items, rounded to the nearest number, at least one, and never all. Stratified,
 * each class gets its share of the test part, rounded by largest remainder, so that the total stays exact.
 *
 * @param labelsOrCount the number of items, or their labels
 * @returns positions, each in exactly one list, in random order
 * @throws ValueError for fewer than 2 items, a size that leaves a part empty, or labels of another length
 * @example
 * ```ts
 * import { trainTestSplit } from '@ashlar/data'
 *
 * const labels = ['a', 'a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']
 * const { train, test } = trainTestSplit(labels, { testSize: 0.5, stratify: true, seed: 1 })
 * console.log(train.length, test.map(i => labels[i]).sort())
 * // 5 [ 'a', 'a', 'a', 'b', 'b' ]
 * ```
 */
export function trainTestSplit(labelsOrCount: Labels | number, options: SplitOptions = {}): { train: number[]; test: number[] } {
  const count = typeof labelsOrCount === 'number' ? labelsOrCount : listOf(labelsOrCount).length
  if (!Number.isSafeInteger(count) || count < 2) throw new ValueError(`there must be at least 2 items to split, got ${describe(count)}`, { op: 'trainTestSplit' })
  const testCount = countOf(options.testSize ?? 0.2, count)
  const order = drawOrder(count, checkSeed(options.seed, 'trainTestSplit'))
  const { stratify = false } = options
  const classes = stratify === false ? null : listOf(stratify === true ? labelsOrCount : stratify)
  if (classes !== null && classes.length !== count) {
    throw new ValueError(`there are ${count} items, but ${classes.length} labels to stratify by`, { op: 'trainTestSplit' })
  }
  // Without labels all items are of one class.
  const classOf = (i: number): unknown => classes?.[i]
  const wanted = quotas(order, classOf, testCount)
  const train: number[] = []
  const test: number[] = []
  for (const i of order) {
    const left = wanted.get(classOf(i))!
    if (left > 0) wanted.set(classOf(i), left - 1)
    ;(left > 0 ? test : train).push(i)
  }
  return { train, test }
}

function listOf(labels: Labels | number): ArrayLike<unknown> {
  if (Array.isArray(labels)) return labels
  if (!isNDArray(labels)) throw typeError(`labels are a vector or a list, got ${describe(labels)}`, { op: 'trainTestSplit' })
  if (labels.ndim === 1) return labels.toTypedArray()
  throw new ValueError(`labels are a vector, got shape ${formatShape(labels.shape)}`, { op: 'trainTestSplit', shapes: [labels.shape] })
}

function countOf(testSize: number, count: number): number {
  if (testSize > 0 && testSize < 1) return Math.min(Math.max(Math.round(testSize * count), 1), count - 1)
  if (Number.isInteger(testSize) && testSize >= 1 && testSize < count) return testSize
  throw new ValueError(`testSize must be a share between 0 and 1 or a number of items from 1 to ${count - 1}, got ${describe(testSize)}`, { op: 'trainTestSplit' })
}

/** How many test items each class gives. */
function quotas(order: Uint32Array, classOf: (i: number) => unknown, testCount: number): Map<unknown, number> {
  const sizes = new Map<unknown, number>()
  for (let i = 0; i < order.length; i++) sizes.set(classOf(i), (sizes.get(classOf(i)) ?? 0) + 1)
  // Whole numbers throughout, so that shares which should be equal are.
  const shares = [...sizes].map(([label, size]) => {
    const remainder = (size * testCount) % order.length
    return { label, remainder, whole: (size * testCount - remainder) / order.length }
  })
  let missing = testCount - shares.reduce((total, { whole }) => total + whole, 0)
  return new Map(shares.sort((a, b) => b.remainder - a.remainder).map(({ label, whole }) => [label, missing-- > 0 ? whole + 1 : whole]))
}
