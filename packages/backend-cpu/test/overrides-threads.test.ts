import { expect, it } from 'vitest'
import { answerOf } from './support/child.ts'

it('overrides give the same bits with one, two and three threads', async () => {
  const [one, two, three] = await Promise.all(['1', '2', '3'].map(threads => answerOf<Record<string, string>>('overrides-threads', { env: { ASHLAR_THREADS: threads } })))
  expect(Object.keys(one!).length).toBeGreaterThan(10)
  expect(two).toEqual(one)
  expect(three).toEqual(one)
})
