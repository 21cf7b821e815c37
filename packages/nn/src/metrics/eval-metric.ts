import type { NDArray } from '@ashlar/core'
import { NotImplementedError, ValueError, checkArray, formatShape, inspectByRepr } from '@ashlar/core'
import { pythonFloat } from '../python-float.ts'

/** One array, or one for each output or device. */
export type Arrays = NDArray | readonly NDArray[]

/** What every metric takes. */
export interface MetricOptions {
  /** What `get` calls it. */
  readonly name?: string
}

/**
 * The base of metrics: `update` takes batches of labels and predictions, `get` tells the name and the value so far, NaN before the
 * first batch. A metric of your own overrides `update` and adds to `sumMetric` and `numInst`.
 *
 * @example
 * ```ts
 * import { np, registerBackend, type NDArray } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { metric } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * class Positive extends metric.EvalMetric {
 *   override update(_labels: NDArray, preds: NDArray): void {
 *     this.sumMetric += preds.gt(0).sum().item()
 *     this.numInst += preds.size
 *   }
 * }
 * const positive = new Positive('positive')
 * positive.update(np.zeros([4]), np.array([1, -1, 2, 3]))
 * console.log(positive.get())
 * // [ 'positive', 0.75 ]
 * ```
 */
export class EvalMetric<Name extends string | string[] = string, Value extends number | number[] = number> {
  readonly name: string
  /** What the value is a mean of: a sum … */
  sumMetric = 0
  /** … over this many. */
  numInst = 0

  constructor(name: string) {
    this.name = name
  }

  /** Takes a batch. Where there are several outputs or devices, both are lists. A batch that is refused changes nothing. */
  update(_labels: Arrays, _preds: Arrays): void {
    throw new NotImplementedError(`${this.constructor.name} does not override update`, { op: 'EvalMetric.update' })
  }

  /** Forgets all batches. */
  reset(): void {
    this.sumMetric = 0
    this.numInst = 0
  }

  /**
   * The name and the value so far.
   *
   * @throws NotImplementedError where results lie on a device that cannot be read synchronously
   */
  get(): [Name, Value] {
    return [this.name, this.numInst === 0 ? NaN : this.sumMetric / this.numInst] as [Name, Value]
  }

  /** The name and the value so far, when the device has got there: works on every backend. */
  async getAsync(): Promise<[Name, Value]> {
    return this.get()
  }

  /** Names with their values. */
  getNameValue(): [string, number][] {
    return paired(this.get())
  }

  /** Names with their values, when the device has got there. */
  async getNameValueAsync(): Promise<[string, number][]> {
    return paired(await this.getAsync())
  }

  /** `EvalMetric: {'accuracy': 0.5}`. */
  toString(): string {
    return `EvalMetric: {${this.getNameValue().map(([name, value]) => `'${name}': ${pythonFloat(value)}`).join(', ')}}`
  }

  repr(): string {
    return this.toString()
  }

  static {
    inspectByRepr(this.prototype)
  }
}

function paired([names, values]: [string | string[], number | number[]]): [string, number][] {
  if (typeof names === 'string') return [[names, values as number]]
  return names.map((name, i) => [name, (values as number[])[i]!])
}

/** The error for labels and predictions that do not belong together. */
export function mismatch(labels: string | number, preds: string | number, op: string): ValueError {
  return new ValueError(`Shape of labels ${labels} does not match shape of predictions ${preds}`, { op })
}

/**
 * Labels and predictions side by side, the labels brought to where the predictions are.
 *
 * @param extra there may be more predictions than labels
 * @throws ValueError where their numbers differ, or one is empty
 */
export function pairsOf(labels: Arrays, preds: Arrays, op: string, extra = false): [NDArray, NDArray][] {
  const [left, right] = [listOf(labels, op), listOf(preds, op)]
  if (left.length !== right.length && !(extra && left.length < right.length)) throw mismatch(left.length, right.length, op)
  return left.map((label, i) => {
    const pred = right[i]!
    if (label.size === 0 || pred.size === 0) {
      throw new ValueError(`there is nothing to measure in labels of shape ${formatShape(label.shape)} and predictions of shape ${formatShape(pred.shape)}`, { op, shapes: [label.shape, pred.shape] })
    }
    return [label.device === pred.device ? label : label.asInCtx(pred.context), pred]
  })
}

/** One or several arrays as a list. */
export function listOf(arrays: Arrays, op: string): NDArray[] {
  return (Array.isArray(arrays) ? arrays : [arrays]).map(x => checkArray(x, op))
}
