import { ValueError, describe, typeError } from '@ashlar/core'
import type { Arrays } from './eval-metric.ts'
import { EvalMetric } from './eval-metric.ts'
import { MeasuredMetric } from './measured.ts'

/** Any metric, several in one among them. */
export type AnyMetric = EvalMetric | CompositeEvalMetric

/**
 * Several metrics in one: names and values are lists.
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { metric } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const both = metric.create(['mae', 'mse'])
 * both.update(np.array([0, 0]), np.array([1, 3]))
 * console.log(both)
 * // EvalMetric: {'mae': 2.0, 'mse': 5.0}
 * ```
 */
export class CompositeEvalMetric extends EvalMetric<string[], number[]> {
  readonly #metrics: AnyMetric[] = []

  constructor(metrics: readonly AnyMetric[] = [], name = 'composite') {
    super(name)
    for (const metric of metrics) this.add(metric)
  }

  /** Adds one more. */
  add(metric: AnyMetric): void {
    if (!(metric instanceof EvalMetric)) throw typeError(`a metric is an EvalMetric, got ${describe(metric)}`, { op: 'CompositeEvalMetric', hint: 'metric.create makes one of a name or a function' })
    this.#metrics.push(metric)
  }

  /** @throws ValueError `Metric index 2 is out of range 0 and 2` */
  getMetric(index: number): AnyMetric {
    const metric = this.#metrics[index]
    if (metric === undefined) throw new ValueError(`Metric index ${index} is out of range 0 and ${this.#metrics.length}`, { op: 'CompositeEvalMetric.getMetric' })
    return metric
  }

  /** Measures a batch without taking it in; what comes back does that. */
  prepare(labels: Arrays, preds: Arrays): () => void {
    const own = this.#metrics.map(metric => (canPrepare(metric) ? metric.prepare(labels, preds) : null))
    return () => {
      // Metrics of users come first: they may still refuse.
      this.#metrics.forEach((metric, i) => { if (own[i] === null) metric.update(labels, preds) })
      for (const commit of own) commit?.()
    }
  }

  override update(labels: Arrays, preds: Arrays): void {
    this.prepare(labels, preds)()
  }

  override reset(): void {
    for (const metric of this.#metrics) metric.reset()
  }

  override get(): [string[], number[]] {
    return flat(this.#metrics.map(metric => metric.get()))
  }

  override async getAsync(): Promise<[string[], number[]]> {
    return flat(await Promise.all(this.#metrics.map(async metric => await metric.getAsync())))
  }
}

function canPrepare(metric: AnyMetric): metric is MeasuredMetric | CompositeEvalMetric {
  return metric instanceof MeasuredMetric || metric instanceof CompositeEvalMetric
}

function flat(results: readonly [string | string[], number | number[]][]): [string[], number[]] {
  return [results.flatMap(([name]) => name), results.flatMap(([, value]) => value)]
}
