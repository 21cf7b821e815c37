import type { NDArray } from '@ashlar/core'
import { ValueError, np } from '@ashlar/core'
import { markBuiltIn } from '../built-in.ts'
import type { LossOptions } from './loss.ts'
import { Loss, checkNumber } from './loss.ts'

/**
 * Half the squared distance: `weight / 2 · (label - pred)²`, with a weight of 1 by default. Labels are brought to the shape of the
 * predictions (N, …); the loss is (N,).
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { L2Loss } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * console.log(new L2Loss()(np.array([[1, 2], [3, 4]]), np.array([[1, 0], [3, 8]])))
 * // array([1., 4.])
 * ```
 */
export class L2Loss extends Loss {
  constructor(options: LossOptions = {}) {
    super(options, 1)
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const distance = this.shapedLike(label, pred).sub(pred)
    return this.finish(np.square(distance), sampleWeight, (this.weight ?? 1) / 2)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** The distance `|label - pred|`. Labels are brought to the shape of the predictions (N, …); the loss is (N,). */
export class L1Loss extends Loss {
  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    return this.finish(this.shapedLike(label, pred).sub(pred).abs(), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** What a Huber loss takes. */
export interface HuberLossOptions extends LossOptions {
  /** The distance where the loss turns from a parabola to a line (default 1). */
  readonly rho?: number
}

/**
 * `(label - pred)² / (2 rho)` up to a distance of `rho`, `|label - pred| - rho / 2` beyond: outliers pull no harder than others.
 * Labels are brought to the shape of the predictions (N, …); the loss is (N,).
 */
export class HuberLoss extends Loss {
  readonly #rho: number

  /** @throws ValueError unless `rho` is above 0 */
  constructor(options: HuberLossOptions = {}) {
    super(options)
    this.#rho = checkNumber(options.rho ?? 1, 'rho', 'HuberLoss')
    if (!(this.#rho > 0)) throw new ValueError(`rho is above 0, got ${this.#rho}`, { op: 'HuberLoss' })
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const distance = this.shapedLike(label, pred).sub(pred).abs()
    const near = np.minimum(distance, this.#rho)
    // One expression for both parts, so that no square of a far distance overflows, nor spoils the gradient.
    return this.finish(near.mul(distance.sub(near.mul(0.5))).div(this.#rho), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** What a Poisson loss takes. */
export interface PoissonNLLLossOptions extends LossOptions {
  /** Predictions are logarithms of rates (default); otherwise rates. */
  readonly fromLogits?: boolean
  /** Add Stirling's approximation of the term that depends on labels alone, for labels above 1. */
  readonly computeFull?: boolean
}

/** Keeps the logarithm of a rate of 0 finite. */
const EPSILON = 1e-8

/**
 * The negative logarithm of a Poisson likelihood, `exp(pred) - label · pred`, or with rates `pred - label · log(pred + 1e-8)`. Unlike
 * others it is one number: the mean over all samples too.
 */
export class PoissonNLLLoss extends Loss {
  readonly #fromLogits: boolean
  readonly #full: boolean

  constructor(options: PoissonNLLLossOptions = {}) {
    super(options)
    this.#fromLogits = options.fromLogits ?? true
    this.#full = options.computeFull ?? false
  }

  override forward(pred: NDArray, label: NDArray, sampleWeight: NDArray | null = null): NDArray {
    const target = this.shapedLike(label, pred)
    const likely = this.#fromLogits ? np.exp(pred).sub(target.mul(pred)) : pred.sub(target.mul(np.log(pred.add(EPSILON))))
    return np.mean(this.weigh(this.#full ? likely.add(stirling(target)) : likely, sampleWeight))
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** `log(n!)`, roughly, for n above 1; 0 below. */
function stirling(n: NDArray): NDArray {
  const large = n.gt(1)
  const safe = np.where(large, n, 1)
  const value = safe.mul(np.log(safe)).sub(safe).add(np.log(safe.mul(2 * Math.PI)).mul(0.5))
  return np.where(large, value, 0)
}
