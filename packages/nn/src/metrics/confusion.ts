import type { NDArray } from '@ashlar/core'
import { ValueError, describe, np } from '@ashlar/core'
import { classesOf } from './classification.ts'
import type { MetricOptions } from './eval-metric.ts'
import { MeasuredMetric, row } from './measured.ts'

/** What metrics take that can be averaged in two ways. */
export interface AverageOptions extends MetricOptions {
  /** The mean over batches (`'macro'`, the default), or over all samples (`'micro'`). */
  readonly average?: 'macro' | 'micro'
}

/**
 * Checks the kind of an average.
 *
 * @throws ValueError
 */
export function checkAverage(average: 'macro' | 'micro' | undefined, op: string): 'macro' | 'micro' {
  const value = average ?? 'macro'
  if (value === 'macro' || value === 'micro') return value
  throw new ValueError(`average is 'macro' or 'micro', got ${describe(value)}`, { op })
}

/** How predictions of two classes came out. */
interface Outcomes {
  readonly truePositives: number
  readonly falsePositives: number
  readonly trueNegatives: number
  readonly falseNegatives: number
}

/** Counts outcomes; class 1 is positive. Scores are (N, 2), labels (N,). */
abstract class BinaryMetric extends MeasuredMetric {
  readonly #average: 'macro' | 'micro'
  #total: Outcomes = NONE

  constructor(options: AverageOptions, name: string) {
    super(options.name ?? name)
    this.#average = checkAverage(options.average, new.target.name)
  }

  protected abstract score(outcomes: Outcomes): number

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    const [wanted, classes] = classesOf(label, pred, 1, this.name)
    const [positive, found] = [wanted.eq(1), classes.eq(1)]
    const [negative, missed] = [np.logicalNot(positive), np.logicalNot(found)]
    const count = (a: NDArray, b: NDArray): NDArray => np.logicalAnd(a, b).sum()
    // The other class may have any number; there is only one where the smallest is the largest.
    const lowest = np.where(positive, Infinity, wanted.astype('float32')).min()
    const highest = np.where(positive, -Infinity, wanted.astype('float32')).max()
    return row(count(positive, found), count(negative, found), count(negative, missed), count(positive, missed), lowest, highest)
  }

  protected override check([, , , , lowest, highest]: readonly number[]): void {
    if (lowest! < highest!) throw new ValueError(`${this.constructor.name} currently only supports binary classification.`, { op: this.name, hint: 'labels are 0 and 1' })
  }

  protected override absorb([tp, fp, tn, fn]: readonly number[]): void {
    const batch = { truePositives: tp!, falsePositives: fp!, trueNegatives: tn!, falseNegatives: fn! }
    const count = tp! + fp! + tn! + fn!
    if (this.#average === 'macro') {
      super.absorb([this.score(batch), 1])
      return
    }
    for (const key of Object.keys(batch) as (keyof Outcomes)[]) batch[key] += this.#total[key]
    this.#total = batch
    this.numInst += count
    this.sumMetric = this.score(batch) * this.numInst
  }

  override reset(): void {
    super.reset()
    this.#total = NONE
  }
}

const NONE: Outcomes = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 }

const ratio = (a: number, b: number): number => (b > 0 ? a / b : 0)

/** The harmonic mean of precision and recall, of class 1; 0 where neither is there. */
export class F1 extends BinaryMetric {
  constructor(options: AverageOptions = {}) {
    super(options, 'f1')
  }

  protected override score({ truePositives, falsePositives, falseNegatives }: Outcomes): number {
    const precision = ratio(truePositives, truePositives + falsePositives)
    const recall = ratio(truePositives, truePositives + falseNegatives)
    return ratio(2 * precision * recall, precision + recall)
  }
}

/** Matthews' correlation of predictions and labels of two classes, from -1 to 1. */
export class MCC extends BinaryMetric {
  constructor(options: AverageOptions = {}) {
    super(options, 'mcc')
  }

  protected override score({ truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn }: Outcomes): number {
    // A class that never comes up is left out of the product, as Gluon does.
    const spread = [tp + fp, tp + fn, tn + fp, tn + fn].filter(n => n !== 0).reduce((a, b) => a * b, 1)
    return (tp * tn - fp * fn) / Math.sqrt(spread)
  }
}

/** Matthews' correlation for any number of classes, over all samples; NaN where predictions or labels are all of one class. */
export class PCC extends MeasuredMetric {
  /** By class: how often predicted, how often wanted, how often both. */
  readonly #counts = new Map<number, [predicted: number, wanted: number, both: number]>()

  constructor(options: MetricOptions = {}) {
    super(options.name ?? 'pcc')
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    const [wanted, classes] = classesOf(label, pred, 1, this.name)
    return np.stack([classes, wanted], { axis: 1 })
  }

  protected override absorb([predicted, wanted]: readonly number[]): void {
    this.#count(predicted!)[0]++
    this.#count(wanted!)[1]++
    if (predicted === wanted) this.#count(predicted!)[2]++
    this.numInst++
  }

  #count(of: number): [number, number, number] {
    const known = this.#counts.get(of) ?? [0, 0, 0]
    this.#counts.set(of, known)
    return known
  }

  protected override value(): number {
    const n = this.numInst
    const total = (term: (x: number, y: number, both: number) => number): number => [...this.#counts.values()].reduce((sum, counts) => sum + term(...counts), 0)
    const spread = total(x => x * (n - x)) * total((_, y) => y * (n - y))
    return spread === 0 ? NaN : total((x, y, both) => both * n - x * y) / Math.sqrt(spread)
  }

  override reset(): void {
    super.reset()
    this.#counts.clear()
  }
}
