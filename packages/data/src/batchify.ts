import type { NDArray, TypedArray } from '@ashlar/core'
import { ValueError, array, describe, formatShape, internal, isNDArray, sameShape, stack, typeError } from '@ashlar/core'

/** What a batch of items is: arrays and numbers become one array; lists become a list of batches, one for each part. */
export type Batch<T> = T extends NDArray | number | bigint | boolean | TypedArray ? NDArray
  : T extends readonly unknown[] ? { -readonly [K in keyof T]: Batch<T[K]> }
  : never

/**
 * Makes one batch of items: arrays of one shape are stacked along a new first axis, numbers become an array (float32;
 * booleans bool, `bigint` int64), typed arrays become rows of their dtype, and items that are lists are batched part by part, `[x, y]` to `[xs, ys]`.
 *
 * @throws ValueError for no items, or items of different shapes or lengths; TypeError for items of any other kind
 * @example
 * ```ts
 * import { array, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { batchify } from '@ashlar/data'
 *
 * registerBackend(cpuBackend())
 * console.log(batchify([[array([1, 2]), 0], [array([3, 4]), 1]]))
 * // [
 * //   array([[1., 2.],
 * //          [3., 4.]]),
 * //   array([0., 1.])
 * // ]
 * ```
 */
export function batchify<const T>(items: readonly T[]): Batch<T> {
  return internal(() => join(items)) as Batch<T>
}

function join(items: readonly unknown[]): unknown {
  const [first] = items
  if (items.length === 0) throw new ValueError('there are no items to make a batch of', { op: 'batchify' })
  if (Array.isArray(first)) return joinParts(items, first.length)
  if (isNDArray(first)) return joinArrays(items.map((item, i) => (isNDArray(item) ? item : mixed(first, item, i))))
  if (ArrayBuffer.isView(first) && !(first instanceof DataView)) {
    return joinArrays(items.map((item, i) => (ArrayBuffer.isView(item) ? array(item as TypedArray) : mixed(first, item, i))))
  }
  return joinNumbers(items)
}

function joinParts(items: readonly unknown[], count: number): unknown[] {
  const lists = items.map((item, i) => {
    if (Array.isArray(item) && item.length === count) return item as unknown[]
    throw new ValueError(`items are lists of ${count} parts, but item ${i} of the batch ${Array.isArray(item) ? `has ${item.length}` : `is ${describe(item)}`}`, { op: 'batchify' })
  })
  return Array.from({ length: count }, (_, part) => join(lists.map(list => list[part])))
}

function joinArrays(items: readonly NDArray[]): NDArray {
  items.forEach((item, i) => {
    if (sameShape(item.shape, items[0]!.shape)) return
    throw new ValueError(`items have shape ${formatShape(items[0]!.shape)}, but item ${i} of the batch has ${formatShape(item.shape)}`, {
      op: 'batchify',
      shapes: [items[0]!.shape, item.shape],
      hint: 'pass a batchify function that pads them',
    })
  })
  return stack(items)
}

function joinNumbers(items: readonly unknown[]): NDArray {
  const kind = typeof items[0]
  if (kind !== 'number' && kind !== 'boolean' && kind !== 'bigint') {
    throw typeError(`no batch can be made of ${describe(items[0])}`, { op: 'batchify', hint: 'pass a batchify function to the loader' })
  }
  for (const [i, item] of items.entries()) if (typeof item !== kind) mixed(items[0], item, i)
  return array(items as number[], { dtype: kind === 'boolean' ? 'bool' : kind === 'bigint' ? 'int64' : 'float32' })
}

function mixed(first: unknown, item: unknown, i: number): never {
  throw typeError(`items are of different kinds: the first is ${describe(first)}, item ${i} of the batch is ${describe(item)}`, { op: 'batchify' })
}
