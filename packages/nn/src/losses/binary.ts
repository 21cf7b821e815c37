import type { NDArray } from '@ashlar/core'
import { ValueError, describe, np, npx } from '@ashlar/core'
import { markBuiltIn } from '../built-in.ts'
import type { LossOptions } from './loss.ts'
import { Loss, checkNumber } from './loss.ts'

/** What the cross entropy of a sigmoid takes. */
export interface SigmoidBinaryCrossEntropyOptions extends LossOptions {
  /** Predictions are probabilities already. */
  readonly fromSigmoid?: boolean
}

/** Keeps the logarithm of a probability of 0 finite. */
const EPSILON = 1e-12

/** `max(x, 0) - x z + log(1 + exp(-|x|))`: no exponential overflows, and nothing cancels where x and z agree. */
function crossEntropy(x: NDArray, z: NDArray): NDArray {
  // maximum and abs share their kink at 0 so that the gradient there is sigmoid(0) - z, as everywhere.
  return np.maximum(x, 0).sub(x.mul(z)).add(npx.softplus(x.abs().neg()))
}

/**
 * Sigmoid and binary cross entropy in one: `-z log σ(x) - (1 - z) log(1 - σ(x))`. `posWeight` multiplies the first term, and broadcasts
 * to the predictions. Labels are brought to the shape of the predictions (N, …); the loss is (N,).
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { SigmoidBCELoss } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * console.log(new SigmoidBCELoss()(np.array([[0], [3], [3]]), np.array([1, 1, 0])))
 * // array([0.6931472 , 0.04858735, 3.0485873 ])
 * ```
 */
export class SigmoidBinaryCrossEntropyLoss extends Loss {
  readonly #fromSigmoid: boolean

  constructor(options: SigmoidBinaryCrossEntropyOptions = {}) {
    super(options)
    this.#fromSigmoid = options.fromSigmoid ?? false
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null, posWeight: NDArray | null = null): NDArray {
    const z = this.shapedLike(label, pred)
    return this.finish(this.#fromSigmoid ? ofProbability(pred, z, posWeight) : ofLogit(pred, z, posWeight), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

function ofLogit(x: NDArray, z: NDArray, posWeight: NDArray | null): NDArray {
  if (posWeight === null) return crossEntropy(x, z)
  return npx.softplus(x).mul(z.neg().add(1)).add(npx.softplus(x.neg()).mul(z).mul(posWeight))
}

function ofProbability(p: NDArray, z: NDArray, posWeight: NDArray | null): NDArray {
  const hit = np.log(p.add(EPSILON)).mul(z)
  // Added last: beside 1 it would be lost.
  const miss = np.log(p.neg().add(1).add(EPSILON)).mul(z.neg().add(1))
  return (posWeight === null ? hit : hit.mul(posWeight)).add(miss).neg()
}

/** The short name of {@link SigmoidBinaryCrossEntropyLoss}. */
export const SigmoidBCELoss: typeof SigmoidBinaryCrossEntropyLoss = SigmoidBinaryCrossEntropyLoss
/** The short name of {@link SigmoidBinaryCrossEntropyLoss}. */
export type SigmoidBCELoss = SigmoidBinaryCrossEntropyLoss

/** What a logistic loss takes. */
export interface LogisticLossOptions extends LossOptions {
  /** Labels are -1 and 1 (`'signed'`, the default) or 0 and 1 (`'binary'`). */
  readonly labelFormat?: 'signed' | 'binary'
}

/** `log(1 + exp(-pred · label))` for labels of -1 and 1. They are brought to the shape of the predictions (N, …); the loss is (N,). */
export class LogisticLoss extends Loss {
  readonly #signed: boolean

  /** @throws ValueError `label_format can only be signed or binary` */
  constructor(options: LogisticLossOptions = {}) {
    super(options)
    const { labelFormat = 'signed' } = options
    if (labelFormat !== 'signed' && labelFormat !== 'binary') {
      throw new ValueError(`label_format can only be signed or binary, received ${describe(labelFormat)}`, { op: 'LogisticLoss' })
    }
    this.#signed = labelFormat === 'signed'
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const z = this.shapedLike(label, pred)
    return this.finish(crossEntropy(pred, this.#signed ? z.add(1).div(2) : z), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** What the hinge losses take. */
export interface HingeLossOptions extends LossOptions {
  /** How far on the right side a prediction has to be to cost nothing (default 1). */
  readonly margin?: number
}

/** `max(0, margin - pred · label)` for labels of -1 and 1. They are brought to the shape of the predictions (N, …); the loss is (N,). */
export class HingeLoss extends Loss {
  readonly #margin: number

  constructor(options: HingeLossOptions = {}) {
    super(options)
    this.#margin = checkNumber(options.margin ?? 1, 'margin', new.target.name)
  }

  /** How far each prediction falls short of the margin. */
  protected shortfall(pred: NDArray, label: NDArray): NDArray {
    return npx.relu(pred.mul(this.shapedLike(label, pred)).neg().add(this.#margin))
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    return this.finish(this.shortfall(pred, label), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** The square of what {@link HingeLoss} gives for each prediction. */
export class SquaredHingeLoss extends HingeLoss {
  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    return this.finish(np.square(this.shortfall(pred, label)), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}
