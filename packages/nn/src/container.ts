import { IndexError, ValueError, describe, typeError } from '@ashlar/core'
import type { BlockOptions } from './block.ts'
import { Block } from './block.ts'

/** A child whose class is not known: its fields can be read, such as `net[0].weight`. */
// What `add` was given cannot be told from an index, so its fields are anything.
// eslint-disable-next-line typescript/no-explicit-any
export type AnyBlock = Block & { readonly [field: string]: any }

/**
 * The first children, one by one: with an index signature alone `net[0]` might be undefined, and `net[0].weight` would
 * not compile. Those that a constructor got keep their types.
 */
export interface Indexed<
  A extends Block, B extends Block, C extends Block, D extends Block, E extends Block, F extends Block, G extends Block, H extends Block,
> {
  readonly 0: A
  readonly 1: B
  readonly 2: C
  readonly 3: D
  readonly 4: E
  readonly 5: F
  readonly 6: G
  readonly 7: H
  readonly 8: AnyBlock
  readonly 9: AnyBlock
  readonly 10: AnyBlock
  readonly 11: AnyBlock
  readonly 12: AnyBlock
  readonly 13: AnyBlock
  readonly 14: AnyBlock
  readonly 15: AnyBlock
}

/** What a container's constructor got: options perhaps, then blocks. */
export function splitArguments<O extends BlockOptions>(given: readonly (Block | O)[]): [O | Record<string, never>, Block[]] {
  const [first, ...rest] = given
  return first === undefined || first instanceof Block ? [{}, given as Block[]] : [first, rest as Block[]]
}

/** Refuses what is no block, before anything is added. */
export function checkBlocks(container: Block, blocks: readonly unknown[]): void {
  for (const block of blocks) {
    if (!(block instanceof Block)) throw typeError(`expected blocks, got ${describe(block)}`, { op: `${container.constructor.name}.add`, hint: 'new nn.Lambda(fn) makes a block of a function' })
    if (block === container) throw new ValueError('a container cannot hold itself', { op: `${container.constructor.name}.add` })
    container.checkChild(block)
  }
}

/** Lets `net[0]` be the first child, and so on; these are no fields, so they are not listed as such. */
export function setIndices(container: Block): void {
  let index = 0
  for (const block of container.children.values()) {
    if ((container as unknown as Record<number, unknown>)[index] !== block) Object.defineProperty(container, index, { value: block, configurable: true })
    index++
  }
}

/** The child at a position; negative ones count from the end. @throws IndexError */
export function childAt(container: Block, index: number): AnyBlock {
  const blocks = [...container.children.values()]
  const block = Number.isInteger(index) ? blocks.at(index) : undefined
  if (block === undefined) throw new IndexError(`list index out of range: ${describe(index)} of ${blocks.length}`, { op: `${container.constructor.name}.at` })
  return block as AnyBlock
}

/** Runs the children one after the other. */
export function runInTurn(container: Block, x: unknown): unknown {
  let value = x
  for (const block of container.children.values()) value = block(value)
  return value
}
