import { ValueError } from '@ashlar/core'
import { Block } from './block.ts'

/**
 * A block that can be traced: what it computes depends on its inputs' shapes and dtypes, and not on their values. So do
 * its children, which are HybridBlocks, too.
 */
export class HybridBlock extends Block {
  /** @internal */
  override get choosesChildren(): boolean { return true }

  /** @internal */
  override checkChild(child: Block): void {
    if (child instanceof HybridBlock) return
    throw new ValueError(`Children of HybridBlock must also be HybridBlock, but ${child} has type ${child.constructor.name}. If you are using Sequential, please try HybridSequential instead.`, {
      op: this.constructor.name, hint: 'a parent of blocks that cannot be traced extends Block',
    })
  }
}
