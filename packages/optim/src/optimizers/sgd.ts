import type { NDArray } from '@ashlar/core'
import { nagStep, sgdStep, sgdVelocity, zerosLike } from '@ashlar/core'
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
    const [before] = state
    const how = this.gradientOptions(settings)
    if (before === undefined) return { weight: sgdStep(weight, gradient, how), state }
    const velocity = sgdVelocity(weight, gradient, before, { ...how, momentum: this.momentum })
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
    const [before] = state
    const how = this.gradientOptions(settings)
    if (before === undefined) return { weight: sgdStep(weight, gradient, how), state }
    const velocity = sgdVelocity(weight, gradient, before, { ...how, momentum: this.momentum })
    return { weight: nagStep(weight, velocity, before, { momentum: this.momentum }), state: [velocity] }
  }
}
