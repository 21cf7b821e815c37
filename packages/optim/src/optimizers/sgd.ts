import type { NDArray } from '@ashlar/core'
import { zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, finite, known } from '../optimizer.ts'

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
    super(known(options, 'sgd', ['momentum']))
    this.momentum = finite(options.momentum ?? 0, 'momentum')
  }

  override createState(weight: NDArray): OptimizerState {
    return this.momentum === 0 ? [] : [zerosLike(weight)]
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    const pull = this.decayed(this.prepare(gradient, settings), weight, settings).mul(settings.learningRate)
    const [before] = state
    if (before === undefined) return { weight: weight.sub(pull), state }
    const velocity = before.mul(this.momentum).sub(pull)
    return { weight: weight.add(velocity), state: [velocity] }
  }
}

/**
 * Nesterov's accelerated gradient (1983), in Sutskever's form: `m' = momentum m - lr (g + wd w)`,
 * `w += (momentum + 1) m' - momentum m`. The learning rate is 0.01 unless given.
 */
export class NAG extends Optimizer {
  readonly momentum: number

  constructor(options: SGDOptions = {}) {
    super(known(options, 'nag', ['momentum']))
    this.momentum = finite(options.momentum ?? 0, 'momentum')
  }

  override createState(weight: NDArray): OptimizerState {
    return this.momentum === 0 ? [] : [zerosLike(weight)]
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    const pull = this.decayed(this.prepare(gradient, settings), weight, settings).mul(settings.learningRate)
    const [before] = state
    if (before === undefined) return { weight: weight.sub(pull), state }
    const carried = before.mul(this.momentum)
    const velocity = carried.sub(pull)
    return { weight: weight.add(velocity.mul(this.momentum + 1).sub(carried)), state: [velocity] }
  }
}
