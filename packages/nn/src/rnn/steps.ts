import type { NDArray } from '@ashlar/core'
import { np, npx } from '@ashlar/core'

/** What a recurrent layer computes at each step. */
export type Mode = 'relu' | 'tanh' | 'lstm' | 'gru'

/** How many vectors of hidden size a step needs, which is what the weights have rows for. */
export const GATES: Readonly<Record<Mode, number>> = { relu: 1, tanh: 1, lstm: 4, gru: 3 }

/** How many arrays a state has: an LSTM remembers its cells beside its output. */
export const STATES: Readonly<Record<Mode, number>> = { relu: 1, tanh: 1, lstm: 2, gru: 1 }

/** From both projections of a step, each (N, gates * hidden), and the state before it, to the state after it; its first array is the output. */
type Step = (fromInput: NDArray, fromHidden: NDArray, state: readonly NDArray[]) => NDArray[]

const gates = (x: NDArray, count: number): NDArray[] => np.split(x, count, { axis: 1 })

/** Elman (1990); Hochreiter and Schmidhuber (1997) with gates in, forget, cell, out; Cho et al. (2014) with gates reset, update, new. */
const STEPS: Readonly<Record<Mode, Step>> = {
  relu: (i, h) => [npx.relu(i.add(h))],
  tanh: (i, h) => [np.tanh(i.add(h))],
  lstm: (i, h, [, cell]) => {
    const [input, forget, candidate, output] = gates(i.add(h), 4) as [NDArray, NDArray, NDArray, NDArray]
    const next = npx.sigmoid(forget).mul(cell!).add(npx.sigmoid(input).mul(np.tanh(candidate)))
    return [npx.sigmoid(output).mul(np.tanh(next)), next]
  },
  gru: (i, h, [hidden]) => {
    const [fromInput, fromHidden] = [gates(i, 3), gates(h, 3)]
    const [reset, update] = [0, 1].map(gate => npx.sigmoid(fromInput[gate]!.add(fromHidden[gate]!))) as [NDArray, NDArray]
    const candidate = np.tanh(fromInput[2]!.add(reset.mul(fromHidden[2]!)))
    return [candidate.add(update.mul(hidden!.sub(candidate)))]
  },
}

/** The weights of one direction of one layer. */
export interface DirectionWeights {
  readonly i2hWeight: NDArray
  readonly h2hWeight: NDArray
  readonly i2hBias: NDArray
  readonly h2hBias: NDArray
}

/** The entries along the first axis. Halving keeps the gradient at T log T; T slices would each add an array of length T. */
function unstack(x: NDArray): NDArray[] {
  if (x.shape[0] === 1) return [x.reshape(x.shape.slice(1))]
  return np.split(x, [x.shape[0]! >> 1]).flatMap(unstack)
}

/**
 * Runs over a sequence (T, N, in), from its end where `backwards`.
 *
 * @param start the state before the first step, arrays of (N, hidden)
 * @returns the outputs (T, N, hidden) in the order of time, and the state after the last step
 */
export function unroll(mode: Mode, x: NDArray, weights: DirectionWeights, start: readonly NDArray[], backwards: boolean): { output: NDArray; state: NDArray[] } {
  // What comes from the input does not depend on other steps: one product for all.
  const fromInput = unstack(npx.linear(x, weights.i2hWeight, weights.i2hBias))
  if (backwards) fromInput.reverse()
  let state = [...start]
  const outputs = fromInput.map(each => {
    state = STEPS[mode](each, npx.linear(state[0]!, weights.h2hWeight, weights.h2hBias), state)
    return state[0]!
  })
  if (backwards) outputs.reverse()
  return { output: np.stack(outputs), state }
}
