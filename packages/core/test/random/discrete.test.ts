import { describe, expect, it } from 'vitest'
import {
  fillCategorical,
  fillChoice,
  fillChoiceWithoutReplacement,
  fillMultinomial,
  MT19937,
  shuffledOrder,
  shuffledRowOrder,
} from '../../src/random/index.ts'

describe('discrete draws', () => {
  it.each([shuffledOrder, shuffledRowOrder])('shuffles into a permutation (%o)', (order) => {
    const result = order(new MT19937(3), 1000)
    expect([...result]).not.toEqual(Array.from(result.toSorted()))
    expect(Array.from(result.toSorted())).toEqual(Array.from({ length: 1000 }, (_, index) => index))
    expect(order(new MT19937(3), 0).length).toBe(0)
  })

  it('chooses distinct numbers, all of them if asked', () => {
    const out = new Int32Array(20)
    fillChoiceWithoutReplacement(new MT19937(0), out, 40)
    expect(new Set(out).size).toBe(20)
    fillChoiceWithoutReplacement(new MT19937(0), out, 20)
    expect([...out].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  it('rejects impossible choices', () => {
    const engine = new MT19937(0)
    expect(() => fillChoice(engine, new Int32Array(1), 0)).toThrow(RangeError)
    expect(() => fillChoiceWithoutReplacement(engine, new Int32Array(3), 2)).toThrow(RangeError)
    expect(() => fillCategorical(engine, new Int32Array(1), [])).toThrow(RangeError)
    expect(() => fillMultinomial(engine, new Int32Array(2), 1, [1])).toThrow(RangeError)
    expect(engine.position).toBe(0)
  })

  it('takes the last index where the probabilities fall short of one', () => {
    const out = new Float32Array(50)
    fillCategorical(new MT19937(0), out, [0, 1e-9])
    expect(out.every((index) => index === 1)).toBe(true)
  })

  it('writes 64-bit integers', () => {
    const out = new BigInt64Array(2)
    fillChoice(new MT19937(0), out, 10)
    expect([...out]).toEqual([4n, 9n])
  })
})
