/** How many items each part of the behaviour has: `S5.1-01` to `S5.1-25`, and so on. */
const PARTS: readonly (readonly [part: string, count: number, digits: 1 | 2])[] = [
  ['S5.1-', 25, 2], ['S5.2-', 28, 2], ['S5.3-', 12, 2], ['S5.4-', 10, 2], ['S5.5-', 10, 2], ['S5.6-', 16, 2],
  ['E5.1-', 5, 1], ['E5.2-', 5, 1], ['E5.3-', 3, 1], ['E5.4-', 3, 1], ['E5.5-', 3, 1], ['E5.6-', 4, 1],
  ['L5.1-', 5, 2], ['P-', 24, 2], ['T-', 12, 2], ['N-', 10, 2],
  ['B-1.', 16, 1], ['B-2.', 8, 1], ['B-3.', 18, 1], ['B-4.', 6, 1], ['B-5.', 10, 1], ['B-6.', 6, 1], ['B-7.', 9, 1], ['B-8.', 5, 1],
  ['B-9.', 5, 1], ['B-10.', 7, 1], ['B-11.', 7, 1], ['B-12.', 10, 1], ['B-13.', 2, 1], ['B-14.', 7, 1], ['B-15.', 3, 1],
  ['C-1.', 11, 1], ['C-2.', 4, 1], ['C-3.', 1, 1], ['C-4.', 4, 1], ['Q-', 16, 1],
]

/** The behaviour has no item of this number. */
const GAPS = new Set(['N-07'])

/** All items of the behaviour. */
export const ITEMS: ReadonlySet<string> = new Set(
  PARTS.flatMap(([part, count, digits]) => Array.from({ length: count }, (_, i) => part + String(i + 1).padStart(digits, '0'))).filter(id => !GAPS.has(id)),
)
