import type { NDArray } from '@ashlar/core'
import { formatShape, np, sameShape } from '@ashlar/core'
import type { MetricOptions } from './eval-metric.ts'
import { mismatch } from './eval-metric.ts'
import type { AverageOptions } from './confusion.ts'
import { checkAverage } from './confusion.ts'
import { MeasuredMetric, row } from './measured.ts'

/** `label - pred`; one of shape (N,) is taken as (N, 1), never broadcast. */
function difference(label: NDArray, pred: NDArray, op: string): NDArray {
  const [a, b] = [label, pred].map(x => (x.ndim === 1 ? x.reshape(-1, 1) : x)) as [NDArray, NDArray]
  if (!sameShape(a.shape, b.shape)) throw mismatch(formatShape(label.shape), formatShape(pred.shape), op)
  return a.sub(b)
}

/** The mean absolute difference: the mean over batches of each batch's mean. */
export class MAE extends MeasuredMetric {
  constructor(options: MetricOptions = {}) {
    super(options.name ?? 'mae')
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    return row(np.mean(difference(label, pred, this.name).abs()), 1)
  }
}

/** The mean squared difference: the mean over batches of each batch's mean. */
export class MSE extends MeasuredMetric {
  constructor(options: MetricOptions = {}) {
    super(options.name ?? 'mse')
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    return row(np.mean(np.square(difference(label, pred, this.name))), 1)
  }
}

/** The root of the mean squared difference: the mean over batches of each batch's root. */
export class RMSE extends MeasuredMetric {
  constructor(options: MetricOptions = {}) {
    super(options.name ?? 'rmse')
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    return row(np.sqrt(np.mean(np.square(difference(label, pred, this.name)))), 1)
  }
}

/** How many pairs, their means, and the sums of squares and products of what deviates from these. */
type Moments = readonly [count: number, meanX: number, meanY: number, xx: number, yy: number, xy: number]

/** The moments of two samples together (Chan, Golub and LeVeque, 1979). */
function merged([n, ax, ay, axx, ayy, axy]: Moments, [m, bx, by, bxx, byy, bxy]: Moments): Moments {
  const [dx, dy, count] = [bx - ax, by - ay, n + m]
  const share = (n * m) / count
  return [count, ax + (dx * m) / count, ay + (dy * m) / count, axx + bxx + dx * dx * share, ayy + byy + dy * dy * share, axy + bxy + dx * dy * share]
}

const EMPTY: Moments = [0, 0, 0, 0, 0, 0]

/** Pearson's correlation of predictions and labels of one shape: the mean over batches (`'macro'`), or of all values (`'micro'`). */
export class PearsonCorrelation extends MeasuredMetric {
  readonly #average: 'macro' | 'micro'
  #moments: Moments = EMPTY

  constructor(options: AverageOptions = {}) {
    super(options.name ?? 'pearsonr')
    this.#average = checkAverage(options.average, 'PearsonCorrelation')
  }

  protected override measure(label: NDArray, pred: NDArray): NDArray {
    if (!sameShape(label.shape, pred.shape)) throw mismatch(formatShape(label.shape), formatShape(pred.shape), this.name)
    const [meanX, meanY] = [np.mean(label), np.mean(pred)]
    const [x, y] = [label.sub(meanX), pred.sub(meanY)]
    const products = [x.mul(x), y.mul(y), x.mul(y)].map(each => each.sum())
    return row(meanX, meanY, ...products, label.size)
  }

  protected override absorb([meanX, meanY, xx, yy, xy, count]: readonly number[]): void {
    if (this.#average === 'macro') {
      super.absorb([xy! / Math.sqrt(xx! * yy!), 1])
      return
    }
    this.#moments = merged(this.#moments, [count!, meanX!, meanY!, xx!, yy!, xy!])
    const [n, , , allX, allY, both] = this.#moments
    this.numInst = n
    this.sumMetric = (both / Math.sqrt(allX * allY)) * n
  }

  override reset(): void {
    super.reset()
    this.#moments = EMPTY
  }
}
