import type { NDArray } from '@ashlar/core'
import { sqrt, zerosLike } from '@ashlar/core'
import type { OptimizerState, StepSettings, Stepped } from '../optimizer.ts'
import { known } from '../optimizer.ts'
import type { AdamOptions } from './adam.ts'
import { MomentOptimizer } from './adam.ts'

interface FTMLSettings extends StepSettings {
  /** `(1 - beta1^t) / lr`. */
  readonly ofScale: number
  /** What corrects the running square for starting at 0. */
  readonly ofSquare: number
}

/**
 * Follow the moving leader (Zheng and Kwok, 2017). The state is the scale `d`, the running square `v` and `z`:
 * `d' = (1 - beta1^t) / lr (sqrt(v / (1 - beta2^t)) + epsilon)`, `z = beta1 z + (1 - beta1) g - (d' - beta1 d) w`,
 * `w = -z / d'`. `beta1` is 0.6 and the learning rate 0.01 unless given; the latter must not be 0.
 */
export class FTML extends MomentOptimizer<FTMLSettings> {
  constructor(options: AdamOptions = {}) {
    super(known(options, 'ftml', ['beta1', 'beta2', 'epsilon']), 0.01, 1e-8, 0.6)
  }

  override createState(weight: NDArray): OptimizerState {
    return [zerosLike(weight), zerosLike(weight), zerosLike(weight)]
  }

  override derive(settings: StepSettings): FTMLSettings {
    const { learningRate, updates } = settings
    return { ...settings, ofScale: (1 - this.beta1 ** updates) / learningRate, ofSquare: 1 / (1 - this.beta2 ** updates) }
  }

  override step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: FTMLSettings): Stepped {
    const g = this.prepareDecayed(gradient, weight, settings)
    const [before, squares, leader] = state as [NDArray, NDArray, NDArray]
    const square = squares.mul(this.beta2).add(g.mul(g).mul(1 - this.beta2))
    const scale = sqrt(square.mul(settings.ofSquare)).add(this.epsilon).mul(settings.ofScale)
    const z = this.meanOf(g, leader).sub(scale.sub(before.mul(this.beta1)).mul(weight))
    return { weight: z.div(scale).neg(), state: [scale, square, z] }
  }
}
