import type { NDArray } from '@ashlar/core'
import { AssertionError, describe, formatShape, np, npx, sameShape } from '@ashlar/core'
import type { MetricOptions } from './eval-metric.ts'
import { mismatch } from './eval-metric.ts'
import { MeasuredMetric, row } from './measured.ts'

/** Labels and predicted classes as flat int32. Predictions of the labels' shape are classes already. */
export function classesOf(label: NDArray, pred: NDArray, axis: number, op: string): [NDArray, NDArray] {
  const scores = !sameShape(label.shape, pred.shape)
  if (scores && (axis < -pred.ndim || axis >= pred.ndim)) throw mismatch(formatShape(label.shape), formatShape(pred.shape), op)
  const classes = scores ? pred.argmax({ axis }) : pred.astype('int32')
  if (classes.size !== label.size) throw mismatch(formatShape(label.shape), formatShape(classes.shape), op)
  return [label.astype('int32').reshape(-1), classes.reshape(-1)]
}

/** What metrics of the best class take. */
export interface AccuracyOptions extends MetricOptions {
  /** The axis of the classes in predictions (default 1). */
  readonly axis?: number
}

/**
 * The share of predictions that are right: scores (N, classes, …) by their largest, or class numbers of the labels' shape (N, …).
 *
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { metric } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * const accuracy = new metric.Accuracy()
 * accuracy.update(np.array([0, 1, 1]), np.array([[0.3, 0.7], [0, 1], [0.4, 0.6]]))
 * console.log(accuracy)
 * // EvalMetric: {'accuracy': 0.6666666666666666}
 * ```
 */
export class Accuracy extends MeasuredMetric {
  readonly #axis: number

  constructor(options: AccuracyOptions = {}) {
    super(options.name ?? 'accuracy')
    this.#axis = options.axis ?? 1
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    const [wanted, classes] = classesOf(label, pred, this.#axis, this.name)
    return row(wanted.eq(classes).sum(), wanted.size)
  }
}

/** What a top-k accuracy takes. */
export interface TopKAccuracyOptions extends MetricOptions {
  /** How many of the largest scores count as right; at least 2. */
  readonly topK?: number
}

/** The share of samples whose class is among the `topK` largest scores (N, classes); of equal scores the first are larger. */
export class TopKAccuracy extends MeasuredMetric {
  readonly #topK: number

  /** @throws AssertionError `Please use Accuracy if top_k is no more than 1` */
  constructor(options: TopKAccuracyOptions = {}) {
    const { topK = 1, name = 'top_k_accuracy' } = options
    if (!Number.isInteger(topK) || topK <= 1) throw new AssertionError(`Please use Accuracy if top_k is no more than 1, got ${describe(topK)}`, { op: 'TopKAccuracy' })
    super(`${name}_${topK}`)
    this.#topK = topK
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    if (pred.ndim > 2) throw new AssertionError(`Predictions should be no more than 2 dims, got ${formatShape(pred.shape)}`, { op: this.name, shapes: [pred.shape] })
    if (pred.ndim < 2 || label.size !== pred.shape[0]) {
      const [wanted, classes] = classesOf(label, pred, 1, this.name)
      return row(wanted.eq(classes).sum(), wanted.size)
    }
    const wanted = label.astype('int32').reshape(-1, 1)
    const score = npx.pick(pred, wanted, { keepdims: true })
    const classes = np.arange(0, pred.shape[1]!, 1, { dtype: 'int32', ctx: pred.context })
    const ahead = np.logicalOr(pred.gt(score), np.logicalAnd(pred.eq(score), classes.lt(wanted)))
    return row(ahead.sum({ axis: 1 }).lt(this.#topK).sum(), wanted.size)
  }
}
