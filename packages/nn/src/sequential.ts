import { IndexError, describe, typeError } from '@ashlar/core'
import type { BlockOptions } from './block.ts'
import { Block } from './block.ts'
import { markBuiltIn } from './built-in.ts'

/** A child whose class is not known: its fields can be read, such as `net[0].weight`. */
// What `add` was given cannot be told from an index, so its fields are anything.
// eslint-disable-next-line typescript/no-explicit-any
export type AnyBlock = Block & { readonly [field: string]: any }

function isBlock(value: unknown): value is Block {
  return value instanceof Block
}

/**
 * Blocks that run one after the other, each on what the one before gave.
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
 * console.log(net(np.ones([2, 20])).shape)
 * // [ 2, 10 ]
 * ```
 */
export class Sequential extends Block {
  readonly [index: number]: AnyBlock

  constructor(...blocks: Block[])
  constructor(options: BlockOptions, ...blocks: Block[])
  constructor(first?: Block | BlockOptions, ...rest: Block[]) {
    super(first === undefined || isBlock(first) ? {} : first)
    this.add(...(isBlock(first) ? [first, ...rest] : rest))
  }

  /** How many blocks there are. */
  override get length(): number {
    return this.children.size
  }

  /** Appends blocks. @throws TypeError for anything else; nothing is added then */
  add(...blocks: Block[]): void {
    for (const block of blocks) {
      if (!isBlock(block)) throw typeError(`expected blocks, got ${describe(block)}`, { op: 'Sequential.add' })
    }
    for (const block of blocks) {
      const index = this.children.size
      this.registerChild(block)
      Object.defineProperty(this, index, { value: block, enumerable: true, configurable: true })
    }
  }

  /** The block at a position; negative ones count from the end. @throws IndexError */
  at(index: number): AnyBlock {
    const block = [...this.children.values()].at(index)
    if (block === undefined || !Number.isInteger(index)) throw new IndexError(`list index out of range: ${index} of ${this.length}`, { op: 'Sequential.at' })
    return block as AnyBlock
  }

  /** Some of the blocks, shared with this one, in a container of the same class and prefix. */
  slice(start?: number, stop?: number): this {
    const part = new (this.constructor as new (options: BlockOptions) => this)({ prefix: this.prefix })
    part.add(...[...this.children.values()].slice(start, stop))
    return part
  }

  *[Symbol.iterator](): IterableIterator<AnyBlock> {
    for (const block of this.children.values()) yield block as AnyBlock
  }

  // What goes in and comes out is what the first and the last block say.
  // eslint-disable-next-line typescript/no-explicit-any
  override forward(x: any): any {
    let value: unknown = x
    for (const block of this.children.values()) value = block(value)
    return value
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    return this.describeWith(this.children)
  }
}
