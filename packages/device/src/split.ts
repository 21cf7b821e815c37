import type { Context, NDArray } from '@ashlar/core'
import { ValueError, array, checkAxis, formatShape, isNDArray } from '@ashlar/core'
import type { ArrayLikeInput } from '@ashlar/core'

/** How a batch is divided. */
export interface SplitOptions {
  /** The axis that counts samples (default 0). */
  readonly batchAxis?: number
  /** Refuse to divide unevenly (default); otherwise the last slice takes what is left over. */
  readonly evenSplit?: boolean
}

/**
 * Cuts an array into `count` slices along the batch axis; with fewer samples than slices, into fewer.
 *
 * @throws ValueError where it cannot be divided evenly and `evenSplit` is on
 */
export function splitData(data: NDArray, count: number, options: SplitOptions = {}): NDArray[] {
  const axis = checkAxis(options.batchAxis ?? 0, data.ndim, 'splitData')
  if (!Number.isInteger(count) || count < 1) throw new ValueError(`the number of slices is a whole number from 1, got ${count}`, { op: 'splitData' })
  const size = data.shape[axis]!
  const even = options.evenSplit ?? true
  if (even && size % count !== 0) {
    throw new ValueError(
      `data with shape ${formatShape(data.shape)} cannot be evenly split into ${count} slices along axis ${axis}. `
      + `Use a batch size that's multiple of ${count} or set even_split=False to allow uneven partitioning of data.`,
      { shapes: [data.shape] },
    )
  }
  const slices = even ? count : Math.max(Math.min(count, size), 1)
  const step = Math.floor(size / slices)
  const whole = Array.from({ length: axis }, () => ':')
  return Array.from({ length: slices }, (_, i) => data.get(...whole, `${i * step}:${i === slices - 1 ? size : (i + 1) * step}`))
}

/**
 * Cuts an array as {@link splitData} does and copies each slice to its context.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { gpu, simulatedGpus, splitAndLoad } from '@ashlar/device'
 *
 * registerBackend(cpuBackend())
 * registerBackend(simulatedGpus(2, { backend: cpuBackend() }))
 * for (const part of splitAndLoad(np.arange(4), [gpu(0), gpu(1)])) console.log(part)
 * // array([0., 1.], ctx=gpu(0))
 * // array([2., 3.], ctx=gpu(1))
 * ```
 */
export function splitAndLoad(data: ArrayLikeInput, contexts: readonly Context[], options: SplitOptions = {}): NDArray[] {
  const whole = isNDArray(data) ? data : array(data)
  if (contexts.length === 1) return [whole.asInContext(contexts[0]!)]
  return splitData(whole, contexts.length, options).map((part, i) => part.asInContext(contexts[i]!))
}
