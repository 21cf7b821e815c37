import { describe, expect, test } from 'vitest'
import { batchesOf, enlarge, picturesOf } from '../src/pictures.ts'

describe('pictures', () => {
  test('are enlarged along straight lines', () => {
    // By hand: pixel i of 4 has its centre at (i + 1/2) / 2 - 1/2, so at -1/4, 1/4, 3/4 and 5/4 of the two that there were.
    const [low, high] = [[0, 0.25, 0.75, 1], [2, 2.25, 2.75, 3]]
    const between = (share: number): number[] => low.map((value, i) => value + (high[i]! - value) * share)
    expect([...enlarge(Float32Array.of(0, 1, 2, 3), 2, 4)]).toEqual([low, between(0.25), between(0.75), high].flat())
    expect([...enlarge(new Float32Array(64).fill(0.5), 8, 28)]).toEqual(Array.from({ length: 784 }, () => 0.5))
    // Half way from the first pixel to the second, as 3.5 / 3.5 - 1/2 = 1/2.
    const ramp = Float32Array.from({ length: 64 }, (_, i) => i % 8)
    expect(enlarge(ramp, 8, 28)[3]).toBeCloseTo(0.5, 6)
    expect(enlarge(ramp, 8, 28)[27]).toBe(7)
  })

  test('have pixels from 0 to 1 in either size', () => {
    const digits = { pixels: [new Uint8Array(64).fill(16), new Uint8Array(64)], labels: Uint8Array.of(3, 8) }
    const small = picturesOf(digits, 64)
    expect([small.pixels.length, small.pixels[0], small.pixels[64]]).toEqual([128, 1, 0])
    expect([...small.labels]).toEqual([3, 8])
    const large = picturesOf(digits, 784)
    expect([large.pixels.length, large.pixels[783], large.pixels[784]]).toEqual([1568, 1, 0])
  })
})

describe('batches', () => {
  const all = { pixels: Float32Array.from({ length: 10 }, (_, i) => Math.floor(i / 2)), labels: Float32Array.from({ length: 5 }, (_, i) => i) }
  const labels = (batch: number, count: number, seed: number): number[] => {
    const batches = batchesOf(all, batch, seed)
    return Array.from({ length: count }, () => [...batches.next().value.labels]).flat()
  }

  test('hold each picture once an epoch, with its label, and go on over the end of one', () => {
    const batches = batchesOf(all, 3, 1)
    const seen: number[] = []
    for (let i = 0; i < 5; i++) {
      const { pixels, labels: own } = batches.next().value
      expect([...pixels]).toEqual([...own].flatMap(label => [label, label]))
      seen.push(...own)
    }
    for (const start of [0, 5, 10]) expect(seen.slice(start, start + 5).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
  })

  test('may be larger than an epoch, and depend on the seed alone', () => {
    expect(labels(12, 1, 4)).toEqual(labels(3, 4, 4))
    expect(labels(5, 2, 4)).not.toEqual(labels(5, 2, 5))
  })
})
