import type { NDArray } from 'ashlar'
import { nn, np, npx, scope } from 'ashlar'
import { CLASSES } from './digits-data.ts'

/** Digits as a network takes them. */
export interface Batch {
  readonly x: NDArray
  readonly y: NDArray
}

/** How well a network reads. */
export interface Score {
  /** The mean cross entropy. */
  readonly loss: number
  /** The share that is read right, from 0 to 1. */
  readonly accuracy: number
}

/** What a network says of digits, one by one. */
export interface Reading extends Score {
  readonly predicted: readonly number[]
  /** The probability of what was predicted. */
  readonly certainty: readonly number[]
  /** The network's scores, ten for each digit. */
  readonly scores: readonly number[]
}

const lossOf = new nn.SoftmaxCrossEntropyLoss()

/** Mean loss and share of right digits as one array of two: a device that is far away is read once. */
function scoreOf(scores: NDArray, y: NDArray): NDArray {
  return np.stack([lossOf(scores, y).mean(), scores.argmax({ axis: 1 }).eq(y).astype('float32').mean()])
}

/** How well digits are read. Results are awaited, because not every device can be read at once. */
export async function score(net: nn.Block, { x, y }: Batch): Promise<Score> {
  const both = scope(() => scoreOf(net(x), y))
  const [loss, accuracy] = await listOf(both)
  both.dispose()
  return { loss: loss!, accuracy: accuracy! }
}

/** Reads digits one by one. */
export async function evaluate(net: nn.Block, { x, y }: Batch): Promise<Reading> {
  const arrays = scope(() => {
    const scores = net(x)
    return { scores, chances: npx.softmax(scores), both: scoreOf(scores, y) }
  })
  const [scores, chances, both] = await Promise.all([listOf(arrays.scores), listOf(arrays.chances), listOf(arrays.both)])
  const rows = Array.from({ length: chances.length / CLASSES }, (_, i) => chances.slice(i * CLASSES, (i + 1) * CLASSES))
  const certainty = rows.map(row => Math.max(...row))
  const predicted = rows.map((row, i) => row.indexOf(certainty[i]!))
  for (const array of Object.values(arrays)) array.dispose()
  return { loss: both[0]!, accuracy: both[1]!, predicted, certainty, scores }
}

async function listOf(array: NDArray): Promise<number[]> {
  return Array.from(await array.toTypedArrayAsync(), Number)
}

/** One digit that was read wrong. */
export interface Misread {
  readonly pixels: Uint8Array
  readonly label: number
  readonly predicted: number
  readonly certainty: number
}

/** The digits that were read wrong, the surest mistakes first. */
export function misreadOf(reading: Reading, pixels: readonly Uint8Array[], labels: ArrayLike<number>): Misread[] {
  const all = reading.predicted.map((predicted, i) => ({ pixels: pixels[i]!, label: labels[i]!, predicted, certainty: reading.certainty[i]! }))
  return all.filter(({ predicted, label }) => predicted !== label).sort((a, b) => b.certainty - a.certainty)
}

/** How often each digit (row) was read as each (column). */
export function confusionOf(predicted: readonly number[], labels: ArrayLike<number>): number[][] {
  const counts = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0))
  predicted.forEach((guess, i) => counts[labels[i]!]![guess]!++)
  return counts
}
