import type { NDArray } from '@ashlar/core'
import { sign, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, finite, known } from '../optimizer.ts'

/** What Signum takes. */
export interface SignumOptions extends OptimizerOptions {
  /** Decay of the gradient's running mean (default 0.9); 0 takes the gradient's own sign. */
  readonly momentum?: number
  /** Weight decay that goes past the sign (default 0). */
  readonly wdLh?: number
}

interface SignumSettings extends StepSettings {
  /** What a weight keeps of itself. */
  readonly kept: number
}

/**
 * Signum (Bernstein and others, 2018): steps of the learning rate's size in the direction of the running mean's sign.
 * `m = momentum m - (1 - momentum) (g + wd w)`, `w = (1 - lr wdLh) w + lr sign(m)`; without momentum
 * `w = (1 - lr (wd + wdLh)) w - lr sign(g)`. The learning rate is 0.01 unless given.
 */
export class Signum extends Optimizer<SignumSettings> {
  readonly momentum: number
  readonly wdLh: number

  constructor(options: SignumOptions = {}) {
    super(known(options, 'signum', ['momentum', 'wdLh']))
    this.momentum = finite(options.momentum ?? 0.9, 'momentum')
    this.wdLh = finite(options.wdLh ?? 0, 'wdLh')
  }

  override createState(weight: NDArray): OptimizerState {
    return this.momentum === 0 ? [] : [zerosLike(weight)]
  }

  override derive(settings: StepSettings): SignumSettings {
    const decay = this.momentum === 0 ? settings.wd + this.wdLh : this.wdLh
    return { ...settings, kept: 1 - settings.learningRate * decay }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: SignumSettings): Stepped {
    const g = this.prepare(gradient, settings)
    const rest = this.wd === 0 && this.wdLh === 0 ? weight : weight.mul(settings.kept)
    const [before] = state
    if (before === undefined) return { weight: rest.sub(sign(g).mul(settings.learningRate)), state }
    const mean = before.mul(this.momentum).sub(this.decayed(g, weight, settings).mul(1 - this.momentum))
    return { weight: rest.add(sign(mean).mul(settings.learningRate)), state: [mean] }
  }
}
