import type { DType, NDArray } from '@ashlar/core'
import { NotImplementedError, npx } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import type { Parameter } from '../parameter.ts'
import { BLOCK_NAMES, wholeNumber } from './options.ts'

/** What {@link Embedding} takes beside its sizes. */
export interface EmbeddingOptions extends BlockOptions {
  readonly dtype?: DType
  readonly weightInitializer?: InitializerLike | null
  /** Only false: gradients are dense. */
  readonly sparseGrad?: false
}

/**
 * A table of vectors: indices (…) from 0 up to `inputDim`, of a float or an integer dtype, give (…, outputDim).
 *
 * The weight is (inputDim, outputDim); its gradient is 0 but in the rows that were used.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Embedding } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new Embedding(10, 4)
 * layer.initialize()
 * console.log(layer(np.array([[1, 2, 3]])).shape)
 * // [ 1, 3, 4 ]
 * ```
 */
export class Embedding extends HybridBlock {
  readonly weight: Parameter
  readonly #inputDim: number
  readonly #outputDim: number

  /** @throws ValueError for sizes below 1, NotImplementedError for sparse gradients */
  constructor(inputDim: number, outputDim: number, options: EmbeddingOptions = {}) {
    const shape = [wholeNumber(inputDim, 1, 'inputDim', 'Embedding'), wholeNumber(outputDim, 1, 'outputDim', 'Embedding')]
    if (options.sparseGrad as unknown === true) throw new NotImplementedError('there are no sparse gradients', { op: 'Embedding', hint: 'leave sparseGrad out' })
    super(checkNames(options, [...BLOCK_NAMES, 'dtype', 'weightInitializer', 'sparseGrad'], 'Embedding'))
    this.#inputDim = inputDim
    this.#outputDim = outputDim
    this.weight = this.params.get('weight', { shape, dtype: options.dtype ?? 'float32', init: options.weightInitializer ?? null, allowDeferredInit: true })
  }

  /** @throws IndexError for indices out of range that lie in host memory; elsewhere they are clipped */
  override forward(x: NDArray): NDArray {
    return npx.embedding(x, this.weight.data(x.context))
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return `${this.constructor.name}(${this.#inputDim} -> ${this.#outputDim}, ${this.weight.dtype})`
  }
}
