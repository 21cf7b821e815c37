import type { NDArray } from '@ashlar/core'
import { checkArray, np, npx, softmaxCrossEntropy } from '@ashlar/core'
import { markBuiltIn } from '../built-in.ts'
import type { LossOptions } from './loss.ts'
import { Loss } from './loss.ts'

/** What the cross entropy of a softmax takes. */
export interface SoftmaxCrossEntropyOptions extends LossOptions {
  /** The axis of the classes (default the last). */
  readonly axis?: number
  /** Labels are class numbers (default); otherwise probabilities of the predictions' shape. */
  readonly sparseLabel?: boolean
  /** Predictions are log-probabilities already. */
  readonly fromLogits?: boolean
}

/** Log-probabilities to multiply by labels: where a class has no probability and no label asks for it, 0 · -∞ is to be 0. */
function weighable(logProbability: NDArray, label: NDArray): NDArray {
  return np.where(np.logicalAnd(label.eq(0), logProbability.eq(-Infinity)), 0, logProbability)
}

/**
 * Softmax and cross entropy in one: `-log softmax(pred)[label]`, or `-Σ label · log softmax(pred)` for dense labels.
 *
 * Predictions of shape (N, classes) and labels of shape (N,) give a loss of shape (N,).
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { SoftmaxCrossEntropyLoss } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const loss = new SoftmaxCrossEntropyLoss()
 * console.log(loss(np.array([[0, 0], [0, 0]]), np.array([0, 1])))
 * // array([0.6931472, 0.6931472])
 * ```
 */
export class SoftmaxCrossEntropyLoss extends Loss {
  readonly #axis: number
  readonly #sparse: boolean
  readonly #fromLogits: boolean

  constructor(options: SoftmaxCrossEntropyOptions = {}) {
    super(options)
    this.#axis = options.axis ?? -1
    this.#sparse = options.sparseLabel ?? true
    this.#fromLogits = options.fromLogits ?? false
  }

  static {
    markBuiltIn(this.prototype)
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const rank = checkArray(pred, this.constructor.name).ndim
    if (this.#sparse && !this.#fromLogits && (this.#axis === -1 || this.#axis === rank - 1)) {
      // One value for each sample already: nothing to weigh by a shape, no mean to take.
      const plain = sampleWeight === null && rank === 2 && this.batchAxis === 0
      return this.finish(softmaxCrossEntropy(pred, label, { keepdims: !plain }), sampleWeight)
    }
    const logits = this.#fromLogits ? pred : npx.logSoftmax(pred, { axis: this.#axis })
    const likely = this.#sparse ? npx.pick(logits, label, { axis: this.#axis, keepdims: true }) : this.#expected(logits, this.shapedLike(label, logits))
    return this.finish(likely.neg(), sampleWeight)
  }

  #expected(logits: NDArray, label: NDArray): NDArray {
    return weighable(logits, label).mul(label).sum({ axis: this.#axis, keepdims: true })
  }
}

/** The short name of {@link SoftmaxCrossEntropyLoss}. */
export const SoftmaxCELoss: typeof SoftmaxCrossEntropyLoss = SoftmaxCrossEntropyLoss
/** The short name of {@link SoftmaxCrossEntropyLoss}. */
export type SoftmaxCELoss = SoftmaxCrossEntropyLoss

/** What a Kullback-Leibler divergence takes. */
export interface KLDivLossOptions extends LossOptions {
  /** Predictions are log-probabilities already (default); otherwise a softmax comes first. */
  readonly fromLogits?: boolean
  /** The axis of that softmax (default the last). */
  readonly axis?: number
}

/** Keeps the logarithm of a label of 0 finite. */
const EPSILON = 1e-12

/**
 * The Kullback-Leibler divergence of predictions from labels, both distributions of one shape (N, …): the mean, not the sum, of
 * `label · (log(label + 1e-12) - pred)` over all axes but the batch axis, so (N,).
 */
export class KLDivLoss extends Loss {
  readonly #fromLogits: boolean
  readonly #axis: number

  constructor(options: KLDivLossOptions = {}) {
    super(options)
    this.#fromLogits = options.fromLogits ?? true
    this.#axis = options.axis ?? -1
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const logits = this.#fromLogits ? pred : npx.logSoftmax(pred, { axis: this.#axis })
    return this.finish(divergence(this.shapedLike(label, logits), logits), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** `label · (log(label + 1e-12) - log p)`, element by element. */
export function divergence(label: NDArray, logProbability: NDArray): NDArray {
  return label.mul(np.log(label.add(EPSILON)).sub(weighable(logProbability, label)))
}
