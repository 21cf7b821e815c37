import type { NDArray } from '@ashlar/core'
import { ValueError, describe } from '@ashlar/core'
import type { AccuracyOptions, TopKAccuracyOptions } from './classification.ts'
import { Accuracy, TopKAccuracy } from './classification.ts'
import type { AnyMetric } from './composite.ts'
import { CompositeEvalMetric } from './composite.ts'
import type { AverageOptions } from './confusion.ts'
import { F1, MCC, PCC } from './confusion.ts'
import type { CustomOptions, Evaluation } from './custom.ts'
import { CustomMetric } from './custom.ts'
import type { MetricOptions } from './eval-metric.ts'
import { EvalMetric } from './eval-metric.ts'
import type { LikelihoodOptions, PerplexityOptions } from './likelihood.ts'
import { CrossEntropy, Loss, NegativeLogLikelihood, Perplexity } from './likelihood.ts'
import { MAE, MSE, PearsonCorrelation, RMSE } from './regression.ts'

/** The options of each metric, by name. */
export interface MetricOptionsByName {
  accuracy: AccuracyOptions
  acc: AccuracyOptions
  top_k_accuracy: TopKAccuracyOptions
  top_k_acc: TopKAccuracyOptions
  f1: AverageOptions
  mcc: AverageOptions
  pcc: MetricOptions
  mae: MetricOptions
  mse: MetricOptions
  rmse: MetricOptions
  'cross-entropy': LikelihoodOptions
  ce: LikelihoodOptions
  'nll-loss': LikelihoodOptions
  nll_loss: LikelihoodOptions
  perplexity: PerplexityOptions
  pearsonr: AverageOptions
  pearsoncorrelation: AverageOptions
  loss: MetricOptions
}

interface Entry {
  readonly options: readonly string[]
  make(options: never): EvalMetric
}

/** A metric's class under its names; every one has a name to go by. */
const entry = (make: new (options: never) => EvalMetric, ...options: string[]): Entry => ({ options: ['name', ...options], make: given => new make(given) })

const [ACCURACY, TOP_K, CROSS_ENTROPY, LIKELIHOOD, PEARSON] = [
  entry(Accuracy, 'axis'), entry(TopKAccuracy, 'topK'), entry(CrossEntropy, 'eps'), entry(NegativeLogLikelihood, 'eps'), entry(PearsonCorrelation, 'average'),
]

const METRICS: Readonly<Record<string, Entry>> = {
  accuracy: ACCURACY, acc: ACCURACY, top_k_accuracy: TOP_K, top_k_acc: TOP_K, topkaccuracy: TOP_K,
  f1: entry(F1, 'average'), mcc: entry(MCC, 'average'), pcc: entry(PCC), mae: entry(MAE), mse: entry(MSE), rmse: entry(RMSE),
  'cross-entropy': CROSS_ENTROPY, crossentropy: CROSS_ENTROPY, ce: CROSS_ENTROPY,
  'nll-loss': LIKELIHOOD, nll_loss: LIKELIHOOD, negativeloglikelihood: LIKELIHOOD,
  perplexity: entry(Perplexity, 'ignoreLabel', 'axis'), pearsonr: PEARSON, pearsoncorrelation: PEARSON, loss: entry(Loss),
}

/** What {@link create} takes: a name, a function of labels and predictions, a metric, or several of these. */
export type MetricLike = string | ((label: NDArray, pred: NDArray) => Evaluation) | AnyMetric | readonly MetricLike[]

/**
 * A metric of a name (in any case), of a function, or of several of these; a metric is returned as it is.
 *
 * @throws ValueError `unknown is not registered`, and for an option that a metric does not have
 * @example
 * ```ts
 * import { metric } from '@ashlar/nn'
 * console.log(metric.create('top_k_acc', { topK: 5 }).name, String(metric.create(['acc', 'mae'])))
 * // top_k_accuracy_5 EvalMetric: {'accuracy': nan, 'mae': nan}
 * ```
 */
export function create<N extends keyof MetricOptionsByName>(name: N, options?: MetricOptionsByName[N]): EvalMetric
export function create(name: string, options?: object): EvalMetric
export function create(evaluate: (label: NDArray, pred: NDArray) => Evaluation, options?: CustomOptions): CustomMetric
export function create<M extends AnyMetric>(metric: M): M
export function create(metrics: readonly MetricLike[]): CompositeEvalMetric
export function create(metric: MetricLike, options?: object): AnyMetric
export function create(metric: MetricLike, options: object = {}): AnyMetric {
  if (metric instanceof EvalMetric) return metric
  if (typeof metric === 'function') return new CustomMetric(metric, options)
  if (Array.isArray(metric)) return new CompositeEvalMetric(metric.map(each => create(each)))
  return named(metric as string, options)
}

function named(name: string, options: object): EvalMetric {
  const key = typeof name === 'string' ? name.toLowerCase() : ''
  const found = Object.hasOwn(METRICS, key) ? METRICS[key] : undefined
  if (found === undefined) {
    throw new ValueError(`${typeof name === 'string' ? name : describe(name)} is not registered as a metric`, { op: 'metric.create', hint: `there are ${Object.keys(METRICS).join(', ')}` })
  }
  const unknown = Object.keys(options).find(option => !found.options.includes(option))
  if (unknown !== undefined) throw new ValueError(`${key} has no option '${unknown}'`, { op: 'metric.create', hint: `it has ${found.options.join(', ')}` })
  return found.make(options as never)
}
