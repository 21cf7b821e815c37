import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { cpuBackend } from '@ashlar/backend-cpu'
import { np, registerBackend } from '@ashlar/core'
import { DataLoader } from '@ashlar/data'
import { describe, expect, test } from 'vitest'
import { loadDigits } from '../src/digits.ts'
import { lastBatchesOf, listOf, ordersOf, padded, stagesOf, statisticsOf } from '../src/lessons.ts'
import { TRANSFORMS, cutToInk, padToWidest, shift } from '../src/transforms.ts'

registerBackend(cpuBackend())

/** The file itself, read without the program. */
const table = gunzipSync(readFileSync(new URL('../../digits/data/digits.csv.gz', import.meta.url))).toString().trim().split('\n').map(line => line.split(',').map(Number))
const EVERY = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const { dataset, labels } = loadDigits(EVERY)
const picture = (): number[][] => Array.from({ length: 8 }, (_, y) => Array.from({ length: 8 }, (_unused, x) => (x + 8 * y) / 64))

describe('the dataset', () => {
  test('holds the digits of the file, ink as 1', () => {
    expect(dataset.length).toBe(1797)
    for (const i of [0, 1, 900, 1796]) {
      const [pixels, label] = dataset.get(i)
      expect(pixels.shape).toEqual([8, 8])
      expect(listOf(pixels)).toEqual(table[i]!.slice(0, 64).map(level => level / 16))
      expect([label, labels[i]]).toEqual([table[i]![64], table[i]![64]])
    }
  })

  test('holds some kinds alone, in the order of the file', () => {
    const some = loadDigits([3, 8])
    const expected = table.filter(row => row[64] === 3 || row[64] === 8)
    expect(some.labels).toEqual(expected.map(row => row[64]))
    expect(some.dataset.length).toBe(expected.length)
    expect(listOf(some.dataset.get(7)[0])).toEqual(expected[7]!.slice(0, 64).map(level => level / 16))
  })
})

describe('orders', () => {
  test('are the same for the same seed and epoch, and others otherwise', () => {
    const [first, second, again, resumed, other] = ordersOf(dataset, 50, 3).map(order => String(order.labels))
    expect([again, resumed]).toEqual([first, second])
    expect(new Set([first, second, other]).size).toBe(3)
    expect(ordersOf(dataset, 50, 4)[0]!.labels.join()).toBe(other)
  })

  test('hold every digit once an epoch', () => {
    const positions = dataset.transform((_, label) => label).take(300)
    const numbered = new DataLoader(positions, { batchSize: 7, shuffle: true, seed: 1 })
    const read = [...numbered].flatMap(listOf)
    expect(read.toSorted((a, b) => a - b)).toEqual(table.slice(0, 300).map(row => row[64]!).sort((a, b) => a - b))
  })
})

describe('transforms', () => {
  const x = np.array(picture())

  test.each([[1, 0], [-1, 0], [0, 1], [0, -1], [2, -3]])('a shift of %i down and %i right moves every pixel there', (down, right) => {
    const expected = picture().map((row, y) => row.map((_, column) => picture()[y - down]?.[column - right] ?? 0))
    expect(shift(x, down, right).tolist()).toEqual(expected)
  })

  test('a random shift is one of four, and the seed decides which', () => {
    const shifted = (seed: number): string => {
      np.random.seed(seed)
      return Array.from({ length: 8 }, () => String(TRANSFORMS['shift']!.make({ mean: 0, spread: 1 })(x).tolist())).join()
    }
    expect(shifted(1)).toBe(shifted(1))
    expect(shifted(2)).not.toBe(shifted(1))
    const all = [[1, 0], [-1, 0], [0, 1], [0, -1]].map(([down, right]) => String(shift(x, down!, right!).tolist()))
    np.random.seed(0)
    const seen = new Set(Array.from({ length: 100 }, () => String(TRANSFORMS['shift']!.make({ mean: 0, spread: 1 })(x).tolist())))
    expect([...seen].sort()).toEqual([...all].sort())
  })

  test('flip, invert and normalise are what their names say', () => {
    const of = (name: string): unknown => TRANSFORMS[name]!.make({ mean: 0.5, spread: 0.25 })(x).tolist()
    expect(of('flip')).toEqual(picture().map(row => row.reverse()))
    expect(of('invert')).toEqual(picture().map(row => row.map(value => 1 - value)))
    expect(of('normalise')).toEqual(picture().map(row => row.map(value => (value - 0.5) * 4)))
  })

  test('noise has a spread of 0.1 and no mean', () => {
    np.random.seed(0)
    const noise = listOf(TRANSFORMS['noise']!.make({ mean: 0, spread: 1 })(np.zeros([200, 200])))
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length
    // Four standard errors.
    expect(Math.abs(mean)).toBeLessThan(4 * 0.1 / 200)
    expect(Math.abs(Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length) - 0.1)).toBeLessThan(4 * 0.1 / Math.sqrt(2) / 200)
  })

  test('statistics are those of all pixels of the file', () => {
    const all = table.flatMap(row => row.slice(0, 64).map(level => level / 16))
    const mean = all.reduce((a, b) => a + b, 0) / all.length
    const spread = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length)
    const found = statisticsOf(dataset)
    expect(found.mean).toBeCloseTo(mean, 5)
    expect(found.spread).toBeCloseTo(spread, 5)
    const after = statisticsOf(dataset, TRANSFORMS['normalise']!.make(found))
    expect(after.mean).toBeCloseTo(0, 5)
    expect(after.spread).toBeCloseTo(1, 5)
  })

  test('run one after another, on the batch that a seed gives', () => {
    const chain = ['flip', 'invert'].map(name => [name, TRANSFORMS[name]!.make({ mean: 0, spread: 1 })] as const)
    const { stages, labels: shown } = stagesOf(dataset, chain, { batchSize: 5, seed: 2 })
    expect(stages.map(({ name }) => name)).toEqual(['as it is', 'flip', 'invert'])
    const [pictures, own] = [...new DataLoader(dataset, { batchSize: 5, shuffle: true, seed: 2 })][0]!
    expect(shown).toEqual(listOf(own))
    const before = Array.from(pictures, listOf)
    expect(stages[0]!.pictures).toEqual(before)
    expect(stages[1]!.pictures).toEqual(before.map(pixels => pixels.map((_, i) => pixels[i - (i % 8) + 7 - (i % 8)])))
    expect(stages[2]!.pictures).toEqual(stages[1]!.pictures.map(pixels => pixels.map(value => 1 - value)))
  })
})

// 10 = 3 × 3 + 1; then 1 + 10 = 3 × 3 + 2; then 2 + 10 = 4 × 3.
test('last batches are kept, left out, or wait for the next epoch', () => {
  const full = (count: number): number[] => new Array<number>(count).fill(3)
  expect(lastBatchesOf(10, 3, 3)).toEqual({
    keep: new Array(3).fill({ sizes: [...full(3), 1], waiting: 0 }),
    discard: new Array(3).fill({ sizes: full(3), waiting: 0 }),
    rollover: [{ sizes: full(3), waiting: 1 }, { sizes: full(3), waiting: 2 }, { sizes: full(4), waiting: 0 }],
  })
})

describe('a batchify of its own', () => {
  test('cuts to the ink, and pads to the widest', () => {
    const thin = np.array([[0, 0, 0.5, 0], [0, 0, 0, 0]])
    const wide = np.array([[0, 1, 0, 0], [0, 0, 0, 0.25]])
    expect([thin, wide].map(each => cutToInk(each).tolist())).toEqual([[[0.5], [0]], [[1, 0, 0], [0, 0, 0.25]]])
    expect(cutToInk(np.zeros([2, 3])).shape).toEqual([2, 3])
    const { pictures, widths, labels: kinds } = padToWidest([[cutToInk(thin), 4], [cutToInk(wide), 7]])
    expect(pictures.tolist()).toEqual([[[0.5, 0, 0], [0, 0, 0]], [[1, 0, 0], [0, 0, 0.25]]])
    expect([widths.tolist(), kinds.tolist(), widths.dtype]).toEqual([[1, 3], [4, 7], 'int32'])
  })

  test('loads what stacking refuses', () => {
    const { refusal, batch } = padded(dataset, { batchSize: 32, seed: 0 })
    expect(refusal).toContain('pass a batchify function that pads them')
    const widths = listOf(batch.widths)
    expect(batch.pictures.shape).toEqual([32, 8, Math.max(...widths)])
    const [pictures] = [...new DataLoader(dataset, { batchSize: 32, shuffle: true, seed: 0 })][0]!
    // No ink is lost.
    Array.from(pictures, listOf).forEach((pixels, i) => {
      const inked = pixels.flatMap((level, p) => (level > 0 ? [p % 8] : []))
      expect(widths[i]).toBe(Math.max(...inked) - Math.min(...inked) + 1)
      expect(batch.pictures.get(i).sum().item()).toBeCloseTo(pixels.reduce((a, b) => a + b, 0), 5)
    })
    expect(padded(dataset, { batchSize: 1, seed: 0 }).refusal).toMatch(/^no refusal/)
  })
})
