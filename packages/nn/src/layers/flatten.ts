import type { NDArray } from '@ashlar/core'
import { ValueError, sizeOf } from '@ashlar/core'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import { BLOCK_NAMES } from './options.ts'

/** (N, …) as (N, all the rest). */
export class Flatten extends HybridBlock {
  constructor(options: BlockOptions = {}) {
    super(checkNames(options, BLOCK_NAMES, 'Flatten'))
  }

  /** @throws ValueError for a scalar */
  override forward(x: NDArray): NDArray {
    const [samples, ...rest] = x.shape
    if (samples === undefined) throw new ValueError('a scalar has no axis of samples', { op: this.name, shapes: [x.shape] })
    return x.reshape([samples, sizeOf(rest)])
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return this.constructor.name
  }
}
