import type { NDArray } from '@ashlar/core'
import { sqrt, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, known, notNegative, share } from '../optimizer.ts'

/** What AdaGrad takes. */
export interface AdaGradOptions extends OptimizerOptions {
  /** Keeps the root away from 0 (default 1e-7). */
  readonly eps?: number
}

/**
 * AdaGrad (Duchi, Hazan and Singer, 2011): `h += g²`, `w -= lr (g / sqrt(h + eps) + wd w)`. The learning rate is 0.01
 * unless given.
 */
export class AdaGrad extends Optimizer {
  readonly eps: number

  constructor(options: AdaGradOptions = {}) {
    super(known(options, 'adagrad', ['eps']))
    this.eps = notNegative(options.eps ?? 1e-7, 'eps')
  }

  override createState(weight: NDArray): OptimizerState {
    return [zerosLike(weight)]
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    const g = this.prepare(gradient, settings)
    const history = state[0]!.add(g.mul(g))
    const pull = this.decayed(g.div(sqrt(history.add(this.eps))), weight, settings)
    return { weight: weight.sub(pull.mul(settings.learningRate)), state: [history] }
  }
}

/** What AdaDelta takes. */
export interface AdaDeltaOptions extends OptimizerOptions {
  /** Decay of both running means (default 0.9). */
  readonly rho?: number
  /** Keeps the roots away from 0 (default 1e-5). */
  readonly epsilon?: number
}

/**
 * AdaDelta (Zeiler, 2012): `a = rho a + (1 - rho) g²`, `d = sqrt(D + epsilon) / sqrt(a + epsilon) g`,
 * `D = rho D + (1 - rho) d²`, `w -= d + wd w`. It has no use for a learning rate.
 */
export class AdaDelta extends Optimizer {
  readonly rho: number
  readonly epsilon: number

  constructor(options: AdaDeltaOptions = {}) {
    super(known(options, 'adadelta', ['rho', 'epsilon']))
    this.rho = share(options.rho ?? 0.9, 'rho')
    this.epsilon = notNegative(options.epsilon ?? 1e-5, 'epsilon')
  }

  override createState(weight: NDArray): OptimizerState {
    return [zerosLike(weight), zerosLike(weight)]
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    const g = this.prepare(gradient, settings)
    const mean = (before: NDArray, value: NDArray): NDArray => before.mul(this.rho).add(value.mul(value).mul(1 - this.rho))
    const squares = mean(state[0]!, g)
    const change = sqrt(state[1]!.add(this.epsilon)).div(sqrt(squares.add(this.epsilon))).mul(g)
    return { weight: weight.sub(this.decayed(change, weight, settings)), state: [squares, mean(state[1]!, change)] }
  }
}
