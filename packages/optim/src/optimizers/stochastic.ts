import type { NDArray } from '@ashlar/core'
import { np, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, finite, known } from '../optimizer.ts'

interface SGLDSettings extends StepSettings {
  readonly half: number
  readonly noise: number
}

/**
 * Stochastic gradient Langevin dynamics (Welling and Teh, 2011), which draws samples from a posterior:
 * `w -= lr / 2 (g + wd w)`, plus normal noise of variance `lr`. The learning rate is 0.01 unless given.
 */
export class SGLD extends Optimizer<SGLDSettings> {
  override readonly stochastic = true

  constructor(options: OptimizerOptions = {}) {
    super(known(options, 'sgld'))
  }

  override derive(settings: StepSettings): SGLDSettings {
    return { ...settings, half: settings.learningRate / 2, noise: Math.sqrt(settings.learningRate) }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: SGLDSettings): Stepped {
    const pull = this.decayed(this.prepare(gradient, settings), weight, settings)
    const noise = np.random.normal(0, 1, weight.shape, { ctx: weight.context }).astype(weight.dtype)
    return { weight: weight.sub(pull.mul(settings.half)).add(noise.mul(settings.noise)), state }
  }
}

/** What DCASGD takes. */
export interface DCASGDOptions extends OptimizerOptions {
  /** How much of the last step goes into the next (default 0). */
  readonly momentum?: number
  /** How strongly a gradient is corrected for the weight having moved on (default 0.04). */
  readonly lamda?: number
}

/**
 * Delay-compensated gradient descent (Zheng and others, 2017): the gradient belongs to the weight before the last step
 * `p`, so `w -= lr (g + wd w + lamda g² (w - p))`, with momentum if asked. The learning rate is 0.01 unless given.
 */
export class DCASGD extends Optimizer {
  readonly momentum: number
  readonly lamda: number

  constructor(options: DCASGDOptions = {}) {
    super(known(options, 'dcasgd', ['momentum', 'lamda']))
    this.momentum = finite(options.momentum ?? 0, 'momentum')
    this.lamda = finite(options.lamda ?? 0.04, 'lamda')
  }

  override createState(weight: NDArray): OptimizerState {
    return this.momentum === 0 ? [weight.copy()] : [weight.copy(), zerosLike(weight)]
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
    const g = this.prepare(gradient, settings)
    const [earlier, before] = state
    const pull = this.decayed(g, weight, settings).add(g.mul(g).mul(this.lamda).mul(weight.sub(earlier!))).mul(settings.learningRate)
    // The weight's own array will be renamed by the step: the state needs a name of its own.
    const now = weight.detach()
    if (before === undefined) return { weight: weight.sub(pull), state: [now] }
    const velocity = before.mul(this.momentum).sub(pull)
    return { weight: weight.add(velocity), state: [now, velocity] }
  }
}
