import type { DType } from '@ashlar/core'
import { ValueError, describe } from '@ashlar/core'
import { Uniform } from '@ashlar/init'
import type { BlockOptions } from './block.ts'
import { Dense } from './dense.ts'

/** What a Linear layer is made with, beside its sizes. */
export interface LinearOptions extends BlockOptions {
  /** Add a bias (default true). */
  readonly bias?: boolean
  readonly dtype?: DType
}

/**
 * A fully connected layer as PyTorch users know it: `x Wᵀ + b` on the last axis, (…, inUnits) to (…, units), with a weight
 * of shape (units, inUnits). It has its values from the start, U(-1/√inUnits, 1/√inUnits), and needs no `initialize`.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Linear, ReLU, Sequential } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const net = new Sequential(new Linear(20, 256), new ReLU(), new Linear(256, 10))
 * console.log(net(np.ones([2, 20])).shape)
 * // [ 2, 10 ]
 * console.log(net[0])
 * // Linear(in_features=20, out_features=256, bias=True)
 * ```
 */
export class Linear extends Dense {
  /** @throws ValueError unless both sizes are whole numbers from 1 */
  constructor(inUnits: number, units: number, options: LinearOptions = {}) {
    if (!Number.isInteger(inUnits) || inUnits < 1) throw new ValueError(`inUnits is a whole number from 1, got ${describe(inUnits)}`, { op: 'Linear', hint: 'new Dense(units) finds it at the first call' })
    const { bias = true, dtype = 'float32', prefix = null, params = null } = options
    const init = new Uniform({ scale: 1 / Math.sqrt(inUnits) })
    super(units, { inUnits, useBias: bias, dtype, prefix, params, flatten: false, weightInitializer: init, biasInitializer: init })
    for (const parameter of [this.weight, this.bias]) if (parameter?.initialized === false) parameter.initialize()
  }

  override toString(): string {
    const [units, features] = this.weight.shape!
    return `Linear(in_features=${features}, out_features=${units}, bias=${this.bias === null ? 'False' : 'True'})`
  }
}
