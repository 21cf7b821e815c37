import type { NDArray } from '@ashlar/core'
import { AssertionError, ValueError, broadcastShapes, checkArray, checkAxis, describe, formatShape, np, sameShape, typeError } from '@ashlar/core'
import type { BlockOptions } from '../block.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { pythonFloat } from '../python-float.ts'

/** What every loss takes. */
export interface LossOptions extends BlockOptions {
  /** Multiplies the loss. */
  readonly weight?: number | null
  /** The axis that counts samples (default 0). */
  readonly batchAxis?: number
}

/**
 * The base of losses: each gives one value for each sample, the mean over all axes but the batch axis. A sample weight multiplies the
 * loss before the mean and broadcasts to its shape.
 */
export abstract class Loss extends HybridBlock {
  protected readonly weight: number | null
  protected readonly batchAxis: number

  /** @throws AssertionError `weight must be a number`, TypeError for a batch axis that is no whole number */
  constructor(options: LossOptions = {}, defaultWeight: number | null = null) {
    super(options)
    const { weight = defaultWeight, batchAxis = 0 } = options
    if (weight !== null && typeof weight !== 'number') throw new AssertionError(`weight must be a number, got ${describe(weight)}`, { op: new.target.name })
    if (!Number.isInteger(batchAxis)) throw typeError(`batchAxis is a whole number, got ${describe(batchAxis)}`, { op: new.target.name })
    this.weight = weight
    this.batchAxis = batchAxis
  }

  /** Applies both weights. `sampleWeight` broadcasts to the loss, or has one entry for each of its entries. */
  protected weigh(loss: NDArray, sampleWeight: NDArray | null, weight: number | null = this.weight): NDArray {
    const value = sampleWeight === null ? loss : loss.mul(this.fitted(sampleWeight, loss))
    return weight === null ? value : value.mul(weight)
  }

  /** Applies both weights and takes the mean over all axes but the batch axis. */
  protected finish(loss: NDArray, sampleWeight: NDArray | null, weight: number | null = this.weight): NDArray {
    return this.perSample(this.weigh(loss, sampleWeight, weight), np.mean)
  }

  /** Reduces all axes but the batch axis; a single axis stays as it is. */
  protected perSample(x: NDArray, reduce: (x: NDArray, options: { readonly axis: number[] }) => NDArray): NDArray {
    if (x.ndim === 0) return x
    const batchAxis = checkAxis(this.batchAxis, x.ndim, this.constructor.name)
    const axis = [...x.shape.keys()].filter(each => each !== batchAxis)
    return axis.length === 0 ? x : reduce(x, { axis })
  }

  /** An array with one entry for each entry of another, in that one's shape. */
  protected shapedLike(label: NDArray, pred: NDArray): NDArray {
    const op = this.constructor.name
    if (sameShape(checkArray(label, op).shape, checkArray(pred, op).shape)) return label
    if (label.size === pred.size) return label.reshape(pred.shape)
    throw new ValueError(`labels of shape ${formatShape(label.shape)} do not fit predictions of shape ${formatShape(pred.shape)}`, {
      op, shapes: [pred.shape, label.shape], hint: 'give one for each prediction',
    })
  }

  /** Weights (N,) beside a loss (N, 1) would make a loss (N, N) of it, and no error. */
  private fitted(weights: NDArray, loss: NDArray): NDArray {
    const op = this.constructor.name
    const extents = (x: NDArray): number[] => x.shape.filter(n => n !== 1)
    if (sameShape(extents(checkArray(weights, op)), extents(loss))) return weights.reshape(loss.shape)
    if (sameShape(broadcastShapes(loss.shape, weights.shape, op), loss.shape)) return weights
    throw new ValueError(`sample weights of shape ${formatShape(weights.shape)} do not fit a loss of shape ${formatShape(loss.shape)}`, {
      op, shapes: [loss.shape, weights.shape], hint: 'they broadcast to it: a weight for each sample has shape (N, 1)',
    })
  }

  override toString(): string {
    return `${this.constructor.name}(batch_axis=${this.batchAxis}, w=${this.weight === null ? 'None' : pythonFloat(this.weight)})`
  }
}

/**
 * Checks that an option is a number.
 *
 * @throws TypeError
 */
export function checkNumber(value: unknown, name: string, op: string): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  throw typeError(`${name} is a number, got ${describe(value)}`, { op })
}
