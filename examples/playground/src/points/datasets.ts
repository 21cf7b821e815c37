import { normal, randomOf, shuffled } from './random.ts'

/** The plane reaches from -REACH to REACH along both axes. */
export const REACH = 3.6

export type Label = 0 | 1

/** A point of the plane, what it is, and whether the training never sees it. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly label: Label
  readonly heldBack: boolean
}

/** `own` has no points but those that are set by hand. */
export const KINDS = ['spirals', 'moons', 'circles', 'own'] as const
export type Kind = (typeof KINDS)[number]

/** What decides a set of points. */
export interface Recipe {
  readonly kind: Kind
  /** How many points in all; half of each class. */
  readonly count: number
  /** The deviation of what is added to both coordinates. */
  readonly noise: number
  readonly seed: number
}

/** One in so many is held back. */
const HELD_BACK = 4

type Curve = (at: number, label: Label) => readonly [x: number, y: number]

/** Where the points of a class lie, `at` running from 0 to 1. */
const CURVES: Readonly<Record<Exclude<Kind, 'own'>, Curve>> = {
  // Square roots spread the points evenly along the arm.
  spirals: (at, label) => polar(0.35 + 2.65 * Math.sqrt(at), 3 * Math.PI * Math.sqrt(at) + label * Math.PI),
  moons: (at, label) => {
    const [x, y] = polar(2, Math.PI * at)
    return label === 0 ? [x - 1, y - 0.5] : [1 - x, 0.5 - y]
  },
  circles: (at, label) => polar(label === 0 ? 2.7 : 1.1, 2 * Math.PI * at),
}

function polar(radius: number, angle: number): readonly [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}

/** The points of a recipe: the same for the same recipe, and a quarter of each class held back. */
export function makePoints({ kind, count, noise, seed }: Recipe): Point[] {
  if (kind === 'own') return []
  const random = randomOf(seed)
  const each = Math.floor(count / 2)
  return ([0, 1] as const).flatMap(label => {
    const heldBack = new Set(shuffled(each, random).slice(0, Math.floor(each / HELD_BACK)))
    return Array.from({ length: each }, (_, i): Point => {
      const [x, y] = CURVES[kind](i / Math.max(1, each - 1), label)
      return { x: within(x + noise * normal(random)), y: within(y + noise * normal(random)), label, heldBack: heldBack.has(i) }
    })
  })
}

/** A coordinate on the plane. */
export function within(value: number): number {
  return Math.min(REACH, Math.max(-REACH, value))
}

/** A point set by hand, after others: every fourth of its class is held back. */
export function ownPoint(before: readonly Point[], x: number, y: number, label: Label): Point {
  const heldBack = before.filter(point => point.label === label).length % HELD_BACK === HELD_BACK - 1
  return { x: within(x), y: within(y), label, heldBack }
}
