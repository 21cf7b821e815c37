/** Reproducible numbers from `low` to `high` (mulberry32), so that tests do not draw from the library that they test. */
export function points(count: number, low: number, high: number, seed = 1): number[] {
  let word = seed >>> 0
  return Array.from({ length: count }, () => {
    word = (word + 0x6d2b79f5) >>> 0
    let t = Math.imul(word ^ (word >>> 15), word | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return low + (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * (high - low)
  })
}
