import type { NDArray } from '@ashlar/core'
import { autograd, np, scope } from '@ashlar/core'
import { Parameter } from '@ashlar/nn'
import { Trainer } from '@ashlar/optim'
import type { Racer } from './racers.ts'
import { RATES, optimizerOf } from './racers.ts'

/** A place in the valley. */
export type Point = readonly [x: number, y: number]

/** How steep the walls are, compared with the floor. */
export const WALLS = 20
export const START: Point = [-1.2, 1]
/** The lowest place. */
export const GOAL: Point = [1, 1]

/** The way of one racer. */
export interface Way {
  readonly racer: Racer
  /** The learning rate that led furthest down; null where it has no use for one. */
  readonly rate: number | null
  /** Every place, the start first. */
  readonly points: readonly Point[]
  /** How high each place is. */
  readonly heights: readonly number[]
}

/** The height of Rosenbrock's valley, whose floor follows a parabola: of shape (), from a place of shape (2,). */
export function heightOf(place: NDArray): NDArray {
  const [x, y] = [place.get(0), place.get(1)]
  return np.square(x.mul(-1).add(1)).add(np.square(y.sub(np.square(x))).mul(WALLS))
}

/** Goes down the valley with each learning rate, and returns the way that led lowest. `pause` is awaited after each. */
export async function race(racer: Racer, steps: number, seed: number, pause: () => Promise<void>): Promise<Way> {
  let best: Way | null = null
  for (const rate of racer.rate === null ? [null] : RATES) {
    np.random.seed(seed)
    const way = walk(racer, rate, steps)
    if (best === null || endOf(way) < endOf(best)) best = way
    await pause()
  }
  return best!
}

/** Where a way ends; nowhere, where it left the valley. */
export function endOf({ heights }: Pick<Way, 'heights'>): number {
  const end = heights.at(-1)!
  return Number.isNaN(end) ? Infinity : end
}

/** The first step from which on a racer stays below a height; null for none. */
export function arrivalOf({ heights }: Pick<Way, 'heights'>, height: number): number | null {
  const last = heights.findLastIndex(value => !(value < height))
  return last === heights.length - 1 ? null : last + 1
}

function walk(racer: Racer, rate: number | null, steps: number): Way {
  const place = new Parameter('place', { shape: 2 })
  place.initialize('zeros')
  place.setData(np.array([...START]))
  const trainer = new Trainer([place], optimizerOf(racer, rate))
  const points: Point[] = []
  const heights: number[] = []
  for (let step = 0; step <= steps; step++) {
    scope(() => {
      points.push(place.data().tolist() as unknown as Point)
      const height = autograd.record(() => heightOf(place.data()))
      heights.push(height.item() as number)
      if (step === steps) return
      height.backward()
      trainer.step(1)
    })
    // Who is that far up does not come back.
    if (!(heights.at(-1)! < 1e6)) break
  }
  return { racer, rate, points, heights }
}
