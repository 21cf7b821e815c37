import type { NDArray } from '@ashlar/core'
import { sqrt } from '@ashlar/core'
import type { OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { finite, known } from '../optimizer.ts'
import type { AdamOptions } from './adam.ts'
import { MomentOptimizer } from './adam.ts'

/** What Nadam takes. */
export interface NadamOptions extends AdamOptions {
  /** How quickly the momentum rises to `beta1` (default 0.004). */
  readonly scheduleDecay?: number
}

interface NadamSettings extends StepSettings {
  /** The gradient's part of the step: what comes before `1 / (sqrt(v') + epsilon)`. */
  readonly ofGradient: number
  readonly ofMean: number
  /** What corrects the running square for starting at 0. */
  readonly ofSquare: number
}

/**
 * Nadam (Dozat, 2016): Adam with Nesterov's momentum, which rises from half of `beta1` to all of it. The learning rate is
 * 0.001 unless given.
 */
export class Nadam extends MomentOptimizer<NadamSettings> {
  readonly scheduleDecay: number
  /** The product of the momenta of the first `updates` steps, remembered from the last call. */
  private product: { updates: number; value: number } = { updates: 0, value: 1 }

  constructor(options: NadamOptions = {}) {
    super(known(options, 'nadam', ['beta1', 'beta2', 'epsilon', 'scheduleDecay']), 0.001, 1e-8)
    this.scheduleDecay = finite(options.scheduleDecay ?? 0.004, 'scheduleDecay')
  }

  private momentum(update: number): number {
    return this.beta1 * (1 - 0.5 * 0.96 ** (update * this.scheduleDecay))
  }

  /** Each parameter has its own count, so that this is asked back and forth. */
  private productOf(updates: number): number {
    let { updates: at, value } = this.product.updates <= updates ? this.product : { updates: 0, value: 1 }
    while (at < updates) value *= this.momentum(++at)
    this.product = { updates, value }
    return value
  }

  override derive(settings: StepSettings): NadamSettings {
    const { learningRate, updates } = settings
    const [now, next] = [this.momentum(updates), this.momentum(updates + 1)]
    const product = this.productOf(updates)
    return {
      ...settings,
      ofGradient: (learningRate * (1 - now)) / (1 - product),
      ofMean: (learningRate * next) / (1 - product * next),
      ofSquare: 1 / (1 - this.beta2 ** updates),
    }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: NadamSettings): Stepped {
    const g = this.prepareDecayed(gradient, weight, settings)
    const [mean, square] = this.moments(g, state)
    const change = g.mul(settings.ofGradient).add(mean.mul(settings.ofMean))
    return { weight: weight.sub(change.div(sqrt(square.mul(settings.ofSquare)).add(this.epsilon))), state: [mean, square] }
  }
}
