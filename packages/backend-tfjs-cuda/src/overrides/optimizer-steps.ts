import { MAX_RANK } from '../axes.ts'
import type { Steps } from '../engine.ts'
import { binary } from '../kernels/binary.ts'
import type { TensorInfo } from '../tfjs.ts'
import type { Composed, Operand } from './override.ts'
import { operand } from './override.ts'

// Steps of optimizers, each a few kernels without core in between. All arrays have the weight's shape.

interface GradientOptions {
  readonly rescaleGrad: number
  readonly clipGradient: number | null
  readonly wd: number
}

const scaled = (steps: Steps, x: TensorInfo, by: number): TensorInfo => (by === 1 ? x : steps.call('Multiply', { a: x, b: steps.scalar(by) }))
const sum = (steps: Steps, a: TensorInfo, b: TensorInfo): TensorInfo => steps.call('Add', { a, b })
const difference = (steps: Steps, a: TensorInfo, b: TensorInfo): TensorInfo => steps.call('Sub', { a, b })

/** NaN passes through, as the kernels for `maximum` and `minimum` see to. */
function clipped(steps: Steps, x: TensorInfo, limit: number | null): TensorInfo {
  if (limit === null) return x
  const bounded = (info: TensorInfo, kind: 'maximum' | 'minimum', by: number): TensorInfo =>
    binary(steps, kind, operand({ info, shape: info.shape }), operand({ info: steps.scalar(by), shape: [] }), info.shape)
  return bounded(bounded(x, 'maximum', -limit), 'minimum', limit)
}

/** `learningRate (clip(rescaleGrad g) + wd w)`. */
function pull(steps: Steps, w: TensorInfo, g: TensorInfo, { learningRate, wd, rescaleGrad, clipGradient }: GradientOptions & { readonly learningRate: number }): TensorInfo {
  const along = clipGradient === null ? scaled(steps, g, learningRate * rescaleGrad) : scaled(steps, clipped(steps, scaled(steps, g, rescaleGrad), clipGradient), learningRate)
  return wd === 0 ? along : sum(steps, along, scaled(steps, w, learningRate * wd))
}

/** `clip(rescaleGrad g + wd w)`. */
function decayed(steps: Steps, w: TensorInfo, g: TensorInfo, { wd, rescaleGrad, clipGradient }: GradientOptions): TensorInfo {
  const own = scaled(steps, g, rescaleGrad)
  return clipped(steps, wd === 0 ? own : sum(steps, own, scaled(steps, w, wd)), clipGradient)
}

/** A step that is written for tensors of one shape. */
function step<A>(compose: (steps: Steps, arrays: [TensorInfo, TensorInfo, TensorInfo], settings: A) => TensorInfo): Composed {
  return ((steps: Steps, inputs: readonly Operand[], settings: A) => {
    const arrays = inputs.map(x => (x.shape.length <= MAX_RANK ? steps.shown(x) : steps.view(x.handle.info, [x.size])))
    return compose(steps, arrays as [TensorInfo, TensorInfo, TensorInfo], settings)
  }) as Composed
}

/** See `sgdStep` in core. */
export const sgdStep: Composed = step<GradientOptions & { learningRate: number }>((steps, [w, g], how) => difference(steps, w, pull(steps, w, g, how)))

/** See `sgdVelocity` in core. */
export const sgdVelocity: Composed = step<GradientOptions & { learningRate: number; momentum: number }>((steps, [w, g, v], how) =>
  difference(steps, scaled(steps, v, how.momentum), pull(steps, w, g, how)))

/** See `nagStep` in core. */
export const nagStep: Composed = step<{ momentum: number }>((steps, [w, v, before], { momentum }) =>
  sum(steps, w, difference(steps, scaled(steps, v, momentum + 1), scaled(steps, before, momentum))))

/** See `adamMean` in core. */
export const adamMean: Composed = step<GradientOptions & { beta: number }>((steps, [w, g, mean], how) =>
  sum(steps, scaled(steps, mean, how.beta), scaled(steps, decayed(steps, w, g, how), 1 - how.beta)))

/** See `adamSquare` in core. */
export const adamSquare: Composed = step<GradientOptions & { beta: number }>((steps, [w, g, square], how) => {
  const own = decayed(steps, w, g, how)
  return sum(steps, scaled(steps, square, how.beta), scaled(steps, steps.call('Multiply', { a: own, b: own }), 1 - how.beta))
})

/** See `adamStep` in core. */
export const adamStep: Composed = step<{ rate: number; epsilon: number; decay: number }>((steps, [w, mean, square], { rate, epsilon, decay }) => {
  const divisor = sum(steps, steps.call('Sqrt', { x: square }), steps.scalar(epsilon))
  const change = steps.call('RealDiv', { a: scaled(steps, mean, rate), b: divisor })
  return difference(steps, w, decay === 0 ? change : sum(steps, change, scaled(steps, w, decay)))
})
