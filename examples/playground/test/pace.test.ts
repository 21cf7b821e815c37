import { expect, test } from 'vitest'
import { Pace } from '../src/model/pace.ts'

/** How many steps are made in a second of turns of that length. */
function inASecond(stepsPerSecond: number, turn: number): number {
  const pace = new Pace(stepsPerSecond, 0)
  pace.start(0)
  let made = 0
  for (let now = 0; now <= 1000; now += turn) {
    const due = pace.due(now)
    pace.made(due)
    made += due
  }
  return made
}

test.each([[1, 10], [5, 33], [50, 7], [200, 24], [500, 16]])('%i steps a second in turns of %i ms', (rate, turn) => {
  // The first step is due at once, and the last turn may end just before the next one.
  expect(Math.abs(inASecond(rate, turn) - (rate + 1))).toBeLessThanOrEqual(1 + Math.ceil(rate * turn / 1000))
})

test('what falls behind is forgotten beyond a tenth of a second', () => {
  const pace = new Pace(100, 0)
  pace.start(0)
  expect(pace.due(60_000)).toBe(10)
})

test('a step is due at once after a pause, and then after the time it says', () => {
  const pace = new Pace(4, 0)
  pace.start(5000)
  expect(pace.due(5000)).toBe(1)
  pace.made(1)
  expect(pace.due(5000)).toBe(0)
  expect(pace.wait()).toBe(250)
  expect(pace.due(5249)).toBe(0)
  expect(pace.due(5250)).toBe(1)
})

test('no limit is always due', () => {
  const pace = new Pace(Infinity, 0)
  pace.start(0)
  pace.made(1e6)
  expect([pace.due(0), pace.wait()]).toEqual([Infinity, 0])
})
