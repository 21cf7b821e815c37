import type { NDArray } from '@ashlar/core'
import { ValueError, checkArray, describe, formatShape, np, npx } from '@ashlar/core'
import type { BlockOptions } from '../block.ts'
import { markBuiltIn } from '../built-in.ts'
import { Loss } from './loss.ts'

/** What a connectionist temporal classification takes. */
export interface CTCLossOptions extends BlockOptions {
  /** The axes of the predictions: samples, steps in time, classes. */
  readonly layout?: 'NTC' | 'TNC'
  /** The axes of the labels: samples, places. */
  readonly labelLayout?: 'NT' | 'TN'
  readonly weight?: number | null
}

/** Stands for the logarithm of 0: its sums stay finite, so that no gradient is ∞ - ∞. */
const IMPOSSIBLE = -1e30

/**
 * Connectionist temporal classification (Graves et al., 2006): the negative logarithm of the probability that predictions for T steps,
 * read without repetitions and blanks, spell the label. The last class is the blank.
 *
 * Predictions (N, T, classes) come before the softmax; labels (N, L) end before their first negative entry, or after `labelLengths` (N,)
 * entries; steps count up to `predLengths` (N,). The loss is (N,), infinite and without gradient where a label does not fit into the steps.
 */
export class CTCLoss extends Loss {
  readonly #timeFirst: boolean
  readonly #placesFirst: boolean

  /** @throws ValueError for another layout */
  constructor(options: CTCLossOptions = {}) {
    const { layout = 'NTC', labelLayout = 'NT' } = options
    if (layout !== 'NTC' && layout !== 'TNC') throw new ValueError(`Only 'NTC' and 'TNC' layouts for pred are supported, got: ${describe(layout)}`, { op: 'CTCLoss' })
    if (labelLayout !== 'NT' && labelLayout !== 'TN') throw new ValueError(`Only 'NT' and 'TN' layouts for label are supported, got: ${describe(labelLayout)}`, { op: 'CTCLoss' })
    super({ ...options, batchAxis: labelLayout.indexOf('N') })
    this.#timeFirst = layout === 'TNC'
    this.#placesFirst = labelLayout === 'TN'
  }

  override forward(
    pred: NDArray, label: NDArray, predLengths: NDArray | null = null, labelLengths: NDArray | null = null, sampleWeight: NDArray | null = null,
  ): NDArray {
    checkShapes(pred, label, this.#timeFirst, this.#placesFirst)
    const steps = this.#timeFirst ? pred.swapaxes(0, 1) : pred
    const places = this.#placesFirst ? label.swapaxes(0, 1) : label
    // float16 has no room for what stands for impossible.
    const wide = steps.dtype === 'float16' ? steps.astype('float32') : steps
    const loss = negativeLogLikelihood(npx.logSoftmax(wide), places.astype('int32'), predLengths, labelLengths)
    return this.weigh(wide === steps ? loss : loss.astype('float16'), sampleWeight)
  }

  static {
    markBuiltIn(this.prototype)
  }
}

function checkShapes(pred: NDArray, label: NDArray, timeFirst: boolean, placesFirst: boolean): void {
  const [p, l] = [checkArray(pred, 'CTCLoss').shape, checkArray(label, 'CTCLoss').shape]
  if (p.length === 3 && l.length === 2 && p[timeFirst ? 1 : 0] === l[placesFirst ? 1 : 0] && p[timeFirst ? 0 : 1]! > 0) return
  throw new ValueError(`predictions of shape ${formatShape(p)} and labels of shape ${formatShape(l)} do not fit`, {
    op: 'CTCLoss', shapes: [p, l], hint: `predictions are (${timeFirst ? 'T, N' : 'N, T'}, classes), labels (${placesFirst ? 'L, N' : 'N, L'}), with at least one step`,
  })
}

/** 0, 1, 2, … as (1, count), beside an array. */
function range(count: number, beside: NDArray): NDArray {
  return np.arange(0, count, 1, { dtype: 'int32', ctx: beside.context }).reshape(1, count)
}

/** Which places of a label (N, L) count: those before the given lengths (N,), or before the first negative entry. */
function present(label: NDArray, lengths: NDArray | null): NDArray {
  if (lengths === null) return label.lt(0).cumsum({ axis: 1 }).eq(0)
  return range(label.shape[1]!, label).lt(lengths.reshape(-1, 1))
}

/** Columns (N, L) with a column between any two, and around them: (N, 2L + 1). */
function between(column: NDArray, entries: NDArray): NDArray {
  const [samples, places] = entries.shape as [number, number]
  const pairs = np.stack([np.broadcastTo(column, entries.shape), entries], { axis: 2 }).reshape(samples, 2 * places)
  return np.concatenate([pairs, np.broadcastTo(column, [samples, 1])], { axis: 1 })
}

/** Columns moved to the right; what comes in on the left is impossible. */
function moved(x: NDArray, distance: number): NDArray {
  const kept = Math.max(x.shape[1]! - distance, 0)
  return np.pad(x.get(':', `:${kept}`), [[0, 0], [x.shape[1]! - kept, 0]], { constantValues: IMPOSSIBLE })
}

/** Whether a state may come straight from the one before the blank: an entry that differs from its predecessor, (N, 2L + 1). */
function mayLeap(spelled: NDArray): NDArray {
  const never = np.zeros([1, 1], { dtype: 'bool', ctx: spelled.context })
  if (spelled.shape[1] === 0) return never
  const differs = spelled.get(':', '1:').ne(spelled.get(':', ':-1'))
  return between(never, np.concatenate([np.broadcastTo(never, [spelled.shape[0]!, 1]), differs], { axis: 1 }))
}

/** The forward pass over the label with a blank around every entry, in logarithms: logp (N, T, C) and an int32 label (N, L) give (N,). */
function negativeLogLikelihood(logp: NDArray, label: NDArray, predLengths: NDArray | null, labelLengths: NDArray | null): NDArray {
  const [samples, steps, classes] = logp.shape as [number, number, number]
  const counts = present(label, labelLengths)
  const blank = np.full([1, 1], classes - 1, { dtype: 'int32', ctx: logp.context })
  const spelled = np.where(counts, label, blank)
  const states = between(blank, spelled)
  const count = states.shape[1]!
  const leap = mayLeap(spelled)
  const emitted = np.maximum(np.takeAlongAxis(logp, np.broadcastTo(states.expandDims(1), [samples, steps, count]), { axis: 2 }), IMPOSSIBLE)

  const position = range(count, logp)
  let forward = np.where(position.lt(2), emitted.get(':', 0), IMPOSSIBLE)
  for (let t = 1; t < steps; t++) {
    const ways = np.stack([forward, moved(forward, 1), np.where(leap, moved(forward, 2), IMPOSSIBLE)])
    const next = npx.logsumexp(ways, { axis: 0 }).add(emitted.get(':', t))
    forward = predLengths === null ? next : np.where(predLengths.reshape(-1, 1).gt(t), next, forward)
  }
  const end = counts.sum({ axis: 1, keepdims: true }).mul(2)
  const ends = np.logicalOr(position.eq(end), position.eq(end.sub(1)))
  const total = npx.logsumexp(np.where(ends, forward, IMPOSSIBLE), { axis: 1 })
  return np.where(total.lt(IMPOSSIBLE / 10), Infinity, total.neg())
}
