import type { NDArray } from '@ashlar/core'
import { np } from '@ashlar/core'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import { checkRank } from './layout.ts'
import { BLOCK_NAMES, extentsOf, positional } from './options.ts'

/** What {@link ReflectionPad2D} takes. */
export interface ReflectionPadOptions extends BlockOptions {
  /** One width for all sides, or eight: before and behind each of the four axes, those of N and C being 0. */
  readonly padding?: number | readonly number[]
}

/** Puts mirror images around (N, C, height, width), the edge itself not repeated; a width stays below its extent. */
export class ReflectionPad2D extends HybridBlock {
  readonly #widths: readonly (readonly [number, number])[]

  /** @throws ValueError for anything but whole numbers from 0 */
  constructor(padding?: number | readonly number[] | ReflectionPadOptions, options?: ReflectionPadOptions) {
    const given = positional<number | readonly number[], ReflectionPadOptions>(padding, options, 'padding', 'ReflectionPad2D')
    const width = given.padding ?? 0
    const all = extentsOf(typeof width === 'number' ? [0, 0, 0, 0, width, width, width, width] : width, 8, 0, 'padding', 'ReflectionPad2D')
    super(checkNames(given, [...BLOCK_NAMES, 'padding'], 'ReflectionPad2D'))
    this.#widths = [0, 2, 4, 6].map(i => [all[i]!, all[i + 1]!] as const)
  }

  /** @throws ValueError for another rank, and where the mirror image would be larger than the array */
  override forward(x: NDArray): NDArray {
    checkRank(x, 'NCHW', this.name)
    return np.pad(x, this.#widths, { mode: 'reflect' })
  }

  static {
    markBuiltIn(this.prototype)
  }
}
