import type { NDArray } from '@ashlar/core'
import { sqrt, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings } from './optimizer.ts'
import { Optimizer, finite } from './optimizer.ts'

/** What Adam takes. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the gradient's running mean (default 0.9). */
  readonly beta1?: number
  /** Decay of the squared gradient's running mean (default 0.999). */
  readonly beta2?: number
  readonly epsilon?: number
}

/**
 * Adam (Kingma and Ba, 2015): steps in the direction of the gradient's running mean, over the root of its running
 * square, both corrected for starting at 0. Weight decay goes into the gradient. The learning rate is 0.001 unless given.
 */
export class Adam extends Optimizer {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number

  constructor(options: AdamOptions = {}) {
    super(options, 0.001)
    this.beta1 = finite(options.beta1 ?? 0.9, 'beta1')
    this.beta2 = finite(options.beta2 ?? 0.999, 'beta2')
    this.epsilon = finite(options.epsilon ?? 1e-8, 'epsilon')
  }

  override createState(weight: NDArray): OptimizerState {
    return [zerosLike(weight), zerosLike(weight)]
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, { learningRate, wd, updates }: StepSettings): { weight: NDArray; state: OptimizerState } {
    const scaled = gradient.mul(this.rescaleGrad)
    const g = this.cut(wd === 0 ? scaled : scaled.add(weight.mul(wd)))
    const mean = state[0]!.mul(this.beta1).add(g.mul(1 - this.beta1))
    const square = state[1]!.mul(this.beta2).add(g.mul(g).mul(1 - this.beta2))
    const rate = (learningRate * Math.sqrt(1 - this.beta2 ** updates)) / (1 - this.beta1 ** updates)
    return { weight: weight.sub(mean.mul(rate).div(sqrt(square).add(this.epsilon))), state: [mean, square] }
  }
}
