import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkAxes, checkAxis, formatShape } from '../shape.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { cast, toFloat } from './cast.ts'
import { sqrt } from './math.ts'
import { mean } from './reduce.ts'
import { reshape } from './reshape.ts'

/** Brings `x` to mean 0 and variance 1 over some axes (biased variance); also gives both. */
function standardize(x: NDArray, axes: readonly number[], epsilon: number): { y: NDArray; mean: NDArray; variance: NDArray } {
  const center = mean(x, { axis: axes, keepdims: true })
  const centered = sub(x, center)
  const variance = mean(mul(centered, centered), { axis: axes, keepdims: true })
  return { y: div(centered, sqrt(add(variance, epsilon))), mean: center, variance }
}

/** A vector that stands along one axis of an array of some rank. */
function along(vector: NDArray, axis: number, x: NDArray, op: string): NDArray {
  if (checkArray(vector, op).size !== x.shape[axis]) {
    throw new ValueError(`one value for each of ${x.shape[axis]} channels is needed, got ${formatShape(vector.shape)}`, { op, shapes: [x.shape, vector.shape] })
  }
  return reshape(cast(vector, x.dtype), x.shape.map((n, i) => (i === axis ? n : 1)))
}

/** Layer normalization (Ba et al., 2016): over one axis (default the last), then `gamma` and `beta` along it. */
export function layerNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: { readonly axis?: number; readonly epsilon?: number } = {}): NDArray {
  const y = toFloat(x, 'layerNorm')
  const axis = checkAxis(options.axis ?? -1, y.ndim, 'layerNorm')
  const standard = standardize(y, [axis], options.epsilon ?? 1e-5).y
  return add(mul(standard, along(gamma, axis, y, 'layerNorm')), along(beta, axis, y, 'layerNorm'))
}

/** Instance normalization: each sample and channel alone, over the axes behind the channels (axis 1). */
export function instanceNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: { readonly axis?: number; readonly epsilon?: number } = {}): NDArray {
  const y = toFloat(x, 'instanceNorm')
  const axis = checkAxis(options.axis ?? 1, y.ndim, 'instanceNorm')
  const axes = [...y.shape.keys()].filter(i => i !== 0 && i !== axis)
  const standard = standardize(y, axes, options.epsilon ?? 1e-5).y
  return add(mul(standard, along(gamma, axis, y, 'instanceNorm')), along(beta, axis, y, 'instanceNorm'))
}

/** Group normalization (Wu and He, 2018): channels (axis 1) in groups, each normalized with what lies behind it. */
export function groupNorm(x: NDArray, gamma: NDArray, beta: NDArray, options: { readonly groups?: number; readonly epsilon?: number } = {}): NDArray {
  const y = toFloat(x, 'groupNorm')
  const groups = options.groups ?? 1
  const [n, channels, ...rest] = y.shape
  if (channels === undefined || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ValueError(`${formatShape(y.shape)} has no channels (axis 1) for ${groups} groups`, { op: 'groupNorm', shapes: [y.shape] })
  }
  const grouped = reshape(y, [n!, groups, channels / groups, ...rest])
  const standard = reshape(standardize(grouped, checkAxes(null, grouped.ndim, 'groupNorm').slice(2), options.epsilon ?? 1e-5).y, y.shape)
  return add(mul(standard, along(gamma, 1, y, 'groupNorm')), along(beta, 1, y, 'groupNorm'))
}

const constant = (x: NDArray): NDArray => checkArray(x, 'batchNorm').share()

/** What batch normalization gives in training. */
export interface BatchStatistics {
  readonly output: NDArray
  /** (channels,) */
  readonly mean: NDArray
  /** (channels,), biased */
  readonly variance: NDArray
}

/** Batch normalization (Ioffe and Szegedy, 2015) with the batch's own statistics, which it also gives. */
export function batchNormTraining(x: NDArray, gamma: NDArray, beta: NDArray, options: { readonly axis?: number; readonly epsilon?: number } = {}): BatchStatistics {
  const y = toFloat(x, 'batchNorm')
  const axis = checkAxis(options.axis ?? 1, y.ndim, 'batchNorm')
  const axes = [...y.shape.keys()].filter(i => i !== axis)
  const { y: standard, mean: center, variance } = standardize(y, axes, options.epsilon ?? 1e-5)
  const output = add(mul(standard, along(gamma, axis, y, 'batchNorm')), along(beta, axis, y, 'batchNorm'))
  return { output, mean: reshape(center, [-1]), variance: reshape(variance, [-1]) }
}

/** Batch normalization with given statistics, as in prediction; the statistics are constants. */
export function batchNorm(
  x: NDArray, gamma: NDArray, beta: NDArray, runningMean: NDArray, runningVariance: NDArray,
  options: { readonly axis?: number; readonly epsilon?: number } = {},
): NDArray {
  const y = toFloat(x, 'batchNorm')
  const axis = checkAxis(options.axis ?? 1, y.ndim, 'batchNorm')
  const at = (vector: NDArray): NDArray => along(vector, axis, y, 'batchNorm')
  const scale = div(at(gamma), sqrt(add(at(constant(runningVariance)), options.epsilon ?? 1e-5)))
  return add(mul(sub(y, at(constant(runningMean))), scale), at(beta))
}
