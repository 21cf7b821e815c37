import { expect, test } from 'vitest'
import { KINDS, REACH, makePoints, ownPoint } from '../src/points/datasets.ts'
import type { Point } from '../src/points/datasets.ts'
import { normal, randomOf, shuffled } from '../src/points/random.ts'

const recipe = { kind: 'spirals', count: 200, noise: 0, seed: 1 } as const

test.each(['spirals', 'moons', 'circles'] as const)('%s: half of each class, a quarter of each held back, all on the plane', kind => {
  const points = makePoints({ ...recipe, kind, noise: 0.6 })
  for (const label of [0, 1]) {
    const own = points.filter(point => point.label === label)
    expect(own).toHaveLength(100)
    expect(own.filter(point => point.heldBack)).toHaveLength(25)
  }
  expect(points.every(({ x, y }) => Math.abs(x) <= REACH && Math.abs(y) <= REACH)).toBe(true)
})

test('a recipe gives the same points again, another seed gives others', () => {
  const noisy = { ...recipe, noise: 0.1 }
  expect(makePoints(noisy)).toEqual(makePoints(noisy))
  expect(makePoints({ ...noisy, seed: 2 })).not.toEqual(makePoints(noisy))
})

test('without noise, points lie where they should', () => {
  const radius = ({ x, y }: Point): number => Math.hypot(x, y)
  for (const point of makePoints({ ...recipe, kind: 'circles' })) expect(radius(point)).toBeCloseTo(point.label === 0 ? 2.7 : 1.1, 10)
  // The second arm is the first one, turned by half a turn.
  const spirals = makePoints(recipe)
  spirals.slice(0, 100).forEach(({ x, y }, i) => {
    expect(spirals[100 + i]!.x).toBeCloseTo(-x, 10)
    expect(spirals[100 + i]!.y).toBeCloseTo(-y, 10)
  })
  // Each moon reaches into the other.
  const moons = makePoints({ ...recipe, kind: 'moons' })
  expect(Math.max(...moons.filter(p => p.label === 0).map(p => p.y))).toBeCloseTo(1.5, 2)
  expect(Math.min(...moons.filter(p => p.label === 1).map(p => p.y))).toBeCloseTo(-1.5, 2)
})

test('of points set by hand, every fourth of a class is held back, and none lies outside', () => {
  const points: Point[] = []
  for (const label of [0, 1, 0, 0, 1, 0, 0] as const) points.push(ownPoint(points, 9, -9, label))
  expect(points.map(point => point.heldBack)).toEqual([false, false, false, false, false, true, false])
  expect(points[0]).toMatchObject({ x: REACH, y: -REACH })
  expect(makePoints({ ...recipe, kind: 'own' })).toEqual([])
  expect(KINDS).toContain('own')
})

test('random numbers follow their seed', () => {
  const many = (seed: number, count: number): number[] => {
    const random = randomOf(seed)
    return Array.from({ length: count }, () => random())
  }
  expect(many(7, 5)).toEqual(many(7, 5))
  const uniform = many(7, 20_000)
  expect(uniform.every(value => value >= 0 && value < 1)).toBe(true)
  expect(uniform.reduce((a, b) => a + b) / 20_000).toBeCloseTo(0.5, 1)
  const random = randomOf(3)
  const normals = Array.from({ length: 20_000 }, () => normal(random))
  expect(normals.reduce((a, b) => a + b) / 20_000).toBeCloseTo(0, 1)
  expect(Math.sqrt(normals.reduce((a, b) => a + b * b) / 20_000)).toBeCloseTo(1, 1)
  expect(shuffled(50, random).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
})
