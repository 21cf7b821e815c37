import type { NDArray } from '@ashlar/core'
import { callout, describe, isNDArray, typeError } from '@ashlar/core'
import type { Arrays, MetricOptions } from './eval-metric.ts'
import { pairsOf } from './eval-metric.ts'
import { MeasuredMetric, row } from './measured.ts'
import type { Table } from './readings.ts'

/** A batch's value, as a number or as an array of one element; or a sum and over how many it is. */
export type Evaluation = number | NDArray | readonly [sum: number | NDArray, count: number]

/** What a metric made of a function takes. */
export interface CustomOptions extends MetricOptions {
  /** There may be more predictions than labels; those left over are passed by. */
  readonly allowExtraOutputs?: boolean
}

/**
 * A metric of a function of labels and predictions: the mean over batches of what it returns. Where it returns an array of one
 * element instead of a number, a device has not to be waited for.
 *
 * @example
 * ```ts
 * import { np, registerBackend, type NDArray } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { metric } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const worst = metric.create((label: NDArray, pred: NDArray) => label.sub(pred).abs().max(), { name: 'worst' })
 * worst.update(np.array([1, 2]), np.array([1, 5]))
 * console.log(worst.get())
 * // [ 'worst', 3 ]
 * ```
 */
export class CustomMetric extends MeasuredMetric {
  readonly #evaluate: (label: NDArray, pred: NDArray) => Evaluation
  readonly #extra: boolean

  /** @throws TypeError unless it gets a function */
  constructor(evaluate: (label: NDArray, pred: NDArray) => Evaluation, options: CustomOptions = {}) {
    if (typeof evaluate !== 'function') throw typeError(`a metric is made of a function of labels and predictions, got ${describe(evaluate)}`, { op: 'CustomMetric' })
    super(options.name ?? (evaluate.name === '' ? 'custom(<lambda>)' : evaluate.name))
    this.#evaluate = evaluate
    this.#extra = options.allowExtraOutputs ?? false
  }

  protected override measure(label: NDArray, pred: NDArray): Table {
    const result = callout(() => this.#evaluate(label, pred), [label, pred])
    const [sum, count] = (Array.isArray(result) ? result : [result, 1]) as readonly [number | NDArray, number]
    if (typeof sum === 'number' && typeof count === 'number') return [sum, count]
    if (isNDArray(sum) && sum.size === 1 && typeof count === 'number') return row(sum.reshape([]), count)
    throw typeError(`the function returns a number, an array of one element, or a sum and a count, got ${describe(result)}`, { op: this.name })
  }

  override prepare(labels: Arrays, preds: Arrays): () => void {
    const pairs = pairsOf(labels, preds, this.name, this.#extra)
    return super.prepare(pairs.map(([label]) => label), pairs.map(([, pred]) => pred))
  }
}

/** A metric of a function; its name is the function's unless given. */
export function fromFunction(evaluate: (label: NDArray, pred: NDArray) => Evaluation, name?: string | null, allowExtraOutputs = false): CustomMetric {
  return new CustomMetric(evaluate, { ...(name === undefined || name === null ? {} : { name }), allowExtraOutputs })
}
