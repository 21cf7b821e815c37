import { expect, test } from 'vitest'
import { make, sample, transposed } from '../src/arrays.ts'

test('arrays are those that the same formula gives in Python', () => {
  const values = make({ shape: [2, 2], seed: 7, low: -1, high: 3 })
  const expected = [1.1595144, 0.4648241, 0.5760745, 0.3436698]
  expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6))
  expect([...make({ shape: [6], seed: 7, classes: 10 })]).toEqual([5, 3, 3, 3, 5, 8])
})

test('a sample is spread over the whole array', () => {
  expect(sample([1, 2, 3])).toEqual([1, 2, 3])
  const long = sample(Array.from({ length: 6400 }, (_, i) => i))
  expect([long.length, long[1], long.at(-1)]).toEqual([64, 100, 6300])
})

test('a transpose', () => {
  expect([...transposed(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3)]).toEqual([1, 4, 2, 5, 3, 6])
})
