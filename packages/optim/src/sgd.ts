import type { NDArray } from '@ashlar/core'
import { zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings } from './optimizer.ts'
import { Optimizer, finite } from './optimizer.ts'

/** What stochastic gradient descent takes. */
export interface SGDOptions extends OptimizerOptions {
  /** How much of the last step goes into the next (default 0). */
  readonly momentum?: number
}

/**
 * Stochastic gradient descent: `w = (1 - lr wd) w - lr g`; with momentum `m = momentum m - lr (g + wd w)`, `w += m`.
 * The learning rate is 0.01 unless given.
 */
export class SGD extends Optimizer {
  readonly momentum: number

  constructor(options: SGDOptions = {}) {
    super(options, 0.01)
    this.momentum = finite(options.momentum ?? 0, 'momentum')
  }

  override createState(weight: NDArray): OptimizerState {
    return this.momentum === 0 ? [] : [zerosLike(weight)]
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, { learningRate, wd }: StepSettings): { weight: NDArray; state: OptimizerState } {
    const g = this.prepare(gradient)
    const pull = (wd === 0 ? g : g.add(weight.mul(wd))).mul(learningRate)
    const [before] = state
    if (before === undefined) return { weight: weight.sub(pull), state }
    const velocity = before.mul(this.momentum).sub(pull)
    return { weight: weight.add(velocity), state: [velocity] }
  }
}
