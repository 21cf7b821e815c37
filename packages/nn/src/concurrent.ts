import type { NDArray } from '@ashlar/core'
import { ValueError, describe, np } from '@ashlar/core'
import type { Block, BlockOptions } from './block.ts'
import { markBuiltIn } from './built-in.ts'
import { splitArguments } from './container.ts'
import { HybridSequential } from './hybrid-sequential.ts'
import { Sequential } from './sequential.ts'

/** What a Concurrent is made with. */
export interface ConcurrentOptions extends BlockOptions {
  /** Along which axis the outputs are joined (default -1). */
  readonly axis?: number
}

function axisOf(options: ConcurrentOptions, op: string): number {
  const axis = options.axis ?? -1
  if (Number.isInteger(axis)) return axis
  throw new ValueError(`an axis is a whole number, got ${describe(axis)}`, { op })
}

/** What every child makes of the same input, joined along an axis. */
function runBeside(container: Block, x: unknown, axis: number): NDArray {
  const outputs = [...container.children.values()].map(block => block(x) as NDArray)
  if (outputs.length === 0) throw new ValueError('there are no blocks whose outputs could be joined', { op: container.constructor.name, hint: 'add some' })
  return np.concatenate(outputs, { axis })
}

/**
 * Blocks that run side by side on the same input; their outputs are joined along `axis` and agree on all others.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Concurrent, Dense, Identity } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const net = new Concurrent({ axis: -1 }, new Dense(3), new Identity())
 * net.initialize()
 * console.log(net(np.ones([2, 4])).shape)
 * // [ 2, 7 ]
 * ```
 */
export class Concurrent extends Sequential {
  readonly axis: number

  constructor(...blocks: Block[])
  constructor(options: ConcurrentOptions, ...blocks: Block[])
  constructor(...given: readonly (Block | ConcurrentOptions)[]) {
    const [options, blocks] = splitArguments(given)
    super(options, ...blocks)
    this.axis = axisOf(options, 'Concurrent')
  }

  protected override sliceOptions(): ConcurrentOptions {
    return { prefix: this.prefix, axis: this.axis }
  }

  override forward(x: NDArray): NDArray {
    return runBeside(this, x, this.axis)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

/** A {@link Concurrent} that can be traced, of blocks that can. */
export class HybridConcurrent extends HybridSequential {
  readonly axis: number

  constructor(...blocks: Block[])
  constructor(options: ConcurrentOptions, ...blocks: Block[])
  constructor(...given: readonly (Block | ConcurrentOptions)[]) {
    const [options, blocks] = splitArguments(given)
    super(options, ...blocks)
    this.axis = axisOf(options, 'HybridConcurrent')
  }

  protected override sliceOptions(): ConcurrentOptions {
    return { prefix: this.prefix, axis: this.axis }
  }

  override forward(x: NDArray): NDArray {
    return runBeside(this, x, this.axis)
  }

  static {
    markBuiltIn(this.prototype)
  }
}
