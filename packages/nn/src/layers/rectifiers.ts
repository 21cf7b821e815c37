import type { NDArray } from '@ashlar/core'
import { AssertionError, describe, npx } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import { Constant } from '@ashlar/init'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import type { Parameter } from '../parameter.ts'
import { BLOCK_NAMES, finiteNumber, positional, pythonNumber } from './options.ts'

/** `x` above 0, `alpha x` below. */
export class LeakyReLU extends HybridBlock {
  readonly #alpha: number

  /** @throws AssertionError unless `alpha` is at least 0 */
  constructor(alpha: number, options: BlockOptions = {}) {
    if (!(typeof alpha === 'number' && alpha >= 0)) throw new AssertionError(`Slope coefficient for LeakyReLU must be no less than 0, got ${describe(alpha)}`, { op: 'LeakyReLU' })
    super(checkNames(options, BLOCK_NAMES, 'LeakyReLU'))
    this.#alpha = alpha
  }

  override forward(x: NDArray): NDArray {
    return npx.leakyRelu(x, this.#alpha)
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return `${this.constructor.name}(${pythonNumber(this.#alpha)})`
  }
}

/** What {@link PReLU} takes. */
export interface PReLUOptions extends BlockOptions {
  /** Default: all 0.25. */
  readonly alphaInitializer?: InitializerLike
}

/** `x` above 0, `alpha x` below, with one slope that is learnt (He et al., 2015). */
export class PReLU extends HybridBlock {
  readonly alpha: Parameter

  constructor(options: PReLUOptions = {}) {
    super(checkNames(options, [...BLOCK_NAMES, 'alphaInitializer'], 'PReLU'))
    this.alpha = this.params.get('alpha', { shape: [1], init: options.alphaInitializer ?? new Constant(0.25) })
  }

  override forward(x: NDArray): NDArray {
    return npx.prelu(x, this.alpha.data(x.context))
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** What {@link ELU} takes. */
export interface ELUOptions extends BlockOptions {
  /** Minus the limit for small elements (default 1); may be given before the options. */
  readonly alpha?: number
}

/** `x` above 0, `alpha (exp(x) - 1)` below (Clevert et al., 2016). */
export class ELU extends HybridBlock {
  readonly #alpha: number

  constructor(alpha?: number | ELUOptions, options?: ELUOptions) {
    const given = checkNames(positional<number, ELUOptions>(alpha, options, 'alpha', 'ELU'), [...BLOCK_NAMES, 'alpha'], 'ELU')
    const slope = finiteNumber(given.alpha ?? 1, 'alpha', 'ELU')
    super(given)
    this.#alpha = slope
  }

  override forward(x: NDArray): NDArray {
    return npx.elu(x, this.#alpha)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** The self-normalizing exponential unit: `1.0507 elu(x, 1.6733)` (Klambauer et al., 2017). */
export class SELU extends HybridBlock {
  constructor(options: BlockOptions = {}) {
    super(checkNames(options, BLOCK_NAMES, 'SELU'))
  }

  override forward(x: NDArray): NDArray {
    return npx.selu(x)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** `x Φ(x)` with the normal distribution's Φ, exactly (Hendrycks and Gimpel, 2016). */
export class GELU extends HybridBlock {
  constructor(options: BlockOptions = {}) {
    super(checkNames(options, BLOCK_NAMES, 'GELU'))
  }

  override forward(x: NDArray): NDArray {
    return npx.gelu(x)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** What {@link Swish} takes. */
export interface SwishOptions extends BlockOptions {
  /** The factor within the sigmoid (default 1); may be given before the options. */
  readonly beta?: number
}

/** `x sigmoid(beta x)` (Ramachandran et al., 2017). */
export class Swish extends HybridBlock {
  readonly #beta: number

  constructor(beta?: number | SwishOptions, options?: SwishOptions) {
    const given = checkNames(positional<number, SwishOptions>(beta, options, 'beta', 'Swish'), [...BLOCK_NAMES, 'beta'], 'Swish')
    const factor = finiteNumber(given.beta ?? 1, 'beta', 'Swish')
    super(given)
    this.#beta = factor
  }

  override forward(x: NDArray): NDArray {
    return npx.swish(x, this.#beta)
  }

  static {
    markBuiltIn(this.prototype)
  }
}
