import type { Context, DType, NDArray, Shape } from '@ashlar/core'
import { AssertionError, ValueError, describe, formatShape, isNDArray, np, npx, sameShape } from '@ashlar/core'
import type { InitializerLike } from '@ashlar/init'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { BLOCK_NAMES, positional, pythonNumber, wholeNumber } from '../layers/options.ts'
import { settle } from '../layers/settle.ts'
import { checkNames } from '../options.ts'
import type { Parameter } from '../parameter.ts'
import type { DirectionWeights, Mode } from './steps.ts'
import { GATES, STATES, unroll } from './steps.ts'

/** What every recurrent layer takes beside its size. */
export interface RecurrentOptions extends BlockOptions {
  /** Layers on top of each other (default 1); may be given before the options. */
  readonly numLayers?: number
  /** The order of the input's axes: time, samples, features (default), or samples first. States have no time, and stay as they are. */
  readonly layout?: 'TNC' | 'NTC'
  /** The rate of dropout between layers, in training (default 0). */
  readonly dropout?: number
  /** A second direction, from the end; its outputs stand behind the first's. */
  readonly bidirectional?: boolean
  /** How many features come in; 0 (default) waits for the first forward to tell. */
  readonly inputSize?: number
  readonly i2hWeightInitializer?: InitializerLike | null
  readonly h2hWeightInitializer?: InitializerLike | null
  readonly i2hBiasInitializer?: InitializerLike
  readonly h2hBiasInitializer?: InitializerLike
  readonly dtype?: DType
}

/** How {@link RecurrentLayer.beginState} makes a state. */
export interface BeginStateOptions {
  readonly ctx?: Context
  readonly dtype?: DType
  /** What makes an array of a shape (default `np.zeros`). */
  readonly func?: (shape: Shape, options: { readonly ctx?: Context; readonly dtype: DType }) => NDArray
}

const NAMES = [
  ...BLOCK_NAMES, 'numLayers', 'layout', 'dropout', 'bidirectional', 'inputSize', 'i2hWeightInitializer', 'h2hWeightInitializer', 'i2hBiasInitializer',
  'h2hBiasInitializer', 'dtype',
]

/** The parameters of one direction of one layer, in the order in which they are drawn. */
type Direction = Readonly<Record<keyof DirectionWeights, Parameter>>

// The state is given or not, and what comes back follows.
// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export interface RecurrentLayer {
  (x: NDArray): NDArray
  (x: NDArray, state: NDArray | readonly NDArray[]): [NDArray, NDArray[]]
}

/**
 * What recurrent layers share. The parameters stand in fields of Gluon's names: `l0_i2h_weight`, `l0_h2h_weight`,
 * `l0_i2h_bias`, `l0_h2h_bias`, then `r0_…` for the second direction, then `l1_…`.
 */
// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export abstract class RecurrentLayer extends HybridBlock {
  readonly [parameter: `${'l' | 'r'}${number}_${'i2h' | 'h2h'}_${'weight' | 'bias'}`]: Parameter

  readonly #mode: Mode
  readonly #hidden: number
  readonly #layers: number
  readonly #samplesFirst: boolean
  readonly #dropout: number
  readonly #directions: readonly (readonly Direction[])[]

  /** @throws ValueError for sizes that are none, AssertionError `Invalid layout` */
  constructor(mode: Mode, hiddenSize: number, layersOrOptions: number | RecurrentOptions | undefined, last: RecurrentOptions | undefined, ...moreNames: string[]) {
    const op = new.target.name
    const options = checkNames(positional<number, RecurrentOptions>(layersOrOptions, last, 'numLayers', op), [...NAMES, ...moreNames], op)
    const { layout = 'TNC', dropout = 0, bidirectional = false } = options
    const hidden = wholeNumber(hiddenSize, 1, 'hiddenSize', op)
    const layers = wholeNumber(options.numLayers ?? 1, 1, 'numLayers', op)
    const inputSize = wholeNumber(options.inputSize ?? 0, 0, 'inputSize', op)
    if (layout !== 'TNC' && layout !== 'NTC') throw new AssertionError(`Invalid layout ${describe(layout)}; must be one of ['TNC' or 'NTC']`, { op })
    if (!(typeof dropout === 'number' && dropout >= 0 && dropout < 1)) throw new ValueError(`dropout is a number from 0 up to but without 1, got ${describe(dropout)}`, { op })
    super(options)
    this.#mode = mode
    this.#hidden = hidden
    this.#layers = layers
    this.#samplesFirst = layout === 'NTC'
    this.#dropout = dropout
    const sides = bidirectional ? ['l', 'r'] : ['l']
    this.#directions = Array.from({ length: layers }, (_, layer) => {
      const size = layer > 0 ? hidden * sides.length : inputSize === 0 ? -1 : inputSize
      return sides.map(side => this.#direction(`${side}${layer}_`, size, options))
    })
  }

  #direction(prefix: string, size: number, options: RecurrentOptions): Direction {
    const rows = GATES[this.#mode] * this.#hidden
    const parameter = (name: string, shape: number[], init: InitializerLike | null): Parameter => {
      const made = this.params.get(prefix + name, { shape, dtype: options.dtype ?? 'float32', init, allowDeferredInit: true })
      Object.defineProperty(this, prefix + name, { value: made, enumerable: true, configurable: true, writable: true })
      return made
    }
    return {
      i2hWeight: parameter('i2h_weight', [rows, size], options.i2hWeightInitializer ?? null),
      h2hWeight: parameter('h2h_weight', [rows, this.#hidden], options.h2hWeightInitializer ?? null),
      i2hBias: parameter('i2h_bias', [rows], options.i2hBiasInitializer ?? 'zeros'),
      h2hBias: parameter('h2h_bias', [rows], options.h2hBiasInitializer ?? 'zeros'),
    }
  }

  /** The shapes of a state's arrays: (layers * directions, N, hidden), and for an LSTM a second one for its cells. */
  stateInfo(batchSize = 0): { readonly shape: Shape; readonly layout: 'LNC' }[] {
    const shape = [this.#layers * this.#directions[0]!.length, batchSize, this.#hidden]
    return Array.from({ length: STATES[this.#mode] }, () => ({ shape, layout: 'LNC' }))
  }

  /** A state to start from: zeros, on the current context, unless the options say otherwise. */
  beginState(batchSize = 0, options: BeginStateOptions = {}): NDArray[] {
    const { func = np.zeros, ctx, dtype = this.#directions[0]![0]!.h2hWeight.dtype } = checkNames(options, ['ctx', 'dtype', 'func'], 'beginState')
    const size = wholeNumber(batchSize, 0, 'batchSize', 'beginState')
    return this.stateInfo(size).map(({ shape }) => func(shape, ctx === undefined ? { dtype } : { ctx, dtype }))
  }

  /** The outputs of the last layer, (T, N, hidden * directions) in the input's layout. */
  override forward(x: NDArray): NDArray
  /** Continues from a state, and gives the outputs with the state after the last step. */
  override forward(x: NDArray, state: NDArray | readonly NDArray[]): [NDArray, NDArray[]]
  override forward(x: NDArray, state: NDArray | readonly NDArray[] | null = null): NDArray | [NDArray, NDArray[]] {
    const sequence = this.#sequence(x)
    const given = state === null ? null : this.#checkState(isNDArray(state) ? [state] : state, sequence.shape[1]!)
    this.#settle(sequence, x)
    const start = given ?? this.beginState(sequence.shape[1]!, { ctx: x.context })
    const { output, states } = this.#run(sequence, start)
    const y = this.#samplesFirst ? output.swapaxes(0, 1) : output
    return state === null ? y : [y, states]
  }

  /** The input as (T, N, in). @throws ValueError */
  #sequence(x: NDArray): NDArray {
    const layout = this.#samplesFirst ? '(N, T, C)' : '(T, N, C)'
    if (x.ndim !== 3) throw new ValueError(`the input is ${layout}, got ${formatShape(x.shape)}`, { op: this.name, shapes: [x.shape] })
    const sequence = this.#samplesFirst ? x.swapaxes(0, 1) : x
    if (sequence.shape[0] === 0) throw new ValueError(`the sequence is empty: ${layout} is ${formatShape(x.shape)}`, { op: this.name, shapes: [x.shape] })
    return sequence
  }

  #checkState(state: readonly NDArray[], samples: number): readonly NDArray[] {
    const expected = this.stateInfo(samples).map(({ shape }) => shape)
    const found = state.map(each => (isNDArray(each) ? each.shape : null))
    if (found.length === expected.length && found.every((shape, i) => shape !== null && sameShape(shape, expected[i]!))) return state
    const text = (shapes: readonly (Shape | null)[]): string => shapes.map(shape => (shape === null ? 'no array' : formatShape(shape))).join(', ')
    throw new ValueError(`Invalid recurrent state shape. Expecting ${text(expected)}, got ${text(found)}.`, { op: this.name, shapes: expected, hint: `make one by beginState(${samples})` })
  }

  #settle(sequence: NDArray, x: NDArray): void {
    const rows = GATES[this.#mode] * this.#hidden
    const sides = this.#directions[0]!.length
    settle(this, x, this.#directions.flatMap((layer, i) => layer.flatMap(({ i2hWeight, h2hWeight, i2hBias, h2hBias }) => [
      [i2hWeight, [rows, i === 0 ? sequence.shape[2]! : this.#hidden * sides]], [h2hWeight, [rows, this.#hidden]], [i2hBias, [rows]], [h2hBias, [rows]],
    ] as const)))
  }

  #run(sequence: NDArray, start: readonly NDArray[]): { output: NDArray; states: NDArray[] } {
    const after: NDArray[][] = []
    let output = sequence
    for (const [layer, directions] of this.#directions.entries()) {
      if (layer > 0 && this.#dropout > 0) output = npx.dropout(output, this.#dropout)
      const input = output
      const sides = directions.map((direction, side) => {
        const weights = Object.fromEntries(Object.entries(direction).map(([name, parameter]) => [name, parameter.data(sequence.context)])) as unknown as DirectionWeights
        const at = layer * directions.length + side
        const { output: found, state } = unroll(this.#mode, input, weights, start.map(each => each.get(at)), side === 1)
        after.push(state)
        return found
      })
      output = sides.length === 1 ? sides[0]! : np.concatenate(sides, { axis: 2 })
    }
    return { output, states: start.map((_, i) => np.stack(after.map(state => state[i]!))) }
  }

  static {
    markBuiltIn(this.prototype)
  }

  override toString(): string {
    const directions = this.#directions[0]!
    const parts = [`${directions[0]!.i2hWeight.shape![1]} -> ${this.#hidden}`, this.#samplesFirst ? 'NTC' : 'TNC']
    if (this.#layers !== 1) parts.push(`num_layers=${this.#layers}`)
    if (this.#dropout !== 0) parts.push(`dropout=${pythonNumber(this.#dropout)}`)
    if (directions.length === 2) parts.push('bidirectional')
    return `${this.constructor.name}(${parts.join(', ')})`
  }
}
