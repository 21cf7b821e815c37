import type { Extents, NDArray } from '@ashlar/core'
import { ValueError, formatShape, npx } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import type { ActivationName } from '../activation.ts'
import { Activation } from '../activation.ts'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import type { Parameter } from '../parameter.ts'
import type { Layout, SpatialRank } from './layout.ts'
import { channelsFirst, checkLayout, checkRank, fromChannelsFirst, partsOf, shapeIn } from './layout.ts'
import { BLOCK_NAMES, extentsOf, positional, wholeNumber } from './options.ts'
import { settle } from './settle.ts'

/** What every convolution takes beside its channels. */
export interface ConvolutionLayerOptions<L extends Layout = Layout> extends BlockOptions {
  /** Extents of the window; needed here where it was not given before the options. */
  readonly kernelSize?: Extents
  /** Steps of the window (default 1). */
  readonly strides?: Extents
  /** Zeros on both sides of each axis (default 0). */
  readonly padding?: Extents
  /** Distance of the elements that a window sees (default 1). */
  readonly dilation?: Extents
  /** Channels in as many groups, each convolved alone (default 1). */
  readonly groups?: number
  /** The order of axes: channels first (default), or last, by transposition. */
  readonly layout?: L
  readonly activation?: ActivationName | null
  readonly useBias?: boolean
  readonly weightInitializer?: InitializerLike | null
  readonly biasInitializer?: InitializerLike
  /** How many channels come in; 0 (default) waits for the first forward to tell. */
  readonly inChannels?: number
}

/** What a transposed convolution takes. */
export interface TransposedLayerOptions<L extends Layout = Layout> extends ConvolutionLayerOptions<L> {
  /** Extra extent behind each axis, after padding was taken off (default 0). */
  readonly outputPadding?: Extents
}

const NAMES = [
  ...BLOCK_NAMES, 'kernelSize', 'strides', 'padding', 'dilation', 'groups', 'layout', 'activation', 'useBias', 'weightInitializer', 'biasInitializer', 'inChannels',
]

/** What the six convolutions are: they differ in the number of spatial axes and in which way round they go. */
export abstract class Convolution extends HybridBlock {
  static override readonly alias: string = 'conv'

  readonly weight: Parameter
  readonly bias: Parameter | null
  readonly act: Activation | null
  readonly #transposed: boolean
  readonly #channels: number
  readonly #groups: number
  readonly #kernel: readonly number[]
  readonly #stride: readonly number[]
  readonly #padding: readonly number[]
  readonly #dilation: readonly number[]
  readonly #outputPadding: readonly number[]
  readonly #layout: Layout

  constructor(rank: SpatialRank, transposed: boolean, channels: number, kernelOrOptions: Extents | TransposedLayerOptions, last: TransposedLayerOptions | undefined) {
    const op = new.target.name
    const options = checkNames(positional<Extents, TransposedLayerOptions>(kernelOrOptions, last, 'kernelSize', op), transposed ? [...NAMES, 'outputPadding'] : NAMES, op)
    const extents = (name: 'kernelSize' | 'strides' | 'padding' | 'dilation' | 'outputPadding', least: number): readonly number[] =>
      extentsOf(options[name] ?? (name === 'kernelSize' ? [] : least), rank, least, name, op)
    const out = wholeNumber(channels, 1, 'channels', op)
    const inChannels = wholeNumber(options.inChannels ?? 0, 0, 'inChannels', op)
    const groups = wholeNumber(options.groups ?? 1, 1, 'groups', op)
    for (const count of [out, inChannels]) if (count % groups !== 0) throw new ValueError(`${count} channels do not divide into ${groups} groups`, { op })
    const windows = [extents('kernelSize', 1), extents('strides', 1), extents('padding', 0), extents('dilation', 1), extents('outputPadding', 0)] as const
    const layout = checkLayout(options.layout, rank, op)
    super(options)
    ;[this.#kernel, this.#stride, this.#padding, this.#dilation, this.#outputPadding] = windows
    this.#transposed = transposed
    this.#channels = out
    this.#groups = groups
    this.#layout = layout
    const { activation = null, useBias = true, weightInitializer = null, biasInitializer = 'zeros' } = options
    this.weight = this.params.get('weight', { shape: this.#weightShape(inChannels), init: weightInitializer, allowDeferredInit: true })
    this.bias = useBias ? this.params.get('bias', { shape: [out], init: biasInitializer, allowDeferredInit: true }) : null
    this.act = activation === null ? null : this.nameScope(() => new Activation(activation, { prefix: `${activation}_` }))
  }

  /** (channels, in / groups, …kernel), or (in, channels / groups, …kernel) for a transposed one (behaviour B-10.3). */
  #weightShape(inChannels: number): number[] {
    const [given, each] = [inChannels === 0 ? -1 : inChannels, this.#channels / this.#groups]
    return this.#transposed
      ? shapeIn(this.#layout, given, each, this.#kernel)
      : shapeIn(this.#layout, this.#channels, given === -1 ? -1 : given / this.#groups, this.#kernel)
  }

  override forward(x: NDArray): NDArray {
    this.#settle(x)
    const weight = channelsFirst(this.weight.data(x.context), this.#layout)
    const bias = this.bias === null ? null : this.bias.data(x.context)
    const windows = { stride: this.#stride, padding: this.#padding, dilation: this.#dilation, groups: this.#groups }
    const input = channelsFirst(x, this.#layout)
    const y = fromChannelsFirst(this.#transposed
      ? npx.convolutionTranspose(input, weight, bias, { ...windows, outputPadding: this.#outputPadding })
      : npx.convolution(input, weight, bias, windows), this.#layout)
    return this.act === null ? y : this.act(y)
  }

  /** Checks an input, and completes the weight's shape from the first. */
  #settle(x: NDArray): void {
    checkRank(x, this.#layout, this.name)
    const { channels, spatial } = partsOf(x, this.#layout)
    if (channels === 0 || channels % this.#groups !== 0) throw new ValueError(`${channels} channels do not divide into ${this.#groups} groups`, { op: this.name, shapes: [x.shape] })
    // The operation checks that as well, but too late for a layer that would have taken its shape from this input.
    if (this.weight.deferred && this.#extents(spatial).some(n => n < 1)) {
      throw new ValueError(`a window of ${formatShape(this.#kernel)} does not fit into ${formatShape(spatial)} with padding ${formatShape(this.#padding)}`, { op: this.name, shapes: [x.shape] })
    }
    settle(this, x, [[this.weight, this.#weightShape(channels)], [this.bias, [this.#channels]]])
  }

  /** The spatial extents of the output. */
  #extents(spatial: readonly number[]): number[] {
    return spatial.map((n, i) => {
      const [padding, stride, reach] = [this.#padding[i]!, this.#stride[i]!, this.#dilation[i]! * (this.#kernel[i]! - 1)]
      if (this.#transposed) return (n - 1) * stride - 2 * padding + reach + this.#outputPadding[i]! + 1
      return Math.floor((n + 2 * padding - reach - 1) / stride) + 1
    })
  }

  static {
    markBuiltIn(this.prototype)
  }

  /** Only what is not the default is shown. Unlike in Gluon, a transposed convolution shows its channels in the direction that they take. */
  override toString(): string {
    const shape = this.weight.shape!
    const second = this.#layout.endsWith('C') ? shape.at(-1)! : shape[1]!
    const parts = [
      `${this.#transposed ? shape[0] : second} -> ${this.#channels}`,
      `kernel_size=${formatShape(this.#kernel)}`,
      `stride=${formatShape(this.#stride)}`,
    ]
    if (this.#padding.some(n => n !== 0)) parts.push(`padding=${formatShape(this.#padding)}`)
    if (this.#dilation.some(n => n !== 1)) parts.push(`dilation=${formatShape(this.#dilation)}`)
    if (this.#outputPadding.some(n => n !== 0)) parts.push(`output_padding=${formatShape(this.#outputPadding)}`)
    if (this.#groups !== 1) parts.push(`groups=${this.#groups}`)
    if (this.bias === null) parts.push('bias=False')
    if (this.act !== null) parts.push(this.act.toString())
    return `${this.constructor.name}(${parts.join(', ')})`
  }
}
