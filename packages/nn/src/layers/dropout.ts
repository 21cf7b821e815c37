import type { NDArray } from '@ashlar/core'
import { ValueError, describe, formatShape, npx } from '@ashlar/core'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import { BLOCK_NAMES, pythonNumber } from './options.ts'

/** What {@link Dropout} takes beside its rate. */
export interface DropoutLayerOptions extends BlockOptions {
  /** Axes along which one decision stands for all elements. */
  readonly axes?: readonly number[]
}

/**
 * In training, sets each element to 0 with probability `rate` and divides the others by `1 - rate` (Srivastava et al.,
 * 2014); otherwise hands its input on. Decisions are drawn from the parallel stream of the input's context (N-05).
 *
 * @example
 * ```ts
 * import { autograd, np, npx, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Dropout } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new Dropout(0.5)
 * console.log(layer(np.ones([4])))
 * // array([1., 1., 1., 1.])
 * npx.random.seed(1)
 * console.log(autograd.trainMode(() => layer(np.ones([4]))).shape)
 * // [ 4 ]
 * ```
 */
export class Dropout extends HybridBlock {
  readonly #rate: number
  readonly #axes: readonly number[]

  /** @throws ValueError unless `0 <= rate < 1` and the axes are whole numbers */
  constructor(rate: number, options: DropoutLayerOptions = {}) {
    if (!(typeof rate === 'number' && rate >= 0 && rate < 1)) throw new ValueError(`rate is a number from 0 up to but without 1, got ${describe(rate)}`, { op: 'Dropout' })
    const axes = checkNames(options, [...BLOCK_NAMES, 'axes'], 'Dropout').axes ?? []
    if (!Array.isArray(axes) || !axes.every(axis => Number.isInteger(axis))) throw new ValueError(`axes are whole numbers, got ${describe(axes)}`, { op: 'Dropout' })
    super(options)
    this.#rate = rate
    this.#axes = [...axes] as number[]
  }

  override forward(x: NDArray): NDArray {
    return npx.dropout(x, this.#rate, { axes: this.#axes })
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return `${this.constructor.name}(p = ${pythonNumber(this.#rate)}, axes=${formatShape(this.#axes)})`
  }
}
