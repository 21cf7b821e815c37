import type { NDArray } from '@ashlar/core'
import { ValueError, describe, npx, np } from '@ashlar/core'
import type { BlockOptions } from './block.ts'
import { markBuiltIn } from './built-in.ts'
import { HybridBlock } from './hybrid-block.ts'

/** The functions that `Activation` knows; `softrelu` is log(1 + exp(x)). */
export type ActivationName = 'relu' | 'sigmoid' | 'tanh' | 'softrelu' | 'softsign'

const FUNCTIONS: Readonly<Record<ActivationName, (x: NDArray) => NDArray>> = {
  relu: x => npx.relu(x),
  sigmoid: x => npx.sigmoid(x),
  tanh: x => np.tanh(x),
  softrelu: x => npx.softplus(x),
  softsign: x => npx.softsign(x),
}

function checkName(name: ActivationName): ActivationName {
  if (Object.hasOwn(FUNCTIONS, name)) return name
  throw new ValueError(`Invalid Input: ${describe(name)}, valid values are: {${Object.keys(FUNCTIONS).sort().map(known => `'${known}'`).join(', ')}}`, { op: 'Activation', hint: 'new Lambda(fn) takes any function' })
}

/** A function applied to every element. */
export class Activation extends HybridBlock {
  readonly #name: ActivationName

  constructor(activation: ActivationName, options: BlockOptions = {}) {
    super(options, checkName(activation))
    this.#name = activation
  }

  override forward(x: NDArray): NDArray {
    return FUNCTIONS[this.#name](x)
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return `Activation(${this.#name})`
  }

  /** How a layer's printed form shows it. */
  get activation(): ActivationName {
    return this.#name
  }
}
