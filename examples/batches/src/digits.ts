import { createRequire } from 'node:module'
import { SIDE, INK, readDigits } from '@ashlar-examples/digits/data'
import type { NDArray } from '@ashlar/core'
import { np } from '@ashlar/core'
import type { BaseDataset } from '@ashlar/data'
import { ArrayDataset } from '@ashlar/data'

/** A picture of shape (8, 8), from 0 for paper to 1 for ink, and the digit that it shows. */
export type Digit = [pixels: NDArray, label: number]

/** The handwritten digits of `examples/digits`, those of the given kinds alone: a dataset, and its labels once more as a list. */
export function loadDigits(kinds: readonly number[]): { dataset: BaseDataset<Digit>; labels: number[] } {
  const file = createRequire(import.meta.url).resolve('@ashlar-examples/digits/digits.csv.gz')
  const { pixels, labels } = readDigits(file)
  const levels = new Float32Array(pixels.length * SIDE * SIDE)
  pixels.forEach((picture, i) => levels.set(picture, i * SIDE * SIDE))
  const all = new ArrayDataset(np.array(levels).div(INK).reshape(-1, SIDE, SIDE), [...labels])
  return {
    dataset: all.filter((_, label) => kinds.includes(label)),
    labels: [...labels].filter(label => kinds.includes(label)),
  }
}
