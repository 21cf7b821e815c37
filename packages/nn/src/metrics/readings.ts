import type { NDArray } from '@ashlar/core'
import { NotImplementedError, autograd, isNDArray, keep, np } from '@ashlar/core'

/** Who takes rows. */
export interface Reader {
  /** Throws for a row that is no result. */
  check(row: readonly number[]): void
  absorb(row: readonly number[]): void
}

/** Rows of numbers: an array (rows, width) on its device, or a single row that is known already. */
export type Table = NDArray | readonly number[]

/** How many small tables wait before they become one, so that reading them takes few transfers. */
const BUNDLE = 64

/** Tables of numbers (rows, width) that wait on their devices to be read. They outlive any `scope`. */
export class Readings {
  #tables = new Set<NDArray>()
  #small: NDArray[] = []
  #reading = 0

  /** Reads what lies in host memory, and returns a function that takes all tables in. */
  prepare(tables: readonly Table[], { check, absorb }: Reader): () => void {
    const rows: (readonly number[])[] = []
    const far: NDArray[] = []
    for (const table of tables) {
      if (!isNDArray(table)) rows.push(table)
      else if (table.device.capabilities.hostMemory !== true) far.push(table)
      else {
        rows.push(...rowsOf(table, table.toTypedArray()))
        table.dispose()
      }
    }
    rows.forEach(row => check(row))
    return () => {
      rows.forEach(row => absorb(row))
      for (const table of far) this.#add(keep(table))
    }
  }

  #add(table: NDArray): void {
    this.#tables.add(table)
    this.#small.push(table)
    // While they are being read they stay as they are.
    if (this.#small.length < BUNDLE || this.#reading > 0) return
    const bundles = new Map<string, NDArray[]>()
    for (const each of this.#small) {
      const key = `${each.context} ${each.dtype}`
      if (this.#tables.has(each)) bundles.set(key, [...(bundles.get(key) ?? []), each])
    }
    this.#small = []
    for (const bundle of bundles.values()) {
      this.#tables.add(keep(autograd.pause(() => np.concatenate(bundle))))
      for (const each of bundle) this.#drop(each)
    }
  }

  #drop(table: NDArray): void {
    this.#tables.delete(table)
    table.dispose()
  }

  /** @throws NotImplementedError where a device cannot be read synchronously; all stays as it was then */
  read(reader: Reader, op: string): void {
    const far = [...this.#tables].find(table => !table.device.capabilities.syncRead)
    if (far !== undefined) throw new NotImplementedError(`results on ${far.context} cannot be read synchronously`, { op, hint: 'use await metric.getAsync()' })
    for (const table of this.#tables) this.#take(table, table.toTypedArray(), reader)
  }

  async readAsync(reader: Reader): Promise<void> {
    const tables = [...this.#tables]
    this.#reading++
    try {
      const data = await Promise.all(tables.map(table => table.toTypedArrayAsync()))
      // What was forgotten or read in the meantime is not counted again.
      tables.forEach((table, i) => { if (this.#tables.has(table)) this.#take(table, data[i]!, reader) })
    } finally {
      this.#reading--
    }
  }

  #take(table: NDArray, data: ArrayLike<number | bigint>, { check, absorb }: Reader): void {
    const rows = rowsOf(table, data)
    this.#drop(table)
    rows.forEach(row => check(row))
    rows.forEach(row => absorb(row))
  }

  clear(): void {
    for (const table of this.#tables) this.#drop(table)
    this.#small = []
  }
}

function rowsOf(table: NDArray, data: ArrayLike<number | bigint>): number[][] {
  const [rows, width] = table.shape as [number, number]
  return Array.from({ length: rows }, (_, i) => Array.from({ length: width }, (__, j) => Number(data[i * width + j])))
}
