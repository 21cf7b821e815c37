import { checkArray } from '../array-core.ts'
import { checkArithmetic } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkAxis, checkOptions, describe, formatShape } from '../shape.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { cast, toFloat } from './cast.ts'
import { checkBeside } from './index-range.ts'
import { sqrt } from './math.ts'
import { mean } from './reduce.ts'
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

/** Brings `x` to mean 0 and variance 1 over some axes (biased variance); also gives both. */
function standardize(x: NDArray, axes: readonly number[], epsilon: number): { y: NDArray; mean: NDArray; variance: NDArray } {
  const center = mean(x, { axis: axes, keepdims: true })
  const centered = sub(x, center)
  const variance = mean(mul(centered, centered), { axis: axes, keepdims: true })
  return { y: div(centered, sqrt(add(variance, epsilon))), mean: center, variance }
}

/** A vector that stands along one axis of an array of some rank. */
function along(vector: NDArray, axis: number, x: NDArray, op: string): NDArray {
  checkBeside(x, vector, op)
  checkArithmetic(vector.dtype, op)
  if (vector.size !== x.shape[axis]) {
    throw new ValueError(`one value for each of ${x.shape[axis]} channels is needed, got ${formatShape(vector.shape)}`, { op, shapes: [x.shape, vector.shape] })
  }
  return reshape(cast(vector, x.dtype), x.shape.map((n, i) => (i === axis ? n : 1)))
}

const others = (x: NDArray, ...axes: number[]): number[] => [...x.shape.keys()].filter(i => !axes.includes(i))

/** Layer normalization (Ba et al., 2016): over one axis (default the last), then `gamma` and `beta` along it. */
export function layerNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: NormOptions = {}): NDArray {
  return within('layerNorm', () => {
    const { axis: given = -1, epsilon } = settings(options, 'layerNorm')
    const y = toFloat(x, 'layerNorm')
    const axis = checkAxis(given, y.ndim, 'layerNorm')
    const [scale, shift] = [along(gamma, axis, y, 'layerNorm'), along(beta, axis, y, 'layerNorm')]
    return add(mul(standardize(y, [axis], epsilon).y, scale), shift)
  })
}

/** Instance normalization: each sample and channel alone, over the axes behind the channels (axis 1). */
export function instanceNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: NormOptions = {}): NDArray {
  return within('instanceNorm', () => {
    const { axis: given = 1, epsilon } = settings(options, 'instanceNorm')
    const y = toFloat(x, 'instanceNorm')
    const axis = checkAxis(given, y.ndim, 'instanceNorm')
    const [scale, shift] = [along(gamma, axis, y, 'instanceNorm'), along(beta, axis, y, 'instanceNorm')]
    return add(mul(standardize(y, others(y, 0, axis), epsilon).y, scale), shift)
  })
}

/** Group normalization (Wu and He, 2018): channels (axis 1) in groups, each normalized with what lies behind it. */
export function groupNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: { readonly groups?: number; readonly epsilon?: number } = {}): NDArray {
  return within('groupNorm', () => {
    const { groups = 1, epsilon } = settings(options, 'groupNorm')
    const y = toFloat(x, 'groupNorm')
    const [n, channels, ...rest] = y.shape
    if (channels === undefined || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
      throw new ValueError(`${formatShape(y.shape)} has no channels (axis 1) for ${describe(groups)} groups`, { op: 'groupNorm', shapes: [y.shape] })
    }
    const [scale, shift] = [along(gamma, 1, y, 'groupNorm'), along(beta, 1, y, 'groupNorm')]
    const grouped = reshape(y, [n!, groups, channels / groups, ...rest])
    const standard = reshape(standardize(grouped, others(grouped, 0, 1), epsilon).y, y.shape)
    return add(mul(standard, scale), shift)
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

/** Batch normalization (Ioffe and Szegedy, 2015) with the batch's own statistics, which it also gives. */
export function batchNormTraining(x: NDArray, gamma: NDArray, beta: NDArray, options: NormOptions = {}): BatchStatistics {
  return within('batchNormTraining', () => {
    const { axis: given = 1, epsilon } = settings(options, 'batchNormTraining')
    const y = toFloat(x, 'batchNormTraining')
    const axis = checkAxis(given, y.ndim, 'batchNormTraining')
    const [scale, shift] = [along(gamma, axis, y, 'batchNormTraining'), along(beta, axis, y, 'batchNormTraining')]
    const { y: standard, mean: center, variance } = standardize(y, others(y, axis), epsilon)
    return { output: add(mul(standard, scale), shift), mean: reshape(center, [center.size]), variance: reshape(variance, [variance.size]) }
  })
}

/** Batch normalization with given statistics, as in prediction; the statistics are constants. */
export function batchNorm(x: NDArray, gamma: NDArray, beta: NDArray, runningMean: NDArray, runningVariance: NDArray, options: NormOptions = {}): NDArray {
  return within('batchNorm', () => {
    const { axis: given = 1, epsilon } = settings(options, 'batchNorm')
    const y = toFloat(x, 'batchNorm')
    const axis = checkAxis(given, y.ndim, 'batchNorm')
    const at = (vector: NDArray): NDArray => along(vector, axis, y, 'batchNorm')
    const constant = (vector: NDArray): NDArray => at(checkArray(vector, 'batchNorm').share())
    const scale = div(at(gamma), sqrt(add(constant(runningVariance), epsilon)))
    return add(mul(sub(y, constant(runningMean)), scale), at(beta))
  })
}
