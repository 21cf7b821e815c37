import type { NDArray } from '@ashlar/core'
import { autograd, internal, isHalf, np } from '@ashlar/core'
import type { Arrays } from './eval-metric.ts'
import { EvalMetric, pairsOf } from './eval-metric.ts'
import type { Reader, Table } from './readings.ts'
import { Readings } from './readings.ts'

/**
 * A metric that turns each batch into a few numbers where the batch is, and reads them when somebody asks: `update` waits for no
 * device. Numbers that lie in host memory are taken at once.
 */
export abstract class MeasuredMetric extends EvalMetric {
  readonly #readings = new Readings()
  readonly #reader: Reader = { check: row => this.check(row), absorb: row => this.absorb(row) }

  /** A table (rows, width) of one pair of arrays, on their device; or one row of numbers. */
  protected abstract measure(label: NDArray, pred: NDArray): Table

  /** Adds one row to what is known. */
  protected absorb([sum, count]: readonly number[]): void {
    this.sumMetric += sum!
    this.numInst += count!
  }

  /** Refuses a row that is no result. */
  protected check(_row: readonly number[]): void {}

  /** What all rows so far come to. */
  protected value(): number {
    return this.numInst === 0 ? NaN : this.sumMetric / this.numInst
  }

  /** Measures a batch without taking it in; what comes back does that. */
  prepare(labels: Arrays, preds: Arrays): () => void {
    const pairs = pairsOf(labels, preds, this.name)
    const tables = autograd.pause(() => internal(() => pairs.map(([label, pred]) => this.measure(wide(label), wide(pred)))))
    return this.#readings.prepare(tables, this.#reader)
  }

  override update(labels: Arrays, preds: Arrays): void {
    this.prepare(labels, preds)()
  }

  override reset(): void {
    super.reset()
    this.#readings.clear()
  }

  override get(): [string, number] {
    this.#readings.read(this.#reader, this.name)
    return [this.name, this.value()]
  }

  override async getAsync(): Promise<[string, number]> {
    await this.#readings.readAsync(this.#reader)
    return [this.name, this.value()]
  }
}

/** Sums of many float16 numbers have no room in float16. */
function wide(x: NDArray): NDArray {
  return isHalf(x.dtype) ? x.astype('float32') : x
}

/** One row of 0-d arrays and numbers, beside the first. */
export function row(first: NDArray, ...others: readonly (NDArray | number)[]): NDArray {
  const all = [first, ...others.map(each => (typeof each === 'number' ? np.full([], each, { ctx: first.context }) : each))]
  return np.stack(all).reshape(1, all.length)
}
