import { checkArray } from '../array-core.ts'
import { floatType } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Spec } from '../shape.ts'
import { checkOptions, formatShape, sameShape } from '../shape.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { cast } from './cast.ts'
import { sqrt } from './math.ts'
import { clip } from './power.ts'
import { checkNumber, within } from './within.ts'

// What optimizers do to a weight, each function one operation, so that a backend can do it in one pass. They take gradients
// like any other, but have none written down: a composition is recorded step by step.

/** How a gradient is brought to the step: multiplied with `rescaleGrad` (default 1), with elements cut to [-clipGradient, clipGradient] (default: not). */
export interface GradientOptions {
  readonly rescaleGrad?: number
  readonly clipGradient?: number | null
  /** Weight decay (default 0). */
  readonly wd?: number
}

type Prepared = Required<GradientOptions>

/** What {@link sgdStep} takes. */
export interface SGDStepOptions extends GradientOptions {
  readonly learningRate: number
}

/** What {@link sgdVelocity} takes. */
export interface SGDVelocityOptions extends SGDStepOptions {
  readonly momentum: number
}

/** What {@link adamMean} and {@link adamSquare} take: `beta` is the share of what was before. */
export interface AdamMomentOptions extends GradientOptions {
  readonly beta: number
}

/** What {@link adamStep} takes. */
export interface AdamStepOptions {
  /** The learning rate, corrected for means that start at 0. */
  readonly rate: number
  readonly epsilon: number
  /** What part of the weight is taken off beside that (default 0): decoupled weight decay. */
  readonly decay?: number
}

type Two = [NDArray, NDArray]
type Three = [NDArray, NDArray, NDArray]

/** All arrays have the weight's shape, and so has what comes of them. */
function likeFirst(op: string): (inputs: readonly NDArray[]) => Spec {
  return inputs => {
    const [weight] = inputs as [NDArray]
    for (const { shape } of inputs) {
      if (!sameShape(shape, weight.shape)) {
        throw new ValueError(`a weight of shape ${formatShape(weight.shape)} goes with arrays of its shape, got ${formatShape(shape)}`, { op, shapes: inputs.map(x => x.shape) })
      }
    }
    return weight
  }
}

/** `learningRate (clip(rescaleGrad g) + wd w)`. */
function pull(weight: NDArray, gradient: NDArray, { learningRate, wd, rescaleGrad, clipGradient }: Prepared & { readonly learningRate: number }): NDArray {
  const along = clipGradient === null ? mul(gradient, learningRate * rescaleGrad) : mul(clip(mul(gradient, rescaleGrad), -clipGradient, clipGradient), learningRate)
  return wd === 0 ? along : add(along, mul(weight, learningRate * wd))
}

/** `clip(rescaleGrad g + wd w)`. */
function decayed(weight: NDArray, gradient: NDArray, { wd, rescaleGrad, clipGradient }: Prepared): NDArray {
  const scaled = rescaleGrad === 1 ? gradient : mul(gradient, rescaleGrad)
  const whole = wd === 0 ? scaled : add(scaled, mul(weight, wd))
  return clipGradient === null ? whole : clip(whole, -clipGradient, clipGradient)
}

const sgdStepOp = /* #__PURE__ */ defineOp<Two, Required<SGDStepOptions>>('sgdStep', {
  arity: 2,
  infer: /* #__PURE__ */ likeFirst('sgdStep'),
  compose: ([weight, gradient], settings) => sub(weight, pull(weight, gradient, settings)),
})

const sgdVelocityOp = /* #__PURE__ */ defineOp<Three, Required<SGDVelocityOptions>>('sgdVelocity', {
  arity: 3,
  infer: /* #__PURE__ */ likeFirst('sgdVelocity'),
  compose: ([weight, gradient, velocity], settings) => sub(mul(velocity, settings.momentum), pull(weight, gradient, settings)),
})

const nagStepOp = /* #__PURE__ */ defineOp<Three, { momentum: number }>('nagStep', {
  arity: 3,
  infer: /* #__PURE__ */ likeFirst('nagStep'),
  compose: ([weight, velocity, before], { momentum }) => add(weight, sub(mul(velocity, momentum + 1), mul(before, momentum))),
})

const adamMeanOp = /* #__PURE__ */ defineOp<Three, Required<AdamMomentOptions>>('adamMean', {
  arity: 3,
  infer: /* #__PURE__ */ likeFirst('adamMean'),
  compose: ([weight, gradient, mean], settings) => add(mul(mean, settings.beta), mul(decayed(weight, gradient, settings), 1 - settings.beta)),
})

const adamSquareOp = /* #__PURE__ */ defineOp<Three, Required<AdamMomentOptions>>('adamSquare', {
  arity: 3,
  infer: /* #__PURE__ */ likeFirst('adamSquare'),
  compose: ([weight, gradient, square], settings) => {
    const g = decayed(weight, gradient, settings)
    return add(mul(square, settings.beta), mul(mul(g, g), 1 - settings.beta))
  },
})

const adamStepOp = /* #__PURE__ */ defineOp<Three, Required<AdamStepOptions>>('adamStep', {
  arity: 3,
  infer: /* #__PURE__ */ likeFirst('adamStep'),
  compose: ([weight, mean, square], { rate, epsilon, decay }) => {
    const change = div(mul(mean, rate), add(sqrt(square), epsilon))
    return sub(weight, decay === 0 ? change : add(change, mul(weight, decay)))
  },
})

function checkGradient({ rescaleGrad = 1, clipGradient = null, wd = 0 }: GradientOptions, op: string): Prepared {
  checkNumber(rescaleGrad, 'rescaleGrad', op)
  checkNumber(wd, 'wd', op)
  if (clipGradient !== null) checkNumber(clipGradient, 'clipGradient', op)
  return { rescaleGrad, clipGradient, wd }
}

/** Runs a step in the weight's dtype, to which the others are brought; a weight of integers gives float32. */
function inOneDType<I extends NDArray[]>(op: string, arrays: I, run: (...arrays: I) => NDArray): NDArray {
  const dtype = floatType(checkArray(arrays[0], op).dtype)
  if (arrays.every(x => checkArray(x, op).dtype === dtype)) return run(...arrays)
  return within(op, () => run(...arrays.map(x => cast(x, dtype)) as I))
}

/**
 * A step of stochastic gradient descent: `w - lr (clip(rescaleGrad g) + wd w)`.
 *
 * @param gradient of the weight's shape
 * @returns the weight after the step
 * @throws ValueError for shapes that differ, TypeError for options that are no numbers
 */
export function sgdStep(weight: NDArray, gradient: NDArray, options: SGDStepOptions): NDArray {
  const learningRate = checkNumber(checkOptions(options, 'sgdStep').learningRate, 'learningRate', 'sgdStep')
  const settings = { ...checkGradient(options, 'sgdStep'), learningRate }
  return inOneDType('sgdStep', [weight, gradient], (w, g) => sgdStepOp(w, g, settings))
}

/**
 * The velocity of gradient descent with momentum: `momentum v - lr (clip(rescaleGrad g) + wd w)`. Added to the weight it is the step.
 *
 * @param gradient of the weight's shape
 * @param velocity that of the step before
 * @throws ValueError for shapes that differ, TypeError for options that are no numbers
 */
export function sgdVelocity(weight: NDArray, gradient: NDArray, velocity: NDArray, options: SGDVelocityOptions): NDArray {
  const learningRate = checkNumber(checkOptions(options, 'sgdVelocity').learningRate, 'learningRate', 'sgdVelocity')
  const settings = { ...checkGradient(options, 'sgdVelocity'), learningRate, momentum: checkNumber(options.momentum, 'momentum', 'sgdVelocity') }
  return inOneDType('sgdVelocity', [weight, gradient, velocity], (w, g, v) => sgdVelocityOp(w, g, v, settings))
}

/**
 * A step of Nesterov's accelerated gradient: `w + (momentum + 1) v - momentum v₀`.
 *
 * @param velocity what {@link sgdVelocity} gave
 * @param before what it was made of, `v₀`
 * @throws ValueError for shapes that differ, TypeError where the momentum is no number
 */
export function nagStep(weight: NDArray, velocity: NDArray, before: NDArray, options: { readonly momentum: number }): NDArray {
  const momentum = checkNumber(checkOptions(options, 'nagStep').momentum, 'momentum', 'nagStep')
  return inOneDType('nagStep', [weight, velocity, before], (w, v, b) => nagStepOp(w, v, b, { momentum }))
}

function momentOf(run: OpFunction<Three, Required<AdamMomentOptions>>, op: string, arrays: Three, options: AdamMomentOptions): NDArray {
  const beta = checkNumber(checkOptions(options, op).beta, 'beta', op)
  const settings = { ...checkGradient(options, op), beta }
  return inOneDType(op, arrays, (w, g, before) => run(w, g, before, settings))
}

/**
 * Adam's running mean of the gradient: `beta m + (1 - beta) g`, where `g` is `clip(rescaleGrad gradient + wd w)`.
 *
 * @param gradient of the weight's shape
 * @param mean that of the step before
 * @throws ValueError for shapes that differ, TypeError for options that are no numbers
 */
export function adamMean(weight: NDArray, gradient: NDArray, mean: NDArray, options: AdamMomentOptions): NDArray {
  return momentOf(adamMeanOp, 'adamMean', [weight, gradient, mean], options)
}

/**
 * Adam's running mean of the squared gradient: `beta v + (1 - beta) g²`, where `g` is `clip(rescaleGrad gradient + wd w)`.
 *
 * @param gradient of the weight's shape
 * @param square that of the step before
 * @throws ValueError for shapes that differ, TypeError for options that are no numbers
 */
export function adamSquare(weight: NDArray, gradient: NDArray, square: NDArray, options: AdamMomentOptions): NDArray {
  return momentOf(adamSquareOp, 'adamSquare', [weight, gradient, square], options)
}

/**
 * A step of Adam: `w - (rate m / (sqrt(v) + epsilon) + decay w)`.
 *
 * @param mean what {@link adamMean} gave
 * @param square what {@link adamSquare} gave
 * @returns the weight after the step
 * @throws ValueError for shapes that differ, TypeError for options that are no numbers
 */
export function adamStep(weight: NDArray, mean: NDArray, square: NDArray, options: AdamStepOptions): NDArray {
  const { rate, epsilon, decay = 0 } = checkOptions(options, 'adamStep')
  const settings = { rate: checkNumber(rate, 'rate', 'adamStep'), epsilon: checkNumber(epsilon, 'epsilon', 'adamStep'), decay: checkNumber(decay, 'decay', 'adamStep') }
  return inOneDType('adamStep', [weight, mean, square], (w, m, v) => adamStepOp(w, m, v, settings))
}
