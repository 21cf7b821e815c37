import * as core from '@ashlar/core'
import type { NDArray, ReduceOptions } from '@ashlar/core'

/** The options of a case in `golden/torch-ops.json`. */
export type Options = Readonly<Record<string, unknown>>
/** Runs a case's operation on its inputs. */
export type Run = (inputs: readonly NDArray[], options: Options) => NDArray

const first = (fn: (x: NDArray) => NDArray): Run => ([x]) => fn(x!)
const pair = (fn: (a: NDArray, b: NDArray) => NDArray): Run => ([a, b]) => fn(a!, b!)
const over = (fn: (x: NDArray, options: ReduceOptions) => NDArray): Run => ([x], options) => fn(x!, options as ReduceOptions)
const along = (fn: (x: NDArray, options: { axis: number }) => NDArray): Run => ([x], { axis }) => fn(x!, { axis: axis as number })

/** The golden file's names and options in terms of core's functions. */
export const FUNCTIONS: Readonly<Record<string, Run>> = {
  abs: first(core.abs), sign: first(core.sign), floor: first(core.floor), ceil: first(core.ceil), exp: first(core.exp),
  expm1: first(core.expm1), square: first(core.square), sin: first(core.sin), cos: first(core.cos), arctan: first(core.arctan),
  sinh: first(core.sinh), tanh: first(core.tanh), arcsinh: first(core.arcsinh), erf: first(core.erf), log: first(core.log),
  log1p: first(core.log1p), sqrt: first(core.sqrt), arcsin: first(core.arcsin), arccos: first(core.arccos),
  arctanh: first(core.arctanh), arccosh: first(core.arccosh), sigmoid: first(core.sigmoid), relu: first(core.relu),
  reciprocal: first(x => core.div(1, x)),
  add: pair(core.add), subtract: pair(core.sub), multiply: pair(core.mul), divide: pair(core.div), maximum: pair(core.maximum),
  minimum: pair(core.minimum), power: pair(core.power), mod: pair(core.mod), matmul: pair(core.matmul),
  clip: ([x], { min, max }) => core.clip(x!, min as number, max as number),
  where: ([condition, a, b]) => core.where(condition!, a!, b!),
  sum: over(core.sum), mean: over(core.mean), max: over(core.max), min: over(core.min), norm: over(core.norm),
  // PyTorch's case is the population variance; the deviation names its ddof.
  var: over(core.variance), std: over(core.std),
  argmax: along(core.argmax), argmin: along(core.argmin), softmax: along(core.softmax), logSoftmax: along(core.logSoftmax),
  transpose: ([x], { axes }) => core.transpose(x!, axes as number[]),
  flip: ([x], { axis }) => core.flip(x!, axis as number[]),
  concatenate: (inputs, { axis }) => core.concatenate(inputs, { axis: axis as number }),
  stack: (inputs, { axis }) => core.stack(inputs, { axis: axis as number }),
  embedding: ([indices, weight]) => core.take(weight!, indices!, { axis: 0 }),
}

/**
 * The other names of the golden file, which are not in core yet, and the export that each waits for. Once that exists the
 * test fails: its cases then belong into FUNCTIONS.
 */
export const MISSING: Readonly<Record<string, string>> = {
  elu: 'elu', selu: 'selu', log2: 'log2', log10: 'log10', rsqrt: 'rsqrt', cbrt: 'cbrt', gelu: 'gelu', leakyRelu: 'leakyRelu', prelu: 'prelu',
  arctan2: 'arctan2', hypot: 'hypot', logsumexp: 'logsumexp', prod: 'prod', cumsum: 'cumsum', einsum: 'einsum', tensordot: 'tensordot',
  outer: 'outer', trace: 'trace', diag: 'diag', roll: 'roll', pad: 'pad', tile: 'tile', repeat: 'repeat', split: 'split',
  takeAlongAxis: 'takeAlongAxis', argsort: 'argsort', topk: 'topk', tril: 'tril', instanceNorm: 'instanceNorm', batchNorm: 'batchNorm',
  conv1d: 'convolution', conv2d: 'convolution', conv3d: 'convolution', convTranspose1d: 'convolutionTranspose',
  convTranspose2d: 'convolutionTranspose', maxPool2d: 'maxPool', avgPool2d: 'avgPool', avgPool3d: 'avgPool',
  globalAvgPool2d: 'globalAvgPool', globalMaxPool2d: 'globalMaxPool', crossEntropy: 'crossEntropy', crossEntropyDense: 'crossEntropyDense',
  sigmoidBce: 'sigmoidBce', huber: 'huber', ctcLoss: 'ctcLoss', attention: 'attention', rnnTanh: 'rnnTanh', lstm: 'lstm', rfft: 'rfft',
}
