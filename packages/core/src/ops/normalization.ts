import { checkArray } from '../array-core.ts'
import { checkArithmetic } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Gradient } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { checkAxis, checkOptions, describe, formatShape } from '../shape.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { sumOp } from './broadcast.ts'
import { cast, toFloat } from './cast.ts'
import { checkBeside } from './index-range.ts'
import { sqrt } from './math.ts'
import { mean, variance } from './reduce.ts'
import { reshape } from './reshape.ts'
import { checkNumber, within } from './within.ts'

/** Which axis has the channels, and what is added to the variance before the root. */
export interface NormOptions {
  readonly axis?: number
  /** Default 1e-5. */
  readonly epsilon?: number
}

function settings<T extends NormOptions & { readonly groups?: number }>(options: T, op: string): T & { epsilon: number } {
  return { ...checkOptions(options, op), epsilon: checkNumber(options.epsilon ?? 1e-5, 'epsilon', op) }
}

/** Brings `x` to mean 0 and variance 1 over some axes (biased variance); also gives what it was divided by. */
function standardize(x: NDArray, axes: readonly number[], epsilon: number): { y: NDArray; deviation: NDArray } {
  const centered = sub(x, mean(x, { axis: axes, keepdims: true }))
  const deviation = sqrt(add(mean(mul(centered, centered), { axis: axes, keepdims: true }), epsilon))
  return { y: div(centered, deviation), deviation }
}

/** The gradient of {@link standardize}: what changes neither mean nor variance of `y`, divided as `x` was (Ioffe and Szegedy, 2015). */
function standardGradient(g: NDArray, y: NDArray, deviation: NDArray, axes: readonly number[]): NDArray {
  const average = (each: NDArray): NDArray => mean(each, { axis: axes, keepdims: true })
  return div(sub(sub(g, average(g)), mul(y, average(mul(g, y)))), deviation)
}

/** A vector (in one dtype with `x`) with a value for each entry of one axis. */
function vectorFor(vector: NDArray, axis: number, x: NDArray, op: string): NDArray {
  checkBeside(x, vector, op)
  checkArithmetic(vector.dtype, op)
  if (vector.size !== x.shape[axis]) {
    throw new ValueError(`one value for each of ${x.shape[axis]} channels is needed, got ${formatShape(vector.shape)}`, { op, shapes: [x.shape, vector.shape] })
  }
  const values = cast(vector, x.dtype)
  return values.ndim === 1 ? values : reshape(values, [values.size])
}

/** A vector along one axis of an array. */
function along(vector: NDArray, axis: number, x: NDArray): NDArray {
  return reshape(vector, x.shape.map((n, i) => (i === axis ? n : 1)))
}

/** Scales and shifts along an axis. */
function affine(x: NDArray, gamma: NDArray, beta: NDArray, axis: number): NDArray {
  return add(mul(x, along(gamma, axis, x)), along(beta, axis, x))
}

interface AxisEpsilon {
  readonly axis: number
  readonly epsilon: number
}

type Scaled = readonly [x: NDArray, gamma: NDArray, beta: NDArray]

const others = (x: NDArray, ...axes: number[]): number[] => [...x.shape.keys()].filter(i => !axes.includes(i))

/**
 * The gradients of a normalization with its scale and shift.
 *
 * @param shape of `x` as it was normalized, over `axes`
 * @param axis of the scale and the shift, in `x` itself
 */
function scaledGradients(g: NDArray, [x, gamma]: Scaled, axis: number, epsilon: number, axes: readonly number[], shape: Shape = x.shape): Gradient[] {
  const { y, deviation } = standardize(reshape(x, shape), axes, epsilon)
  const rest = others(x, axis)
  return [
    () => reshape(standardGradient(reshape(mul(g, along(gamma, axis, x)), shape), y, deviation, axes), x.shape),
    () => sumOp(mul(g, reshape(y, x.shape)), { axes: rest, keepdims: false }),
    () => sumOp(g, { axes: rest, keepdims: false }),
  ]
}

const layerNormOp = /* #__PURE__ */ defineOp<[...Scaled], AxisEpsilon>('layerNorm', {
  arity: 3,
  infer: ([x]) => x,
  compose: ([x, gamma, beta], { axis, epsilon }) => affine(standardize(x, [axis], epsilon).y, gamma, beta, axis),
  vjp: (g, inputs, _, { axis, epsilon }) => scaledGradients(g, inputs, axis, epsilon, [axis]),
})

/** Layer normalization (Ba et al., 2016): over one axis (default the last), then `gamma` and `beta` along it. */
export function layerNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: NormOptions = {}): NDArray {
  return within('layerNorm', () => {
    const { axis: given = -1, epsilon } = settings(options, 'layerNorm')
    const y = toFloat(x, 'layerNorm')
    const axis = checkAxis(given, y.ndim, 'layerNorm')
    return layerNormOp(y, vectorFor(gamma, axis, y, 'layerNorm'), vectorFor(beta, axis, y, 'layerNorm'), { axis, epsilon })
  })
}

const instanceNormOp = /* #__PURE__ */ defineOp<[...Scaled], AxisEpsilon>('instanceNorm', {
  arity: 3,
  infer: ([x]) => x,
  compose: ([x, gamma, beta], { axis, epsilon }) => affine(standardize(x, others(x, 0, axis), epsilon).y, gamma, beta, axis),
  vjp: (g, inputs, _, { axis, epsilon }) => scaledGradients(g, inputs, axis, epsilon, others(inputs[0], 0, axis)),
})

/** Instance normalization: each sample and channel alone, over the axes behind the channels (axis 1). */
export function instanceNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: NormOptions = {}): NDArray {
  return within('instanceNorm', () => {
    const { axis: given = 1, epsilon } = settings(options, 'instanceNorm')
    const y = toFloat(x, 'instanceNorm')
    const axis = checkAxis(given, y.ndim, 'instanceNorm')
    return instanceNormOp(y, vectorFor(gamma, axis, y, 'instanceNorm'), vectorFor(beta, axis, y, 'instanceNorm'), { axis, epsilon })
  })
}

const groupedShape = (x: NDArray, groups: number): Shape => [x.shape[0]!, groups, x.shape[1]! / groups, ...x.shape.slice(2)]

const groupNormOp = /* #__PURE__ */ defineOp<[...Scaled], { groups: number; epsilon: number }>('groupNorm', {
  arity: 3,
  infer: ([x]) => x,
  compose: ([x, gamma, beta], { groups, epsilon }) => {
    const grouped = reshape(x, groupedShape(x, groups))
    return affine(reshape(standardize(grouped, others(grouped, 0, 1), epsilon).y, x.shape), gamma, beta, 1)
  },
  vjp: (g, inputs, _, { groups, epsilon }) => {
    const shape = groupedShape(inputs[0], groups)
    return scaledGradients(g, inputs, 1, epsilon, [...shape.keys()].slice(2), shape)
  },
})

/** Group normalization (Wu and He, 2018): channels (axis 1) in groups, each normalized with what lies behind it. */
export function groupNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: { readonly groups?: number; readonly epsilon?: number } = {}): NDArray {
  return within('groupNorm', () => {
    const { groups = 1, epsilon } = settings(options, 'groupNorm')
    const y = toFloat(x, 'groupNorm')
    const channels = y.shape[1]
    if (channels === undefined || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
      throw new ValueError(`${formatShape(y.shape)} has no channels (axis 1) for ${describe(groups)} groups`, { op: 'groupNorm', shapes: [y.shape] })
    }
    return groupNormOp(y, vectorFor(gamma, 1, y, 'groupNorm'), vectorFor(beta, 1, y, 'groupNorm'), { groups, epsilon })
  })
}

/** What batch normalization gives in training. */
export interface BatchStatistics {
  readonly output: NDArray
  /** (channels,) */
  readonly mean: NDArray
  /** (channels,), biased */
  readonly variance: NDArray
}

type WithStatistics = readonly [...Scaled, mean: NDArray, variance: NDArray]

function normalized([x, gamma, beta, center, variance]: WithStatistics, axis: number, epsilon: number): NDArray {
  const at = (vector: NDArray): NDArray => along(vector, axis, x)
  return add(mul(sub(x, at(center)), div(at(gamma), sqrt(add(at(variance), epsilon)))), at(beta))
}

/** The array without scale and shift, and what it was divided by. */
function standardWith([x, , , center, variance]: WithStatistics, axis: number, epsilon: number): { y: NDArray; deviation: NDArray } {
  const deviation = sqrt(add(along(variance, axis, x), epsilon))
  return { y: div(sub(x, along(center, axis, x)), deviation), deviation }
}

/** The gradients of scale and shift. */
function affineGradients(g: NDArray, x: NDArray, y: NDArray, axis: number): Gradient[] {
  const rest = others(x, axis)
  return [() => sumOp(mul(g, y), { axes: rest, keepdims: false }), () => sumOp(g, { axes: rest, keepdims: false })]
}

/** Is handed the batch's mean and variance, which are outputs as well; the gradient of `x` is the whole one, through both of them too. */
const batchNormTrainingOp = /* #__PURE__ */ defineOp<NDArray[], AxisEpsilon>('batchNormTraining', {
  arity: 'list',
  infer: inputs => inputs[0]!,
  compose: (inputs, { axis, epsilon }) => normalized(inputs as unknown as WithStatistics, axis, epsilon),
  vjp: (g, inputs, _, { axis, epsilon }) => {
    const [x, gamma] = inputs as [NDArray, NDArray]
    const { y, deviation } = standardWith(inputs as unknown as WithStatistics, axis, epsilon)
    return [() => standardGradient(mul(g, along(gamma, axis, x)), y, deviation, others(x, axis)), ...affineGradients(g, x, y, axis)]
  },
})

/** Batch normalization (Ioffe and Szegedy, 2015) with the batch's own statistics, which it also gives. */
export function batchNormTraining(x: NDArray, gamma: NDArray, beta: NDArray, options: NormOptions = {}): BatchStatistics {
  return within('batchNormTraining', () => {
    const { axis: given = 1, epsilon } = settings(options, 'batchNormTraining')
    const y = toFloat(x, 'batchNormTraining')
    const axis = checkAxis(given, y.ndim, 'batchNormTraining')
    const [scale, shift] = [vectorFor(gamma, axis, y, 'batchNormTraining'), vectorFor(beta, axis, y, 'batchNormTraining')]
    const over = { axis: others(y, axis) }
    const statistics = { mean: mean(y, over), variance: variance(y, over) }
    return { output: batchNormTrainingOp([y, scale, shift, statistics.mean, statistics.variance], { axis, epsilon }), ...statistics }
  })
}

const batchNormOp = /* #__PURE__ */ defineOp<NDArray[], AxisEpsilon>('batchNorm', {
  arity: 'list',
  infer: inputs => inputs[0]!,
  compose: (inputs, { axis, epsilon }) => normalized(inputs as unknown as WithStatistics, axis, epsilon),
  vjp: (g, inputs, _, { axis, epsilon }) => {
    const [x, gamma] = inputs as [NDArray, NDArray]
    const { y, deviation } = standardWith(inputs as unknown as WithStatistics, axis, epsilon)
    return [() => mul(g, div(along(gamma, axis, x), deviation)), ...affineGradients(g, x, y, axis)]
  },
})

/** Batch normalization with given statistics, as in prediction; the statistics are constants. */
export function batchNorm(x: NDArray, gamma: NDArray, beta: NDArray, runningMean: NDArray, runningVariance: NDArray, options: NormOptions = {}): NDArray {
  return within('batchNorm', () => {
    const { axis: given = 1, epsilon } = settings(options, 'batchNorm')
    const y = toFloat(x, 'batchNorm')
    const axis = checkAxis(given, y.ndim, 'batchNorm')
    const at = (vector: NDArray): NDArray => vectorFor(vector, axis, y, 'batchNorm')
    const constant = (vector: NDArray): NDArray => at(checkArray(vector, 'batchNorm').share())
    return batchNormOp([y, at(gamma), at(beta), constant(runningMean), constant(runningVariance)], { axis, epsilon })
  })
}
