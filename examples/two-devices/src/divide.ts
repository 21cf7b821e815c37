import { setImmediate } from 'node:timers/promises'
import type { Context, NDArray } from '@ashlar/core'
import { np, scope } from '@ashlar/core'
import { splitAndLoad, splitData } from '@ashlar/device'

/** `AᵀA` of one matrix, of shape (columns, columns). */
export function gram(matrix: NDArray): NDArray {
  return np.matmul(matrix, matrix, { transposeA: true })
}

/** What came of dividing the work. */
export interface Divided {
  /** How many rows each device had. */
  readonly rows: readonly number[]
  /** The sum of all parts, on the first device. */
  readonly total: NDArray
  /** The trace of each device's own sum. */
  readonly traces: readonly number[]
}

/**
 * `AᵀA` by parts: the rows of A go to the devices, each device multiplies its rows in some products and adds these up, and
 * the sums are copied to the first device.
 *
 * @param matrix shape (rows, columns), on the host; at least one row for each device
 * @param products into how many products a device divides its rows, as far as it has as many
 * @throws the signal's reason where it was aborted between two products
 */
export async function divide(matrix: NDArray, contexts: readonly Context[], products: number, signal: AbortSignal): Promise<Divided> {
  const parts = splitAndLoad(matrix, contexts, { evenSplit: false })
  const pieces = parts.map(part => splitData(part, products, { evenSplit: false }))
  const columns = matrix.shape[1]!
  const sums = parts.map(part => np.zeros([columns, columns], { ctx: part.context }))
  for (let round = 0; round < products; round++) {
    // No device waits for another one: all get their next product, and where a real GPU only takes orders, all work at once.
    pieces.forEach((own, device) => {
      if (round < own.length) scope(() => sums[device]!.iadd(gram(own[round]!)))
    })
    // Ctrl-C gets its turn here.
    await setImmediate()
    signal.throwIfAborted()
  }
  const traces = sums.map(sum => scope(() => np.trace(sum)))
  const total = scope(() => sums.reduce((sum, own) => sum.add(own.copyto(contexts[0]!))))
  // All reads are asked for at once, and each comes when its device is ready.
  return { rows: parts.map(part => part.shape[0]!), total, traces: await Promise.all(traces.map(trace => trace.itemAsync())) }
}

/** The largest difference of two lists relative to the second one. */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Array.from(found).reduce((most, value, i) => (value === expected[i]! ? most : Math.max(most, Math.abs(value / expected[i]! - 1))), 0)
}
