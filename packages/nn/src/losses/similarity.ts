import type { NDArray } from '@ashlar/core'
import { ValueError, checkArray, formatShape, np, npx, sameShape } from '@ashlar/core'
import { markBuiltIn } from '../built-in.ts'
import type { LossOptions } from './loss.ts'
import { Loss, checkNumber } from './loss.ts'
import { divergence } from './softmax.ts'

/** What a triplet loss takes. */
export interface TripletLossOptions extends LossOptions {
  /** How much farther away the negative example has to be (default 1). */
  readonly margin?: number
}

/**
 * `max(0, |positive - pred|² - |negative - pred|² + margin)`, with the sums over all axes but the batch axis. All three have one
 * shape (N, …); the loss is (N,).
 */
export class TripletLoss extends Loss {
  readonly #margin: number

  constructor(options: TripletLossOptions = {}) {
    super(options)
    this.#margin = checkNumber(options.margin ?? 1, 'margin', 'TripletLoss')
  }

  override forward(pred: NDArray, positive: NDArray, negative: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const apart = (other: NDArray): NDArray => np.square(this.shapedLike(other, pred).sub(pred))
    const farther = this.perSample(apart(positive).sub(apart(negative)), np.sum)
    return this.weigh(npx.relu(farther.add(this.#margin)), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** What a cosine embedding loss takes. */
export interface CosineEmbeddingLossOptions extends LossOptions {
  /** How similar vectors that should differ may be at no cost (default 0). */
  readonly margin?: number
}

/**
 * `1 - cos(a, b)` for pairs labelled 1, `max(0, cos(a, b) - margin)` for those labelled -1. Vectors lie on the last axis, (N, …, D); the
 * loss is (N,). A vector of zeros is similar to nothing, and has no gradient.
 */
export class CosineEmbeddingLoss extends Loss {
  readonly #margin: number

  constructor(options: CosineEmbeddingLossOptions = {}) {
    super(options)
    this.#margin = checkNumber(options.margin ?? 0, 'margin', 'CosineEmbeddingLoss')
  }

  override forward(first: NDArray, second: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const cosine = similarity(this.shapedLike(first, second), second)
    const loss = np.where(this.shapedLike(label, cosine).eq(1), cosine.neg().add(1), npx.relu(cosine.sub(this.#margin)))
    return this.finish(loss, sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** The cosine of the angle between vectors on the last axis, which stays with an extent of 1. */
function similarity(a: NDArray, b: NDArray): NDArray {
  const last = { axis: -1, keepdims: true }
  const lengths = a.norm(last).mul(b.norm(last))
  const none = lengths.eq(0)
  return np.where(none, 0, a.mul(b).sum(last).div(np.where(none, 1, lengths)))
}

/** What a smoothed deep metric learning loss takes. */
export interface SDMLLossOptions extends LossOptions {
  /** The probability that is spread over the pairs that do not belong together (default 0.3). */
  readonly smoothingParameter?: number
}

/**
 * Smoothed deep metric learning: row i of one batch belongs to row i of the other, and to no other row. It is the Kullback-Leibler
 * divergence of `softmax(-|x_i - y_j|²)` over j from smoothed pairs (Bonadiman et al., 2019). Two arrays (N, D), N above 1, give (N,).
 */
export class SDMLLoss extends Loss {
  readonly #smoothing: number

  /** @throws ValueError unless the smoothing is from 0 to 1 */
  constructor(options: SDMLLossOptions = {}) {
    super(options, 1)
    this.#smoothing = checkNumber(options.smoothingParameter ?? 0.3, 'smoothingParameter', 'SDMLLoss')
    if (!(this.#smoothing >= 0 && this.#smoothing <= 1)) throw new ValueError(`smoothingParameter is from 0 to 1, got ${this.#smoothing}`, { op: 'SDMLLoss' })
  }

  override forward(first: NDArray, second: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const [a, b] = [checkArray(first, 'SDMLLoss'), checkArray(second, 'SDMLLoss')]
    if (a.ndim !== 2 || !sameShape(a.shape, b.shape) || a.shape[0]! < 2) {
      throw new ValueError(`two batches of one shape (N, D) with at least two pairs are needed, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`, {
        op: 'SDMLLoss', shapes: [a.shape, b.shape],
      })
    }
    const distances = np.square(a.expandDims(1).sub(b.expandDims(0))).sum({ axis: 2 })
    const loss = divergence(this.#pairs(a), npx.logSoftmax(distances.neg(), { axis: 1 })).sum({ axis: 1 })
    return this.weigh(loss, sampleWeight)
  }

  /** How much each row belongs to each. */
  #pairs(beside: NDArray): NDArray {
    const count = beside.shape[0]!
    const others = this.#smoothing / (count - 1)
    return np.eye(count, count, 0, { ctx: beside.context }).mul(1 - this.#smoothing - others).add(others)
  }

  static {
    markBuiltIn(this.prototype)
  }
}
