import type { NDArray } from '@ashlar/core'
import { autograd, np, npx, scope } from '@ashlar/core'
import { InitDesc } from '@ashlar/init'
import type { Candidate } from './candidates.ts'

/** What the layers do to their products. */
export const ACTIVATIONS = {
  relu: npx.relu,
  tanh: np.tanh,
  sigmoid: npx.sigmoid,
  none: (x: NDArray): NDArray => x,
} as const
export type ActivationName = keyof typeof ACTIVATIONS

/** The network that signals go through. */
export interface Course {
  readonly depth: number
  /** Units of each layer. */
  readonly width: number
  readonly activation: ActivationName
  readonly seed: number
}

/** How large signals are behind each layer, the input's size being 1. */
export interface Journey {
  readonly name: string
  /** Entry 0 is the input, entry `depth` the output. */
  readonly forward: readonly number[]
  /** The same for gradients on their way back: entry `depth` is the output's, which is 1, entry 0 the input's. */
  readonly backward: readonly number[]
}

/** How many signals go together. */
const BATCH = 32
/** A signal has arrived while it is within this factor of what was sent. */
const FACTOR = 100

/** Sends random signals through fresh layers and random gradients back. */
export function travel({ name, initializer }: Candidate, { depth, width, activation, seed }: Course): Journey {
  return scope(() => {
    np.random.seed(seed)
    const x = np.random.normal(0, 1, [BATCH, width])
    const sent = np.random.normal(0, 1, [BATCH, width])
    const weights = Array.from({ length: depth }, (_, layer) => {
      const weight = np.zeros([width, width])
      initializer.call(new InitDesc(`layer${layer}_weight`), weight)
      return weight
    })
    // Zeros that are added behind each layer change nothing, and their gradients are those of the signals there.
    const probes = Array.from({ length: depth + 1 }, () => np.zeros([BATCH, width]))
    for (const probe of probes) probe.attachGrad()
    const signals: NDArray[] = []
    const y = autograd.record(() => {
      let signal = x.add(probes[0]!)
      signals.push(signal)
      weights.forEach((weight, layer) => {
        signal = ACTIVATIONS[activation](signal.matmul(weight.T)).add(probes[layer + 1]!)
        signals.push(signal)
      })
      return signal
    })
    const forward = signals.map(rootMeanSquare)
    y.backward(sent)
    const backward = probes.map(probe => rootMeanSquare(probe.grad!))
    return { name, forward: forward.map(size => size / forward[0]!), backward: backward.map(size => size / backward[depth]!) }
  })
}

/** In double precision on the host, where squares of small numbers do not vanish. */
function rootMeanSquare(x: NDArray): number {
  const values = Float64Array.from(x.toTypedArray() as Float32Array)
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

/** How many layers a signal goes through before it is a hundred times larger or smaller than what was sent. */
export function reach(sizes: readonly number[]): number {
  const lost = sizes.findIndex(size => !(size >= 1 / FACTOR && size <= FACTOR))
  return lost < 0 ? sizes.length - 1 : lost - 1
}

/** The way that a gradient takes: from the output to the input. */
export function wayBack({ backward }: Journey): number[] {
  return [...backward].reverse()
}
