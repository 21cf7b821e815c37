import type { AdamStepOptions, GradientOptions, NDArray } from '@ashlar/core'
import { abs, adamMean, adamSquare, adamStep, maximum, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, flag, known, notNegative, share } from '../optimizer.ts'

/** What Adam takes. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the gradient's running mean (default 0.9). */
  readonly beta1?: number
  /** Decay of the squared gradient's running mean (default 0.999). */
  readonly beta2?: number
  readonly epsilon?: number
}

/** What AdamW takes. */
export interface AdamWOptions extends AdamOptions {
  /** Correct the running means for starting at 0 (default true). */
  readonly correctBias?: boolean
}

/** With the learning rate that makes up for means that start at 0. */
interface CorrectedSettings extends StepSettings {
  readonly rate: number
  /** The rate times the weight decay. */
  readonly decay: number
}

/** Running means of the gradient and of its square, as Adam's kin keep them. */
export abstract class MomentOptimizer<Settings extends StepSettings> extends Optimizer<Settings> {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number

  protected constructor(options: AdamOptions, learningRate: number, epsilon: number, beta1 = 0.9) {
    super(options, learningRate)
    this.beta1 = share(options.beta1 ?? beta1, 'beta1')
    this.beta2 = share(options.beta2 ?? 0.999, 'beta2')
    this.epsilon = notNegative(options.epsilon ?? epsilon, 'epsilon')
  }

  override createState(weight: NDArray): OptimizerState {
    return [zerosLike(weight), zerosLike(weight)]
  }

  /** Both running means after a gradient. */
  protected moments(g: NDArray, state: OptimizerState): [mean: NDArray, square: NDArray] {
    return [this.meanOf(g, state[0]!), state[1]!.mul(this.beta2).add(g.mul(g).mul(1 - this.beta2))]
  }

  protected meanOf(g: NDArray, before: NDArray): NDArray {
    return before.mul(this.beta1).add(g.mul(1 - this.beta1))
  }

  /** The step of Adam and AdamW: the running means, and the weight that follows them. */
  protected adamStep(weight: NDArray, gradient: NDArray, state: OptimizerState, how: GradientOptions, step: AdamStepOptions): Stepped {
    const mean = adamMean(weight, gradient, state[0]!, { ...how, beta: this.beta1 })
    const square = adamSquare(weight, gradient, state[1]!, { ...how, beta: this.beta2 })
    return { weight: adamStep(weight, mean, square, step), state: [mean, square] }
  }

  protected corrected(settings: StepSettings): number {
    const { learningRate, updates } = settings
    return (learningRate * Math.sqrt(1 - this.beta2 ** updates)) / (1 - this.beta1 ** updates)
  }
}

/**
 * Adam (Kingma and Ba, 2015): steps in the direction of the gradient's running mean, over the root of its running
 * square, both corrected for starting at 0. Weight decay goes into the gradient. The learning rate is 0.001 unless given.
 */
export class Adam extends MomentOptimizer<CorrectedSettings> {
  constructor(options: AdamOptions = {}) {
    super(known(options, 'adam', ['beta1', 'beta2', 'epsilon']), 0.001, 1e-8)
  }

  override derive(settings: StepSettings): CorrectedSettings {
    return { ...settings, rate: this.corrected(settings), decay: 0 }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: CorrectedSettings): Stepped {
    const { wd, rescaleGrad, rate } = settings
    return this.adamStep(weight, gradient, state, { wd, rescaleGrad, clipGradient: this.clipGradient }, { rate, epsilon: this.epsilon })
  }
}

/**
 * AdamW (Loshchilov and Hutter, 2019): Adam whose weight decay stays out of the running means. As in MXNet 2, the decay
 * is scaled with the corrected rate: `w -= lr' (m / (sqrt(v) + epsilon) + wd w)`. The learning rate is 0.001 unless given,
 * `epsilon` 1e-6.
 */
export class AdamW extends MomentOptimizer<CorrectedSettings> {
  readonly correctBias: boolean

  constructor(options: AdamWOptions = {}) {
    super(known(options, 'adamw', ['beta1', 'beta2', 'epsilon', 'correctBias']), 0.001, 1e-6)
    this.correctBias = flag(options.correctBias ?? true, 'correctBias')
  }

  override derive(settings: StepSettings): CorrectedSettings {
    const rate = this.correctBias ? this.corrected(settings) : settings.learningRate
    return { ...settings, rate, decay: rate * settings.wd }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: CorrectedSettings): Stepped {
    const { rescaleGrad, rate, decay } = settings
    return this.adamStep(weight, gradient, state, { rescaleGrad, clipGradient: this.clipGradient }, { rate, epsilon: this.epsilon, decay })
  }
}

/**
 * Adamax (Kingma and Ba, 2015): Adam with the largest gradient of late, `u = max(beta2 u, |g|)`, in place of the root of
 * the running square. The learning rate is 0.002 unless given.
 */
export class Adamax extends MomentOptimizer<CorrectedSettings> {
  constructor(options: AdamOptions = {}) {
    super(known(options, 'adamax', ['beta1', 'beta2', 'epsilon']), 0.002, 1e-8)
  }

  override derive(settings: StepSettings): CorrectedSettings {
    return { ...settings, rate: settings.learningRate / (1 - this.beta1 ** settings.updates), decay: 0 }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: CorrectedSettings): Stepped {
    const g = this.prepareDecayed(gradient, weight, settings)
    const mean = this.meanOf(g, state[0]!)
    const largest = maximum(state[1]!.mul(this.beta2), abs(g))
    // Where no gradient came yet, epsilon keeps 0 / 0 away.
    return { weight: weight.sub(mean.mul(settings.rate).div(largest.add(this.epsilon))), state: [mean, largest] }
  }
}
