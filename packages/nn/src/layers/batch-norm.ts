import type { DType, NDArray } from '@ashlar/core'
import { autograd, checkAxis, np, npx } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import type { Parameter } from '../parameter.ts'
import { BLOCK_NAMES, finiteNumber, pythonBool, pythonNumber, wholeNumber } from './options.ts'
import { settle } from './settle.ts'

/** What {@link BatchNorm} takes. */
export interface BatchNormOptions extends BlockOptions {
  /** The axis of the channels (default 1). */
  readonly axis?: number
  /** How much of the running statistics stays at each step (default 0.9). */
  readonly momentum?: number
  /** Added to the variance before the root (default 1e-5). */
  readonly epsilon?: number
  /** Learn what is added; otherwise it stays as initialized. */
  readonly center?: boolean
  /** Learn the factor; otherwise it is 1. */
  readonly scale?: boolean
  /** Normalize with the running statistics in training too, and leave them as they are. */
  readonly useGlobalStats?: boolean
  readonly betaInitializer?: InitializerLike
  readonly gammaInitializer?: InitializerLike
  readonly runningMeanInitializer?: InitializerLike
  readonly runningVarianceInitializer?: InitializerLike
  /** How many channels come in; 0 (default) waits for the first forward to tell. */
  readonly inChannels?: number
}

const NAMES = [
  ...BLOCK_NAMES, 'axis', 'momentum', 'epsilon', 'center', 'scale', 'useGlobalStats', 'betaInitializer', 'gammaInitializer', 'runningMeanInitializer',
  'runningVarianceInitializer', 'inChannels',
]

/**
 * Batch normalization (Ioffe and Szegedy, 2015): brings each channel to mean 0 and variance 1, then `gamma` and `beta`.
 *
 * In training mode these are the batch's own statistics (biased variance), and the running ones move towards them as
 * part of the forward: `momentum * running + (1 - momentum) * batch`. In prediction the running ones are used.
 *
 * @example
 * ```ts
 * import { autograd, np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { BatchNorm } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new BatchNorm()
 * layer.initialize()
 * const x = np.array([[1, 10], [3, 30]])
 * console.log(np.round(autograd.record(() => layer(x)), 4))
 * // array([[-1., -1.],
 * //        [ 1.,  1.]])
 * console.log(layer.runningMean.data())
 * // array([0.2, 2. ])
 * ```
 */
export class BatchNorm extends HybridBlock {
  readonly gamma: Parameter
  readonly beta: Parameter
  // Fields give the names in files, and these are Gluon's.
  readonly running_mean: Parameter
  readonly running_var: Parameter
  readonly #axis: number
  readonly #momentum: number
  readonly #epsilon: number
  readonly #scale: boolean
  readonly #useGlobalStats: boolean

  /** @throws ValueError for numbers that are none */
  constructor(options: BatchNormOptions = {}) {
    const { axis = 1, momentum = 0.9, epsilon = 1e-5, center = true, scale = true, useGlobalStats = false } = checkNames(options, NAMES, 'BatchNorm')
    for (const [name, value] of Object.entries({ axis, momentum, epsilon })) finiteNumber(value, name, 'BatchNorm')
    const channels = wholeNumber(options.inChannels ?? 0, 0, 'inChannels', 'BatchNorm')
    super(options)
    this.#axis = axis
    this.#momentum = momentum
    this.#epsilon = epsilon
    this.#scale = scale
    this.#useGlobalStats = useGlobalStats
    const parameter = (name: string, init: InitializerLike, trained: boolean): Parameter =>
      this.params.get(name, { shape: [channels === 0 ? -1 : channels], init, allowDeferredInit: true, gradReq: trained ? 'write' : 'null', differentiable: trained })
    this.gamma = parameter('gamma', options.gammaInitializer ?? 'ones', scale)
    this.beta = parameter('beta', options.betaInitializer ?? 'zeros', center)
    this.running_mean = parameter('running_mean', options.runningMeanInitializer ?? 'zeros', false)
    this.running_var = parameter('running_var', options.runningVarianceInitializer ?? 'ones', false)
  }

  /** (channels,): what prediction subtracts. Never trained. */
  get runningMean(): Parameter { return this.running_mean }
  /** (channels,): the variance that prediction divides by. Never trained. */
  get runningVar(): Parameter { return this.running_var }

  override forward(x: NDArray): NDArray {
    const axis = checkAxis(this.#axis, x.ndim, this.name)
    const channels = [x.shape[axis]!]
    settle(this, x, [[this.gamma, channels], [this.beta, channels], [this.running_mean, channels], [this.running_var, channels]])
    // Sums over a batch leave the range of float16 soon.
    return x.dtype === 'float16' ? this.#normalize(x.astype('float32'), axis).astype('float16') : this.#normalize(x, axis)
  }

  #normalize(x: NDArray, axis: number): NDArray {
    const options = { axis, epsilon: this.#epsilon }
    const [gamma, beta, mean, variance] = [this.gamma, this.beta, this.running_mean, this.running_var].map(parameter => parameter.data(x.context)) as [NDArray, NDArray, NDArray, NDArray]
    const factor = this.#scale ? gamma : np.onesLike(gamma)
    if (!autograd.isTraining() || this.#useGlobalStats) return npx.batchNorm(x, factor, beta, mean, variance, options)
    const batch = npx.batchNormTraining(x, factor, beta, options)
    // An empty batch has no statistics.
    if (x.size > 0) {
      autograd.pause(() => {
        this.#follow(mean, batch.mean)
        this.#follow(variance, batch.variance)
      })
    }
    return batch.output
  }

  /** Moves a running statistic towards a batch's: the parameter's array then names the new values. */
  #follow(running: NDArray, batch: NDArray): void {
    running.set(running.mul(this.#momentum).add(batch.mul(1 - this.#momentum)))
  }

  /** Converts the parameters; float16 would be too coarse for statistics and gives float32 (behaviour B-3.8). */
  override cast(dtype: DType): void {
    super.cast(dtype === 'float16' ? 'float32' : dtype)
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    const settings = `axis=${this.#axis}, eps=${pythonNumber(this.#epsilon)}, momentum=${pythonNumber(this.#momentum)}, fix_gamma=${pythonBool(!this.#scale)}`
    return `${this.constructor.name}(${settings}, use_global_stats=${pythonBool(this.#useGlobalStats)}, in_channels=${this.gamma.shape![0]})`
  }
}
