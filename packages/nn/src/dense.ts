import type { DType, NDArray } from '@ashlar/core'
import { AshlarError, ValueError, checkArray, describe, npx } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import type { ActivationName } from './activation.ts'
import { Activation } from './activation.ts'
import type { BlockOptions } from './block.ts'
import { markBuiltIn } from './built-in.ts'
import { HybridBlock } from './hybrid-block.ts'
import type { Parameter } from './parameter.ts'

/** What a Dense layer is made with, beside its units. */
export interface DenseOptions extends BlockOptions {
  readonly activation?: ActivationName | null
  readonly useBias?: boolean
  /** Take all axes but the first as features (default); otherwise the last alone. */
  readonly flatten?: boolean
  readonly dtype?: DType
  readonly weightInitializer?: InitializerLike | null
  readonly biasInitializer?: InitializerLike
  /** How many features come in; 0 (default) waits for the first forward to tell. */
  readonly inUnits?: number
}

/**
 * A fully connected layer: `activation(x Wᵀ + b)`, with a weight of shape (units, inUnits) and a bias of shape (units,).
 *
 * Input (N, …) gives (N, units); with `flatten: false`, (…, inUnits) gives (…, units).
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Dense } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new Dense(2, { activation: 'relu', weightInitializer: 'ones' })
 * layer.initialize()
 * console.log(layer(np.array([[1, 2], [-3, 1]])))
 * // array([[3., 3.],
 * //        [0., 0.]])
 * console.log(layer)
 * // Dense(2 -> 2, Activation(relu))
 * ```
 */
export class Dense extends HybridBlock {
  readonly weight: Parameter
  readonly bias: Parameter | null
  readonly act: Activation | null
  readonly #units: number
  readonly #flatten: boolean

  /** @throws ValueError unless there is at least one unit, and for sizes that are no whole numbers */
  constructor(units: number, options: DenseOptions = {}) {
    if (!Number.isInteger(units) || units < 1) throw new ValueError(`units is a whole number from 1, got ${describe(units)}`, { op: 'Dense' })
    super(options)
    const { activation = null, useBias = true, dtype = 'float32', weightInitializer = null, biasInitializer = 'zeros', inUnits = 0 } = options
    if (!Number.isInteger(inUnits) || inUnits < -1) throw new ValueError(`inUnits is a whole number from 1, or 0 for not known yet, got ${describe(inUnits)}`, { op: 'Dense' })
    this.#units = units
    this.#flatten = options.flatten ?? true
    this.weight = this.params.get('weight', { shape: [units, inUnits === 0 ? -1 : inUnits], dtype, init: weightInitializer, allowDeferredInit: true })
    this.bias = useBias ? this.params.get('bias', { shape: [units], dtype, init: biasInitializer, allowDeferredInit: true }) : null
    this.act = activation === null ? null : this.nameScope(() => new Activation(activation, { prefix: `${activation}_` }))
  }

  override forward(x: NDArray): NDArray {
    if (checkArray(x, this.name).ndim === 0) throw new ValueError('the input has at least one axis, got a 0-d array', { op: this.name, shapes: [x.shape] })
    const input = this.#flatten && x.ndim !== 2 && x.ndim > 0 ? x.reshape([x.shape[0]!, x.shape.slice(1).reduce((a, b) => a * b, 1)]) : x
    this.#settle(input)
    const y = npx.linear(input, this.weight.data(x.context), this.bias === null ? null : this.bias.data(x.context))
    return this.act === null ? y : this.act(y)
  }

  /** Completes the weight's shape from the first input, and refuses one that does not fit. */
  #settle(x: NDArray): void {
    const [, features] = this.weight.shape!
    if (features !== x.shape.at(-1)) {
      if (features !== -1) {
        throw new AshlarError(`Shape inconsistent, Provided = [${this.#units},${features}], inferred shape=(${this.#units},${x.shape.at(-1)})`, {
          op: this.name, shapes: [x.shape, this.weight.shape!], hint: `the layer takes ${features} features`,
        })
      }
    }
    // A network that was never initialized says so itself; its shape stays open.
    if (this.weight.deferred) this.weight.finishDeferredInit([this.#units, x.shape.at(-1)!])
    if (this.bias?.deferred === true) this.bias.finishDeferredInit()
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    const [units, features] = this.weight.shape!
    return `Dense(${features} -> ${units}, ${this.act === null ? 'linear' : this.act})`
  }
}
