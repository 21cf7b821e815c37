import type { NDArray } from '@ashlar/core'
import { clip, sqrt, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, finite, flag, known, notNegative, positive, share } from '../optimizer.ts'

/** What RMSProp takes. */
export interface RMSPropOptions extends OptimizerOptions {
  /** Decay of the running means (default 0.9). */
  readonly gamma1?: number
  /** The momentum of the centered form (default 0.9). */
  readonly gamma2?: number
  readonly epsilon?: number
  /** Take the running mean out of the running square, and use momentum (default false). */
  readonly centered?: boolean
  /** Cuts each weight to [-clipWeights, clipWeights] after the step. */
  readonly clipWeights?: number | null
}

/**
 * RMSProp (Tieleman and Hinton, 2012): `n = gamma1 n + (1 - gamma1) g²`, `w -= lr g / sqrt(n + epsilon)`, with weight decay
 * in the gradient. Centered (Graves, 2013): `m = gamma1 m + (1 - gamma1) g`,
 * `d = gamma2 d - lr g / sqrt(n - m² + epsilon)`, `w += d`. The learning rate is 0.001 unless given.
 */
export class RMSProp extends Optimizer {
  readonly gamma1: number
  readonly gamma2: number
  readonly epsilon: number
  readonly centered: boolean
  readonly clipWeights: number | null

  constructor(options: RMSPropOptions = {}) {
    super(known(options, 'rmsprop', ['gamma1', 'gamma2', 'epsilon', 'centered', 'clipWeights']), 0.001)
    this.gamma1 = share(options.gamma1 ?? 0.9, 'gamma1')
    this.gamma2 = finite(options.gamma2 ?? 0.9, 'gamma2')
    this.epsilon = notNegative(options.epsilon ?? 1e-8, 'epsilon')
    this.centered = flag(options.centered ?? false, 'centered')
    this.clipWeights = options.clipWeights === undefined || options.clipWeights === null ? null : positive(options.clipWeights, 'clipWeights')
  }

  override createState(weight: NDArray): OptimizerState {
    return Array.from({ length: this.centered ? 3 : 1 }, () => zerosLike(weight))
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    const g = this.prepareDecayed(gradient, weight, settings)
    const mean = (before: NDArray, value: NDArray): NDArray => before.mul(this.gamma1).add(value.mul(1 - this.gamma1))
    const square = mean(state[0]!, g.mul(g))
    const pull = g.mul(settings.learningRate)
    if (!this.centered) return { weight: this.bound(weight.sub(pull.div(sqrt(square.add(this.epsilon))))), state: [square] }
    const center = mean(state[1]!, g)
    const change = state[2]!.mul(this.gamma2).sub(pull.div(sqrt(square.sub(center.mul(center)).add(this.epsilon))))
    return { weight: this.bound(weight.add(change)), state: [square, center, change] }
  }

  private bound(weight: NDArray): NDArray {
    return this.clipWeights === null ? weight : clip(weight, -this.clipWeights, this.clipWeights)
  }
}
