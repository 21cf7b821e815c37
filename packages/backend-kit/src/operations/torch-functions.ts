import * as core from '@ashlar/core'
import type { NDArray, ReduceOptions } from '@ashlar/core'

/** The options of a golden case. */
export type Options = Readonly<Record<string, unknown>>
/** Runs a case's operation on its inputs. */
export type Run = (inputs: readonly NDArray[], options: Options) => NDArray | readonly NDArray[]

const first = (fn: (x: NDArray) => NDArray): Run => ([x]) => fn(x!)
const pair = (fn: (a: NDArray, b: NDArray) => NDArray): Run => ([a, b]) => fn(a!, b!)
const over = (fn: (x: NDArray, options: ReduceOptions) => NDArray): Run => ([x], options) => fn(x!, options as ReduceOptions)
const along = (fn: (x: NDArray, options: { axis: number }) => NDArray): Run => ([x], { axis }) => fn(x!, { axis: axis as number })

function convolve([x, weight, bias]: readonly NDArray[], options: Options): NDArray {
  return core.convolution(x!, weight!, bias ?? null, options)
}

function convolveTransposed([x, weight, bias]: readonly NDArray[], options: Options): NDArray {
  const { output_padding: outputPadding = 0, ...rest } = options as Record<string, number>
  return core.convolutionTranspose(x!, weight!, bias ?? null, { ...rest, outputPadding })
}

function pooling(options: Options): core.PoolingOptions & { countIncludePad: boolean } {
  const { kernel_size: kernel, stride = null, padding = 0 } = options as Record<string, number>
  return { kernel: kernel!, stride, padding, ceilMode: options['ceil_mode'] === true, countIncludePad: options['count_include_pad'] !== false }
}

/** The golden cases' names and options in terms of core's functions. */
export const FUNCTIONS: Readonly<Record<string, Run>> = {
  abs: first(core.abs), sign: first(core.sign), floor: first(core.floor), ceil: first(core.ceil), exp: first(core.exp),
  expm1: first(core.expm1), square: first(core.square), sin: first(core.sin), cos: first(core.cos), arctan: first(core.arctan),
  sinh: first(core.sinh), tanh: first(core.tanh), arcsinh: first(core.arcsinh), erf: first(core.erf), log: first(core.log),
  log1p: first(core.log1p), sqrt: first(core.sqrt), arcsin: first(core.arcsin), arccos: first(core.arccos),
  arctanh: first(core.arctanh), arccosh: first(core.arccosh), sigmoid: first(core.sigmoid), relu: first(core.relu),
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
  reciprocal: first(core.reciprocal), log2: first(core.log2), log10: first(core.log10), rsqrt: first(core.rsqrt), cbrt: first(core.cbrt),
  arctan2: pair(core.arctan2), hypot: pair(core.hypot), outer: pair(core.outer), trace: first(x => core.trace(x)),
  elu: first(x => core.elu(x)), selu: first(core.selu), prelu: pair(core.prelu),
  gelu: ([x], { approximate }) => core.gelu(x!, { approximate: approximate === 'tanh' }),
  leakyRelu: ([x], { alpha }) => core.leakyRelu(x!, alpha as number),
  logsumexp: over(core.logsumexp), prod: over(core.prod), cumsum: along(core.cumsum),
  einsum: (inputs, { subscripts }) => core.einsum(subscripts as string, ...inputs),
  tensordot: ([a, b], { axes }) => core.tensordot(a!, b!, axes as number),
  diag: ([x], { k }) => core.diag(x!, k as number | undefined), tril: ([x], { k }) => core.tril(x!, k as number),
  roll: ([x], { shift, axis }) => core.roll(x!, shift as number[], { axis: axis as number[] }),
  pad: ([x], { padWidth, mode }) => core.pad(x!, padWidth as [number, number][], { mode: mode as 'constant' }),
  tile: ([x], { reps }) => core.tile(x!, reps as number[]),
  repeat: ([x], { repeats, axis }) => core.repeat(x!, repeats as number, { axis: axis as number }),
  split: ([x], { indices, axis }) => core.split(x!, indices as number[], { axis: axis as number }),
  takeAlongAxis: ([x, indices], { axis }) => core.takeAlongAxis(x!, indices!, { axis: axis as number }),
  argsort: along(core.argsort),
  topk: ([x], { k }) => Object.values(core.topk(x!, { k: k as number })),
  instanceNorm: ([x, gamma, beta], options) => core.instanceNorm(x!, gamma!, beta!, options),
  batchNorm: ([x, gamma, beta, mean, variance], { training, epsilon }) => training === true
    ? core.batchNormTraining(x!, gamma!, beta!, { epsilon: epsilon as number }).output
    : core.batchNorm(x!, gamma!, beta!, mean!, variance!, { epsilon: epsilon as number }),
  conv1d: convolve, conv2d: convolve, conv3d: convolve,
  convTranspose1d: convolveTransposed, convTranspose2d: convolveTransposed,
  maxPool2d: ([x], options) => core.maxPool(x!, pooling(options)),
  avgPool2d: ([x], options) => core.avgPool(x!, pooling(options)), avgPool3d: ([x], options) => core.avgPool(x!, pooling(options)),
  globalAvgPool2d: first(core.globalAvgPool), globalMaxPool2d: first(core.globalMaxPool),
  rfft: first(core.rfft),
  // Losses for each sample, as users would write them from these operations; labels are constants.
  crossEntropy: ([x, label]) => core.softmaxCrossEntropy(x!, label!),
  crossEntropyDense: ([x, label]) => core.neg(core.sum(core.mul(core.logSoftmax(x!), label!.detach()), { axis: -1 })),
  sigmoidBce: ([x, label]) => core.sub(core.softplus(x!), core.mul(x!, label!.detach())),
  huber: ([x, label]) => {
    const distance = core.abs(core.sub(x!, label!.detach()))
    return core.where(core.gt(distance, 1), core.sub(distance, 0.5), core.mul(core.mul(distance, distance), 0.5))
  },
}
