import type { NDArray } from '@ashlar/core'
import { AssertionError, checkAxis, np, npx } from '@ashlar/core'
import type { BlockOptions } from './block.ts'
import { Block } from './block.ts'
import { markBuiltIn } from './built-in.ts'

/** What every loss takes. */
export interface LossOptions extends BlockOptions {
  /** Multiplies the loss. */
  readonly weight?: number | null
  /** The axis that counts samples (default 0). */
  readonly batchAxis?: number
}

/** The base of losses: each gives one value for each sample, the mean over all axes but the batch axis. */
export abstract class Loss extends Block {
  protected readonly weight: number | null
  protected readonly batchAxis: number

  /** @throws AssertionError `weight must be a number` */
  constructor(options: LossOptions = {}) {
    super(options)
    const weight = options.weight ?? null
    if (weight !== null && typeof weight !== 'number') throw new AssertionError('weight must be a number', { op: new.target.name })
    this.weight = weight
    this.batchAxis = options.batchAxis ?? 0
  }

  /** Applies both weights and takes the mean. `sampleWeight` broadcasts. */
  protected finish(loss: NDArray, sampleWeight: NDArray | null): NDArray {
    let value = sampleWeight === null ? loss : loss.mul(sampleWeight)
    if (this.weight !== null) value = value.mul(this.weight)
    const batchAxis = checkAxis(this.batchAxis, value.ndim, this.constructor.name)
    const axes = [...value.shape.keys()].filter(axis => axis !== batchAxis)
    return axes.length === 0 ? value : np.mean(value, { axis: axes })
  }

  override toString(): string {
    return `${this.constructor.name}(batch_axis=${this.batchAxis}, w=${this.weight ?? 'None'})`
  }
}

/** What the cross entropy of a softmax takes. */
export interface SoftmaxCrossEntropyOptions extends LossOptions {
  /** The axis of the classes (default the last). */
  readonly axis?: number
  /** Labels are class numbers (default); otherwise probabilities of the predictions' shape. */
  readonly sparseLabel?: boolean
  /** Predictions are log-probabilities already. */
  readonly fromLogits?: boolean
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
    const logits = this.#fromLogits ? pred : npx.logSoftmax(pred, { axis: this.#axis })
    const loss = this.#sparse
      ? npx.pick(logits, label, { axis: this.#axis, keepdims: true }).neg()
      : logits.mul(label.reshape(logits.shape)).sum({ axis: this.#axis, keepdims: true }).neg()
    return this.finish(loss, sampleWeight)
  }
}

/** The short name of {@link SoftmaxCrossEntropyLoss}. */
export const SoftmaxCELoss: typeof SoftmaxCrossEntropyLoss = SoftmaxCrossEntropyLoss
/** The short name of {@link SoftmaxCrossEntropyLoss}. */
export type SoftmaxCELoss = SoftmaxCrossEntropyLoss
