import { describe, expect, it } from 'vitest'
import { fillChoice, fillUniform, generatorSeed, MT19937, ParallelStream, RandomState } from '../../src/random/index.ts'

function parallelUniform(stream: ParallelStream, length: number): Float32Array {
  const out = new Float32Array(length)
  stream.fillUniform(out, 0, 1)
  return out
}

function engineUniform(seed: number, length: number): Float32Array {
  const out = new Float32Array(length)
  fillUniform(new MT19937(seed), out, 0, 1)
  return out
}

describe('generatorSeed', () => {
  it('multiplies by 127, adds the id and keeps 32 bits', () => {
    expect(generatorSeed(128, 0)).toBe(16256)
    expect(generatorSeed(1, 3)).toBe(130)
    expect(generatorSeed(2 ** 32 - 1, 0)).toBe(Number((127n * (2n ** 32n - 1n)) & 0xffffffffn))
  })

  it.each([-1, -(2 ** 40) - 5, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])('is exact for %d', (seed) => {
    expect(generatorSeed(seed, 2)).toBe(Number(BigInt.asUintN(32, BigInt(seed) * 127n + 2n)))
  })

  it.each([0.5, NaN, 2 ** 53])('rejects %d', (seed) => {
    expect(() => generatorSeed(seed, 0)).toThrow(RangeError)
  })
})

describe('ParallelStream', () => {
  it('gives each engine a contiguous part', () => {
    // 130 elements need 3 engines, of 44, 44 and 42 elements.
    const parts = [0, 1, 2].map((number) => engineUniform(5 * 127 + number, 44))
    const expected = parts.flatMap((part) => [...part]).slice(0, 130)
    expect([...parallelUniform(new ParallelStream(5), 130)]).toEqual(expected)
  })

  it('uses no more than 1024 engines', () => {
    const out = parallelUniform(new ParallelStream(0), 1024 * 100)
    expect(out[1023 * 100]).toBe(engineUniform(1023, 1)[0])
    expect(out[99]).toBe(engineUniform(0, 100)[99])
  })

  it('continues each engine in the next fill', () => {
    const stream = new ParallelStream(0)
    parallelUniform(stream, 10)
    expect(parallelUniform(stream, 1)[0]).toBe(engineUniform(0, 11)[10])
  })

  it('leaves an empty fill alone', () => {
    const stream = new ParallelStream(0)
    expect(parallelUniform(stream, 0).length).toBe(0)
    expect(stream.save().engines.size).toBe(0)
  })

  it('draws integers of wide ranges exactly', () => {
    const low = -(2 ** 52)
    const range = 2 ** 53 - 1
    const out = new BigInt64Array(50)
    new ParallelStream(3).fillInteger(out, low, low + range)
    const engine = new MT19937(381)
    const expected = Array.from(out, () => {
      const first = BigInt(engine.next())
      return BigInt(low) + (((first << 31n) + BigInt(engine.next())) % BigInt(range))
    })
    expect([...out]).toEqual(expected)
  })

  it.each([
    [3, 3],
    [0, 0.5],
    [-(2 ** 53) + 1, 2 ** 53 - 1],
  ])('rejects the integers from %d to %d', (low, high) => {
    expect(() => new ParallelStream(0).fillInteger(new Int32Array(1), low, high)).toThrow(RangeError)
  })

  it('differs between devices, the first one having the CPU numbers', () => {
    const draw = (deviceId: number): number[] => [...parallelUniform(new ParallelStream(1, deviceId), 200)]
    expect(draw(0)).toEqual([...parallelUniform(new ParallelStream(1), 200)])
    expect(draw(0).filter((value) => draw(1).includes(value))).toEqual([])
  })
})

describe('RandomState', () => {
  function draw(state: RandomState): number[] {
    const out = new Uint32Array(3)
    fillChoice(state.main, out, 2 ** 32)
    return [...out, ...parallelUniform(state.parallel, 100)]
  }

  it('seeds the main stream with the device id', () => {
    const state = new RandomState(2)
    expect(state.main.next()).toBe(new MT19937(2).next())
    state.seed(-1)
    expect(state.main.next()).toBe(new MT19937(2 ** 32 - 125).next())
  })

  it('repeats both streams after the same seed', () => {
    const state = new RandomState()
    state.seed(9)
    const first = draw(state)
    expect(draw(state)).not.toEqual(first)
    state.seed(9)
    expect(state.position).toBe(0)
    expect(draw(state)).toEqual(first)
  })

  it('keeps its state when the seed is refused', () => {
    const state = new RandomState()
    draw(state)
    expect(() => state.seed(1.5)).toThrow(RangeError)
    const other = new RandomState()
    draw(other)
    expect(draw(state)).toEqual(draw(other))
  })

  it('continues both streams from a snapshot', () => {
    const state = new RandomState()
    state.seed(4)
    draw(state)
    const snapshot = state.save()
    const next = draw(state)
    const other = new RandomState()
    draw(other)
    for (const each of [state, other]) {
      each.restore(snapshot)
      expect(each.position).toBe(3)
      expect(draw(each)).toEqual(next)
    }
  })
})
