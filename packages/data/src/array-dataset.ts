import type { NDArray } from '@ashlar/core'
import { array, describe, internal, isNDArray, take, typeError } from '@ashlar/core'
import type { Batch } from './batchify.ts'
import { batchify } from './batchify.ts'
import { BaseDataset, checkIndex, checkLengths } from './dataset.ts'

/** One part of all items: the rows of an array along its first axis, or the elements of a list. */
export type Column = NDArray | readonly unknown[]

type Element<C> = C extends NDArray ? NDArray : C extends readonly (infer T)[] ? T : never

/** An item of an ArrayDataset: of one column its element, of more columns a list of theirs. */
export type ItemOf<C extends readonly Column[]> = C extends readonly [infer One] ? Element<One> : { -readonly [K in keyof C]: Element<C[K]> }

/**
 * Items from one or more columns of one length: item `i` holds entry `i` of each. A batch is taken from each array at
 * once, not row by row.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { ArrayDataset } from '@ashlar/data'
 *
 * registerBackend(cpuBackend())
 * const dataset = new ArrayDataset(np.arange(6).reshape(3, 2), ['a', 'b', 'c'])
 * console.log(dataset.length, dataset.get(1))
 * // 3 [ array([2., 3.]), 'b' ]
 * ```
 */
export class ArrayDataset<C extends readonly [Column, ...Column[]]> extends BaseDataset<ItemOf<C>> {
  readonly length: number
  readonly #columns: C

  /**
   * @throws AssertionError `All arrays must have the same length` where they have not, or for no arrays at all; TypeError for
   *   anything but arrays with at least one axis and lists
   */
  constructor(...columns: C) {
    super()
    this.length = checkLengths(columns.map(lengthOf))
    this.#columns = columns
  }

  /** @throws IndexError for a position that is not there */
  get(index: number): ItemOf<C> {
    checkIndex(index, this.length, 'ArrayDataset.get')
    const parts = this.#columns.map(column => (isNDArray(column) ? column.get(index) : column[index]))
    return (parts.length === 1 ? parts[0] : parts) as ItemOf<C>
  }

  /** The items at `indices` as one batch: an array for each column, or the array itself where there is one column. */
  override getBatch(indices: readonly number[]): Batch<ItemOf<C>> {
    for (const index of indices) checkIndex(index, this.length, 'ArrayDataset.getBatch')
    const parts = this.#columns.map(column => gather(column, indices))
    return (parts.length === 1 ? parts[0] : parts) as Batch<ItemOf<C>>
  }
}

function lengthOf(column: unknown, i: number): number {
  if (Array.isArray(column) || (isNDArray(column) && column.ndim > 0)) return column.length
  throw typeError(`a column is an array with at least one axis, or a list; column ${i} is ${isNDArray(column) ? 'a scalar' : describe(column)}`, { op: 'ArrayDataset' })
}

function gather(column: Column, indices: readonly number[]): unknown {
  if (!isNDArray(column)) return batchify(indices.map(i => column[i]))
  return internal(() => take(column, array(Int32Array.from(indices), { ctx: column.context }), { axis: 0 }))
}
