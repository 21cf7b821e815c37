import type { NDArray } from '@ashlar/core'
import { ValueError, checkAxis, npx } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import type { Parameter } from '../parameter.ts'
import { BLOCK_NAMES, finiteNumber, pythonBool, pythonNumber, wholeNumber } from './options.ts'
import { settle } from './settle.ts'

/** What every normalization without running statistics takes. */
export interface NormLayerOptions extends BlockOptions {
  /** Added to the variance before the root (default 1e-5). */
  readonly epsilon?: number
  /** Learn what is added (default true); otherwise it stays as initialized. */
  readonly center?: boolean
  /** Learn the factor (default true, but false for InstanceNorm); otherwise it stays as initialized. */
  readonly scale?: boolean
  readonly betaInitializer?: InitializerLike
  readonly gammaInitializer?: InitializerLike
  /** How many channels come in; 0 (default) waits for the first forward to tell. */
  readonly inChannels?: number
}

/** What normalization along an axis takes. */
export interface AxisNormOptions extends NormLayerOptions {
  /** The axis that `gamma` and `beta` lie along. */
  readonly axis?: number
}

const NAMES = [...BLOCK_NAMES, 'epsilon', 'center', 'scale', 'betaInitializer', 'gammaInitializer', 'inChannels']

/** What these normalizations share: `gamma` and `beta` with one entry a channel. */
abstract class Normalization extends HybridBlock {
  readonly gamma: Parameter
  readonly beta: Parameter
  protected readonly epsilon: number
  protected readonly center: boolean
  protected readonly scale: boolean

  constructor(options: NormLayerOptions, scaleByDefault: boolean, op: string) {
    const { center = true, scale = scaleByDefault } = options
    const epsilon = finiteNumber(options.epsilon ?? 1e-5, 'epsilon', op)
    const channels = wholeNumber(options.inChannels ?? 0, 0, 'inChannels', op)
    super(options)
    this.epsilon = epsilon
    this.center = center
    this.scale = scale
    const parameter = (name: string, init: InitializerLike, trained: boolean): Parameter =>
      this.params.get(name, { shape: [channels === 0 ? -1 : channels], init, allowDeferredInit: true, gradReq: trained ? 'write' : 'null', differentiable: trained })
    this.gamma = parameter('gamma', options.gammaInitializer ?? 'ones', scale)
    this.beta = parameter('beta', options.betaInitializer ?? 'zeros', center)
  }

  /** `gamma` and `beta` for an input; the first input tells their shape. */
  protected factors(x: NDArray, channels: number): [gamma: NDArray, beta: NDArray] {
    settle(this, x, [[this.gamma, [channels]], [this.beta, [channels]]])
    return [this.gamma.data(x.context), this.beta.data(x.context)]
  }

  protected get trained(): string {
    return `center=${pythonBool(this.center)}, scale=${pythonBool(this.scale)}`
  }
}

/**
 * Layer normalization (Ba et al., 2016): each row along an axis (default the last) to mean 0 and variance 1, then
 * `gamma` and `beta` along it.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { LayerNorm } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new LayerNorm()
 * layer.initialize()
 * console.log(layer(np.array([[1, 2, 3], [10, 20, 30]])).shape)
 * // [ 2, 3 ]
 * console.log(layer)
 * // LayerNorm(eps=1e-05, axis=-1, center=True, scale=True, in_channels=3)
 * ```
 */
export class LayerNorm extends Normalization {
  readonly #axis: number

  /** @throws ValueError for numbers that are none */
  constructor(options: AxisNormOptions = {}) {
    const axis = finiteNumber(checkNames(options, [...NAMES, 'axis'], 'LayerNorm').axis ?? -1, 'axis', 'LayerNorm')
    super(options, true, 'LayerNorm')
    this.#axis = axis
  }

  override forward(x: NDArray): NDArray {
    const axis = checkAxis(this.#axis, x.ndim, this.name)
    return npx.layerNorm(x, ...this.factors(x, x.shape[axis]!), { axis, epsilon: this.epsilon })
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return `${this.constructor.name}(eps=${pythonNumber(this.epsilon)}, axis=${this.#axis}, ${this.trained}, in_channels=${this.gamma.shape![0]})`
  }
}

/**
 * Instance normalization (Ulyanov et al., 2016): each sample and channel alone, over the other axes. Channels are axis 1
 * by default, and the factor is not learnt unless asked for.
 */
export class InstanceNorm extends Normalization {
  readonly #axis: number

  /** @throws ValueError for numbers that are none */
  constructor(options: AxisNormOptions = {}) {
    const axis = finiteNumber(checkNames(options, [...NAMES, 'axis'], 'InstanceNorm').axis ?? 1, 'axis', 'InstanceNorm')
    super(options, false, 'InstanceNorm')
    this.#axis = axis
  }

  override forward(x: NDArray): NDArray {
    const axis = checkAxis(this.#axis, x.ndim, this.name)
    return npx.instanceNorm(x, ...this.factors(x, x.shape[axis]!), { axis, epsilon: this.epsilon })
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return `${this.constructor.name}(eps=${pythonNumber(this.epsilon)}, axis=${this.#axis}, ${this.trained}, in_channels=${this.gamma.shape![0]})`
  }
}

/** What {@link GroupNorm} takes. */
export interface GroupNormOptions extends NormLayerOptions {
  /** Into how many groups the channels (axis 1) are divided (default 1). */
  readonly numGroups?: number
}

/**
 * Group normalization (Wu and He, 2018): channels (axis 1) in groups, each normalized with what lies behind it. `gamma`
 * and `beta` have one entry a channel, unlike those of Gluon 1.x with one a group.
 */
export class GroupNorm extends Normalization {
  readonly #groups: number

  /** @throws ValueError for numbers that are none */
  constructor(options: GroupNormOptions = {}) {
    const groups = wholeNumber(checkNames(options, [...NAMES, 'numGroups'], 'GroupNorm').numGroups ?? 1, 1, 'numGroups', 'GroupNorm')
    super(options, true, 'GroupNorm')
    this.#groups = groups
  }

  override forward(x: NDArray): NDArray {
    const channels = x.shape[checkAxis(1, x.ndim, this.name)]!
    if (channels % this.#groups !== 0) throw new ValueError(`${channels} channels do not divide into ${this.#groups} groups`, { op: this.name, shapes: [x.shape] })
    return npx.groupNorm(x, ...this.factors(x, channels), { groups: this.#groups, epsilon: this.epsilon })
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return `${this.constructor.name}(eps=${pythonNumber(this.epsilon)}, num_groups=${this.#groups}, ${this.trained})`
  }
}
