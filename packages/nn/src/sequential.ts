import type { BlockOptions } from './block.ts'
import { Block } from './block.ts'
import { markBuiltIn, markContainer } from './built-in.ts'
import type { AnyBlock, Indexed } from './container.ts'
import { checkBlocks, childAt, runInTurn, setIndices, splitArguments } from './container.ts'

// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export interface Sequential<
  A extends Block = AnyBlock, B extends Block = AnyBlock, C extends Block = AnyBlock, D extends Block = AnyBlock,
  E extends Block = AnyBlock, F extends Block = AnyBlock, G extends Block = AnyBlock, H extends Block = AnyBlock,
> extends Indexed<A, B, C, D, E, F, G, H> {}

/**
 * Blocks that run one after the other, each on what the one before gave. `net[0]` has the type of the block that the
 * constructor got; where `add` brought it, that of any block, with fields that are not checked.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Dense, Sequential } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const net = new Sequential()
 * net.add(new Dense(256, { activation: 'relu' }), new Dense(10))
 * net.initialize()
 * console.log(net(np.ones([2, 20])).shape, net[1].weight.shape, net.at(-1) === net[1])
 * // [ 2, 10 ] [ 10, 256 ] true
 * ```
 */
// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export class Sequential<
  A extends Block = AnyBlock, B extends Block = AnyBlock, C extends Block = AnyBlock, D extends Block = AnyBlock,
  E extends Block = AnyBlock, F extends Block = AnyBlock, G extends Block = AnyBlock, H extends Block = AnyBlock,
> extends Block {
  readonly [index: number]: AnyBlock

  constructor(a?: A, b?: B, c?: C, d?: D, e?: E, f?: F, g?: G, h?: H, ...more: Block[])
  constructor(options: BlockOptions, a?: A, b?: B, c?: C, d?: D, e?: E, f?: F, g?: G, h?: H, ...more: Block[])
  constructor(...blocks: Block[])
  constructor(options: BlockOptions, ...blocks: Block[])
  constructor(...given: readonly (Block | BlockOptions)[]) {
    const [options, blocks] = splitArguments(given)
    super(options)
    this.add(...blocks)
  }

  /** How many blocks there are. */
  override get length(): number {
    return this.children.size
  }

  /** Appends blocks. @throws TypeError for anything else; nothing is added then */
  add(...blocks: Block[]): void {
    checkBlocks(this, blocks)
    for (const block of blocks) this.registerChild(block)
  }

  override registerChild(block: Block, name: string | null = null): void {
    super.registerChild(block, name)
    setIndices(this)
  }

  /** The block at a position; negative ones count from the end. @throws IndexError */
  at(index: number): AnyBlock {
    return childAt(this, index)
  }

  /** Some of the blocks, shared with this one, in a container of the same class and prefix. */
  slice(start?: number, stop?: number): Sequential {
    const part = new (this.constructor as new (options: BlockOptions) => Sequential)(this.sliceOptions())
    part.add(...[...this.children.values()].slice(start, stop))
    return part
  }

  /** What a slice is made with. */
  protected sliceOptions(): BlockOptions {
    return { prefix: this.prefix }
  }

  *[Symbol.iterator](): IterableIterator<AnyBlock> {
    for (const block of this.children.values()) yield block as AnyBlock
  }

  // What goes in and comes out is what the first and the last block say.
  // eslint-disable-next-line typescript/no-explicit-any
  override forward(x: any): any {
    return runInTurn(this, x)
  }

  static {
    markBuiltIn(this.prototype)
    markContainer(this.prototype)
  }

  override toString(): string {
    return this.describeWith(this.children)
  }
}
