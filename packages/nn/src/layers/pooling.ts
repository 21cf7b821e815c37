import type { Extents, NDArray } from '@ashlar/core'
import { formatShape, npx } from '@ashlar/core'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import type { Layout, SpatialRank } from './layout.ts'
import { channelsFirst, checkLayout, checkRank, fromChannelsFirst } from './layout.ts'
import { BLOCK_NAMES, extentsOf, positional, pythonBool } from './options.ts'

/** What global pooling takes. */
export interface GlobalPoolOptions<L extends Layout = Layout> extends BlockOptions {
  /** The order of axes: channels first (default), or last, by transposition. */
  readonly layout?: L
}

/** What pooling takes. */
export interface PoolOptions<L extends Layout = Layout> extends GlobalPoolOptions<L> {
  /** Extents of the window (default 2); may be given before the options. */
  readonly poolSize?: Extents
  /** Steps of the window (default: its extents, so that windows do not overlap). */
  readonly strides?: Extents | null
  /** Elements on both sides of each axis that are not there (default 0). */
  readonly padding?: Extents
  /** Keep windows that reach beyond the end. */
  readonly ceilMode?: boolean
}

/** What average pooling takes. */
export interface AvgPoolOptions<L extends Layout = Layout> extends PoolOptions<L> {
  /** Padding counts as zeros (default); otherwise only real elements count. */
  readonly countIncludePad?: boolean
}

type Kind = 'max' | 'avg'

/** What all pooling layers share: kind, layout and printed form. */
abstract class AnyPool extends HybridBlock {
  static override readonly alias: string = 'pool'

  protected readonly kind: Kind
  readonly #layout: Layout

  constructor(rank: SpatialRank, kind: Kind, options: GlobalPoolOptions, op: string) {
    const layout = checkLayout(options.layout, rank, op)
    super(options)
    this.kind = kind
    this.#layout = layout
  }

  protected abstract pool(x: NDArray): NDArray
  /** Window, steps, padding, rounding and whether it is global, for the printed form. */
  protected abstract settings(): readonly [size: readonly number[], stride: readonly number[], padding: readonly number[], ceil: boolean, global: boolean]

  override forward(x: NDArray): NDArray {
    checkRank(x, this.#layout, this.name)
    return fromChannelsFirst(this.pool(channelsFirst(x, this.#layout)), this.#layout)
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    const [size, stride, padding, ceil, global] = this.settings()
    const windows = `size=${formatShape(size)}, stride=${formatShape(stride)}, padding=${formatShape(padding)}`
    return `${this.constructor.name}(${windows}, ceil_mode=${pythonBool(ceil)}, global_pool=${pythonBool(global)}, pool_type=${this.kind}, layout=${this.#layout})`
  }
}

const NAMES = [...BLOCK_NAMES, 'layout', 'poolSize', 'strides', 'padding', 'ceilMode']

/** Pooling by windows. */
export abstract class Pool extends AnyPool {
  readonly #size: readonly number[]
  readonly #stride: readonly number[]
  readonly #padding: readonly number[]
  readonly #ceilMode: boolean
  readonly #countIncludePad: boolean

  constructor(rank: SpatialRank, kind: Kind, sizeOrOptions: Extents | AvgPoolOptions | undefined, last: AvgPoolOptions | undefined) {
    const op = new.target.name
    const options = checkNames(positional<Extents, AvgPoolOptions>(sizeOrOptions, last, 'poolSize', op), kind === 'avg' ? [...NAMES, 'countIncludePad'] : NAMES, op)
    const size = extentsOf(options.poolSize ?? 2, rank, 1, 'poolSize', op)
    const stride = extentsOf(options.strides ?? size, rank, 1, 'strides', op)
    const padding = extentsOf(options.padding ?? 0, rank, 0, 'padding', op)
    super(rank, kind, options, op)
    this.#size = size
    this.#stride = stride
    this.#padding = padding
    this.#ceilMode = options.ceilMode ?? false
    this.#countIncludePad = options.countIncludePad ?? true
  }

  protected override pool(x: NDArray): NDArray {
    const windows = { kernel: this.#size, stride: this.#stride, padding: this.#padding, ceilMode: this.#ceilMode }
    return this.kind === 'max' ? npx.maxPool(x, windows) : npx.avgPool(x, { ...windows, countIncludePad: this.#countIncludePad })
  }

  protected override settings(): readonly [readonly number[], readonly number[], readonly number[], boolean, boolean] {
    return [this.#size, this.#stride, this.#padding, this.#ceilMode, false]
  }
}

/** Pooling of all that a channel has. */
export abstract class GlobalPool extends AnyPool {
  readonly #rank: SpatialRank

  constructor(rank: SpatialRank, kind: Kind, options: GlobalPoolOptions) {
    super(rank, kind, checkNames(options, [...BLOCK_NAMES, 'layout'], new.target.name), new.target.name)
    this.#rank = rank
  }

  protected override pool(x: NDArray): NDArray {
    return this.kind === 'max' ? npx.globalMaxPool(x) : npx.globalAvgPool(x)
  }

  protected override settings(): readonly [readonly number[], readonly number[], readonly number[], boolean, boolean] {
    const each = (n: number): number[] => new Array<number>(this.#rank).fill(n)
    return [each(1), each(1), each(0), true, true]
  }
}
