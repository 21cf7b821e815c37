import { markBuiltIn } from './built-in.ts'
import { HybridBlock } from './hybrid-block.ts'

/** Gives its input back: the branch of a `Concurrent` that changes nothing. */
export class Identity extends HybridBlock {
  override forward<T>(x: T): T {
    return x
  }

  static {
    markBuiltIn(this.prototype)
  }
}
