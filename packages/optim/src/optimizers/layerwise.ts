import type { NDArray } from '@ashlar/core'
import { gt, logicalAnd, maximum, minimum, norm, sqrt, where, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, finite, flag, known, notNegative } from '../optimizer.ts'
import type { AdamOptions } from './adam.ts'
import { MomentOptimizer } from './adam.ts'

/** `ratio` where both norms are above 0, else 1; all of no axes. */
function trust(weight: NDArray, change: NDArray, ratio: NDArray): NDArray {
  return where(logicalAnd(gt(weight, 0), gt(change, 0)), ratio, 1)
}

/** What LAMB takes. */
export interface LAMBOptions extends AdamOptions {
  /** The least that a weight's norm counts as. */
  readonly lowerBound?: number | null
  /** The most that a weight's norm counts as. */
  readonly upperBound?: number | null
  /** Correct the running means for starting at 0 (default true). */
  readonly biasCorrection?: boolean
}

interface LAMBSettings extends StepSettings {
  readonly ofMean: number
  readonly ofSquare: number
}

/**
 * LAMB (You and others, 2020), for large batches: Adam's direction `r = m' / (sqrt(v') + epsilon) + wd w`, in steps that
 * are a share of the weight's norm: `w -= lr |w| / |r| r`. The learning rate is 0.001 unless given, `epsilon` 1e-6.
 */
export class LAMB extends MomentOptimizer<LAMBSettings> {
  readonly lowerBound: number | null
  readonly upperBound: number | null
  readonly biasCorrection: boolean

  constructor(options: LAMBOptions = {}) {
    super(known(options, 'lamb', ['beta1', 'beta2', 'epsilon', 'lowerBound', 'upperBound', 'biasCorrection']), 0.001, 1e-6)
    const bound = (value: number | null | undefined, name: string): number | null => (value === undefined || value === null ? null : finite(value, name))
    this.lowerBound = bound(options.lowerBound, 'lowerBound')
    this.upperBound = bound(options.upperBound, 'upperBound')
    this.biasCorrection = flag(options.biasCorrection ?? true, 'biasCorrection')
  }

  override derive(settings: StepSettings): LAMBSettings {
    const correction = (beta: number): number => (this.biasCorrection ? 1 / (1 - beta ** settings.updates) : 1)
    return { ...settings, ofMean: correction(this.beta1), ofSquare: correction(this.beta2) }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: LAMBSettings): Stepped {
    const [mean, square] = this.moments(this.prepare(gradient, settings), state)
    const change = this.decayed(mean.mul(settings.ofMean).div(sqrt(square.mul(settings.ofSquare)).add(this.epsilon)), weight, settings)
    const [length, changeLength] = [this.bound(norm(weight)), norm(change)]
    const ratio = trust(length, changeLength, length.div(changeLength))
    return { weight: weight.sub(change.mul(ratio.mul(settings.learningRate))), state: [mean, square] }
  }

  private bound(length: NDArray): NDArray {
    const low = this.lowerBound === null ? length : maximum(length, this.lowerBound)
    return this.upperBound === null ? low : minimum(low, this.upperBound)
  }
}

/** What LARS takes. */
export interface LARSOptions extends OptimizerOptions {
  /** How much of the last step goes into the next (default 0). */
  readonly momentum?: number
  /** A step's length as a share of the weight's (default 0.001). */
  readonly eta?: number
  /** Keeps the quotient of the norms away from infinity (default 0). */
  readonly eps?: number
  /** Scale the momentum along when the learning rate changes (default true). */
  readonly momentumCorrection?: boolean
}

interface LARSSettings extends StepSettings {
  /** What the velocity is multiplied with when it is added up, and when it is applied. */
  readonly pull: number
  readonly push: number
}

/**
 * LARS (You, Gitman and Ginsburg, 2017), for large batches: momentum with a learning rate of each layer's own,
 * `lr eta |w| / (|g| + wd |w| + eps)`. Parameters whose names end in bias, gamma or beta take the plain rate. The learning
 * rate is 0.01 unless given.
 */
export class LARS extends Optimizer<LARSSettings> {
  readonly momentum: number
  readonly eta: number
  readonly eps: number
  readonly momentumCorrection: boolean

  constructor(options: LARSOptions = {}) {
    super(known(options, 'lars', ['momentum', 'eta', 'eps', 'momentumCorrection']))
    this.momentum = finite(options.momentum ?? 0, 'momentum')
    this.eta = finite(options.eta ?? 0.001, 'eta')
    this.eps = notNegative(options.eps ?? 0, 'eps')
    this.momentumCorrection = flag(options.momentumCorrection ?? true, 'momentumCorrection')
  }

  override createState(weight: NDArray): OptimizerState {
    return this.momentum === 0 ? [] : [zerosLike(weight)]
  }

  /** A velocity kept without the learning rate is one that changes with it. */
  override derive(settings: StepSettings): LARSSettings {
    const [pull, push] = this.momentumCorrection ? [1, settings.learningRate] : [settings.learningRate, 1]
    return { ...settings, pull, push }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: LARSSettings): Stepped {
    const g = this.decayed(this.prepare(gradient, settings), weight, settings)
    const scaled = /(?:bias|gamma|beta)$/.test(settings.parameter) ? g : g.mul(this.rateOf(weight, gradient, settings))
    const pull = scaled.mul(settings.pull)
    const [before] = state
    const velocity = before === undefined ? pull : before.mul(this.momentum).add(pull)
    return { weight: weight.sub(velocity.mul(settings.push)), state: before === undefined ? state : [velocity] }
  }

  private rateOf(weight: NDArray, gradient: NDArray, settings: LARSSettings): NDArray {
    const [length, slope] = [norm(weight), norm(gradient.mul(settings.rescaleGrad))]
    return trust(length, slope, length.mul(this.eta).div(slope.add(length.mul(settings.wd)).add(this.eps)))
  }
}
