import type { NDArray } from '@ashlar/core'
import { abs, gt, sign, sqrt, where, zerosLike } from '@ashlar/core'
import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { Optimizer, finite, known } from '../optimizer.ts'

/** What Ftrl takes. */
export interface FtrlOptions extends OptimizerOptions {
  /** The strength of the L1 penalty (default 0.01). */
  readonly lamda1?: number
  /** Makes early steps smaller (default 1). */
  readonly beta?: number
}

interface FtrlSettings extends StepSettings {
  /** 1 over the learning rate. */
  readonly inverse: number
}

/**
 * Follow the regularized leader (McMahan and others, 2013), which leaves weights at exactly 0 that hardly matter:
 * `z += g - (sqrt(n + g²) - sqrt(n)) w / lr`, `n += g²`, and `w = (sign(z) lamda1 - z) / ((beta + sqrt(n)) / lr + wd)` where
 * `|z| > lamda1`, else 0. The learning rate is 0.1 unless given; it must not be 0.
 */
export class Ftrl extends Optimizer<FtrlSettings> {
  readonly lamda1: number
  readonly beta: number

  constructor(options: FtrlOptions = {}) {
    super(known(options, 'ftrl', ['lamda1', 'beta']), 0.1)
    this.lamda1 = finite(options.lamda1 ?? 0.01, 'lamda1')
    this.beta = finite(options.beta ?? 1, 'beta')
  }

  override createState(weight: NDArray): OptimizerState {
    return [zerosLike(weight), zerosLike(weight)]
  }

  override derive(settings: StepSettings): FtrlSettings {
    return { ...settings, inverse: 1 / settings.learningRate }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: FtrlSettings): Stepped {
    const g = this.prepare(gradient, settings)
    const [z, n] = state as [NDArray, NDArray]
    const squares = n.add(g.mul(g))
    const root = sqrt(squares)
    const leader = z.add(g).sub(root.sub(sqrt(n)).mul(weight).mul(settings.inverse))
    const scale = root.add(this.beta).mul(settings.inverse).add(settings.wd)
    const moved = sign(leader).mul(this.lamda1).sub(leader).div(scale)
    return { weight: where(gt(abs(leader), this.lamda1), moved, 0), state: [leader, squares] }
  }
}
