import { newaxis } from '@ashlar/core'
import { points } from '../support/points.ts'
import type { AnyIndex, Plain } from './reference-advanced.ts'

/** Draws whole numbers, reproducibly. */
export class Dice {
  private readonly values: number[]
  private at = 0

  constructor(seed: number) {
    this.values = points(4000, 0, 1, seed)
  }

  /** From 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.values[this.at++ % this.values.length]! * count)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

function sliceText(dice: Dice, extent: number): string {
  const bound = (): string => (dice.below(3) === 0 ? '' : String(dice.below(2 * extent + 5) - extent - 2))
  const step = dice.pick(['', '1', '2', '3', '-1', '-2'])
  return `${bound()}:${bound()}${step === '' ? '' : `:${step}`}`
}

function positions(dice: Dice, extent: number, shape: readonly number[]): Plain {
  return { shape, data: Array.from({ length: sizeOf(shape) }, () => dice.below(2 * extent) - extent) }
}

/** An index that fits an array of some shape: every form there is. */
export function randomIndex(dice: Dice, shape: readonly number[]): AnyIndex[] {
  const index: AnyIndex[] = []
  // The shapes of positions broadcast together: parts of one block, with ones here and there; a mask's length has to fit, too.
  const block = [dice.pick([1, 2, 3]), dice.pick([2, 3])]
  let ellipsis = false
  let axis = 0
  while (axis < shape.length) {
    const extent = shape[axis]!
    const form = dice.below(11)
    if (form === 0) index.push(newaxis)
    else if (form === 1 && !ellipsis) {
      ellipsis = true
      index.push('...')
      axis += dice.below(shape.length - axis + 1)
    } else if (form === 2 && index.length > 0) break
    else if (form <= 4) {
      index.push(sliceText(dice, extent))
      axis++
    } else if (form <= 6 && extent > 0) {
      index.push(dice.below(2 * extent) - extent)
      axis++
    } else if (form === 7 && extent > 0) {
      index.push(positions(dice, extent, [dice.pick([1, block[1]!])]).data as number[])
      axis++
    } else if (form <= 9 && extent > 0) {
      const rank = dice.below(3)
      index.push(positions(dice, extent, block.slice(2 - rank).map(n => (dice.below(3) === 0 ? 1 : n))))
      axis++
    } else {
      const rank = dice.below(shape.length - axis + 1)
      const size = sizeOf(shape.slice(axis, axis + rank))
      const data = new Array<boolean>(size).fill(false)
      const wanted = dice.below(4) === 0 ? dice.below(size + 1) : Math.min(dice.pick([1, block[1]!]), size)
      for (let i = 0; i < wanted; i++) data[dice.below(size)] = true
      index.push({ shape: shape.slice(axis, axis + rank), data })
      axis += rank
    }
  }
  return index
}
