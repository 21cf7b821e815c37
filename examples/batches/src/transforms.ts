import type { NDArray } from '@ashlar/core'
import { np } from '@ashlar/core'

/** Mean and standard deviation of the pixels of all digits to train with. */
export interface Statistics {
  readonly mean: number
  readonly spread: number
}

/** A function of a picture of shape (height, width) that gives one of the same shape. */
export type Transform = (picture: NDArray) => NDArray

interface Entry {
  readonly about: string
  readonly make: (statistics: Statistics) => Transform
}

/** What `--transforms` can name. Random ones draw from `np.random`, so its seed governs them. */
export const TRANSFORMS: Readonly<Record<string, Entry>> = {
  shift: { about: 'one pixel up, down, left or right, whichever is drawn', make: () => shiftAnywhere },
  flip: { about: 'left and right exchanged', make: () => picture => np.flip(picture, 1) },
  invert: { about: 'ink and paper exchanged', make: () => picture => np.subtract(1, picture) },
  noise: { about: 'normal noise on every pixel', make: () => picture => picture.add(np.random.normal(0, 0.1, picture.shape)) },
  normalise: { about: 'less the mean of all pixels, divided by their spread', make: ({ mean, spread }) => picture => picture.sub(mean).div(spread) },
}

const DIRECTIONS = [[-1, 0], [1, 0], [0, -1], [0, 1]] as const

function shiftAnywhere(picture: NDArray): NDArray {
  const [down, right] = DIRECTIONS[np.random.randint(0, DIRECTIONS.length).item()]!
  return shift(picture, down, right)
}

/** A picture moved by some pixels; paper comes in, and what leaves is gone. */
export function shift(picture: NDArray, down: number, right: number): NDArray {
  const [height, width] = picture.shape as [number, number]
  const [above, left] = [Math.max(down, 0), Math.max(right, 0)]
  const padded = np.pad(picture, [[above, above - down], [left, left - right]])
  const [top, start] = [Math.max(-down, 0), Math.max(-right, 0)]
  return padded.get(`${top}:${top + height}`, `${start}:${start + width}`)
}

/** A picture without the empty columns on its left and right. */
export function cutToInk(picture: NDArray): NDArray {
  const darkest = picture.max({ axis: 0 }).toTypedArray()
  const inked = Array.from(darkest, Number).flatMap((level, column) => (level > 0 ? [column] : []))
  return inked.length === 0 ? picture : picture.get(':', `${inked[0]}:${inked.at(-1)! + 1}`)
}

/** What a loader makes of pictures of several widths: all of them on paper as wide as the widest, their own widths, and their labels. */
export interface PaddedBatch {
  readonly pictures: NDArray
  readonly widths: NDArray
  readonly labels: NDArray
}

/** A function for the loader's `batchify`: pads pictures of one height on the right. */
export function padToWidest(items: readonly (readonly [NDArray, number])[]): PaddedBatch {
  const widths = items.map(([picture]) => picture.shape[1]!)
  const widest = Math.max(...widths)
  return {
    pictures: np.stack(items.map(([picture], i) => np.pad(picture, [[0, 0], [0, widest - widths[i]!]]))),
    widths: np.array(widths, { dtype: 'int32' }),
    labels: np.array(items.map(([, label]) => label), { dtype: 'int32' }),
  }
}
