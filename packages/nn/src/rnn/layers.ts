import { ValueError, describe } from '@ashlar/core'
import type { RecurrentOptions } from './recurrent-layer.ts'
import { RecurrentLayer } from './recurrent-layer.ts'

/** What {@link RNN} takes beside its size. */
export interface RNNOptions extends RecurrentOptions {
  /** Default `'relu'`. */
  readonly activation?: 'relu' | 'tanh'
}

function modeOf(options: RNNOptions | number | undefined, last: RNNOptions | undefined): 'relu' | 'tanh' {
  const given = (typeof options === 'object' ? options : last)?.activation ?? 'relu'
  if (given === 'relu' || given === 'tanh') return given
  throw new ValueError(`unknown activation ${describe(given)}`, { op: 'RNN', hint: `use 'relu' or 'tanh'` })
}

/**
 * Elman's recurrent network: `h' = activation(x Wᵢᵀ + bᵢ + h Wₕᵀ + bₕ)`.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { rnn } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const layer = new rnn.RNN(16)
 * layer.initialize()
 * const x = np.ones([5, 2, 3])
 * console.log(layer(x).shape)
 * // [ 5, 2, 16 ]
 * const [y, state] = layer(x, layer.beginState(2))
 * console.log(y.shape, state.map(each => each.shape))
 * // [ 5, 2, 16 ] [ [ 1, 2, 16 ] ]
 * ```
 */
export class RNN extends RecurrentLayer {
  /** @throws ValueError for sizes that are none, and for an unknown activation */
  constructor(hiddenSize: number, numLayers?: number | RNNOptions, options?: RNNOptions) {
    super(modeOf(numLayers, options), hiddenSize, numLayers, options, 'activation')
  }
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997): with gates i, f, g, o of `x Wᵢᵀ + bᵢ + h Wₕᵀ + bₕ`,
 * `c' = σ(f) c + σ(i) tanh(g)` and `h' = σ(o) tanh(c')`. The state is [h, c].
 */
export class LSTM extends RecurrentLayer {
  /** @throws ValueError for sizes that are none */
  constructor(hiddenSize: number, numLayers?: number | RecurrentOptions, options?: RecurrentOptions) {
    super('lstm', hiddenSize, numLayers, options)
  }
}

/**
 * Gated recurrent units (Cho et al., 2014): with gates r, z, n of both projections,
 * `h' = (1 - σ(z)) tanh(nᵢ + σ(r) nₕ) + σ(z) h`.
 */
export class GRU extends RecurrentLayer {
  /** @throws ValueError for sizes that are none */
  constructor(hiddenSize: number, numLayers?: number | RecurrentOptions, options?: RecurrentOptions) {
    super('gru', hiddenSize, numLayers, options)
  }
}
