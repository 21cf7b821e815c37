import type { NDArray } from '@ashlar/core'
import { npx } from '@ashlar/core'
import { markBuiltIn } from './built-in.ts'
import { HybridBlock } from './hybrid-block.ts'

/** The larger of each element and 0, as a layer. */
export class ReLU extends HybridBlock {
  override forward(x: NDArray): NDArray {
    return npx.relu(x)
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return 'ReLU()'
  }
}
