import type { NDArray } from '@ashlar/core'
import { AssertionError, checkAxis, formatShape, np, npx } from '@ashlar/core'
import type { Arrays, MetricOptions } from './eval-metric.ts'
import { listOf } from './eval-metric.ts'
import { MeasuredMetric, row } from './measured.ts'

/** The probability of each label's class, flat, and the flat int32 labels. */
function probabilities(label: NDArray, pred: NDArray, axis: number, op: string): [NDArray, NDArray] {
  const classes = pred.shape[checkAxis(axis, pred.ndim, op)]!
  if (label.size * classes !== pred.size) {
    throw new AssertionError(`shape mismatch: ${formatShape(label.shape)} vs. ${formatShape(pred.shape)}`, { op, shapes: [label.shape, pred.shape], hint: 'one label for each row of probabilities' })
  }
  const wanted = label.astype('int32').reshape(-1)
  return [npx.pick(pred, wanted, { axis }).reshape(-1), wanted]
}

/** What metrics of probabilities take. */
export interface LikelihoodOptions extends MetricOptions {
  /** Keeps the logarithm of 0 finite (default 1e-12). */
  readonly eps?: number
}

/** The mean of `-log(p + eps)` over samples, for probabilities (N, classes), after a softmax, and labels (N,). */
export class CrossEntropy extends MeasuredMetric {
  readonly #eps: number

  constructor(options: LikelihoodOptions = {}, name = 'cross-entropy') {
    super(options.name ?? name)
    this.#eps = options.eps ?? 1e-12
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    const [likely] = probabilities(label, pred, -1, this.name)
    return row(np.log(likely.add(this.#eps)).sum().neg(), likely.size)
  }
}

/** What {@link CrossEntropy} computes, under another name. */
export class NegativeLogLikelihood extends CrossEntropy {
  constructor(options: LikelihoodOptions = {}) {
    super(options, 'nll-loss')
  }
}

/** What a perplexity takes. */
export interface PerplexityOptions extends MetricOptions {
  /** Labels of this class do not count. */
  readonly ignoreLabel?: number | null
  /** The axis of the classes (default the last). */
  readonly axis?: number
}

/** `exp` of the mean of `-log p` over all labels, for probabilities after a softmax: among how many classes a model hesitates. */
export class Perplexity extends MeasuredMetric {
  readonly #ignored: number | null
  readonly #axis: number

  constructor(options: PerplexityOptions = {}) {
    super(options.name ?? 'perplexity')
    this.#ignored = options.ignoreLabel ?? null
    this.#axis = options.axis ?? -1
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    const [likely, wanted] = probabilities(this.#known(label), pred, this.#axis, this.name)
    const loss = np.log(np.maximum(likely, 1e-10)).neg()
    if (this.#ignored === null) return row(loss.sum(), wanted.size)
    const counts = label.astype('int32').reshape(-1).ne(this.#ignored)
    return row(np.where(counts, loss, 0).sum(), counts.sum())
  }

  /** What is ignored may be no class at all, such as -1. */
  #known(label: NDArray): NDArray {
    if (this.#ignored === null) return label
    const classes = label.astype('int32')
    return np.where(classes.eq(this.#ignored), 0, classes)
  }

  protected override value(): number {
    return Math.exp(super.value())
  }
}

/** The mean of losses: of all elements of all predictions. Labels are not looked at, and may be null. */
export class Loss extends MeasuredMetric {
  constructor(options: MetricOptions = {}) {
    super(options.name ?? 'loss')
  }

  protected override measure(_: NDArray, pred: NDArray): NDArray {
    return row(pred.sum(), pred.size)
  }

  override prepare(_labels: Arrays | null, preds: Arrays): () => void {
    const list = listOf(preds, this.name)
    return super.prepare(list, list)
  }

  override update(labels: Arrays | null, preds: Arrays): void {
    this.prepare(labels, preds)()
  }
}
