import { expect, test } from 'vitest'
import { ITEMS } from './behaviour.ts'
import { coverage } from './coverage.ts'
import { DECIDED_AGAINST } from './decided.ts'
import { itemsOf } from './titles.ts'

test.each([
  ['S5.1-01, 02 and 07: draws', ['S5.1-01', 'S5.1-02', 'S5.1-07']],
  ['B-7.2, 7.3a: step', ['B-7.2', 'B-7.3']],
  ['np.random (N-01 to N-04)', ['N-01', 'N-02', 'N-03', 'N-04']],
  ['S5.5-06, N-08, B-1.14: one of each', ['S5.5-06', 'N-08', 'B-1.14']],
  ['B-7.9a: no decay, B-7.9b: decay', ['B-7.9']],
  ['S5.6-08 > C-1.9, B-1.14', ['S5.6-08', 'C-1.9', 'B-1.14']],
  ['E5.2-4, 5: training', ['E5.2-4', 'E5.2-5']],
  ['a shape of (2, 3), GPT-2 and UTF-8 name nothing', []],
  ['B-12: no item', []],
])('the items that %j names', (title, items) => {
  expect(itemsOf(title)).toEqual(items)
})

test('a missing, an unknown and a wrongly decided item are problems', () => {
  const { line, problems } = coverage(['B-1.1', 'B-1.3', 'B-9.99'], new Set(['B-1.1', 'B-1.2', 'B-1.3', 'B-1.4']), { 'B-1.3': 'why', 'B-1.4': 'why', 'X-1': 'why' })
  expect(line).toBe('behaviour: 2 of 4 items have a test, 3 are decided against, 1 are missing')
  expect(problems).toEqual([
    'B-1.2 has no test that names it',
    'B-9.99 is named by a test, and is no item of the behaviour',
    'X-1 is decided against, and is no item of the behaviour',
    'B-1.3 is decided against, and has a test',
  ])
})

test('every reason is a sentence', () => {
  for (const [id, reason] of Object.entries(DECIDED_AGAINST)) {
    expect(ITEMS.has(id), id).toBe(true)
    expect(reason.length, id).toBeGreaterThan(20)
  }
})
