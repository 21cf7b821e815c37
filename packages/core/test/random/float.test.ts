import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fillNormal, logFloat32, MT19937, nextUniform, nextUniformFloat64 } from '../../src/random/index.ts'

/** A generator whose next outputs repeat the given ones. */
function engineWithOutputs(outputs: number[]): MT19937 {
  const engine = new MT19937(0)
  const words = Uint32Array.from({ length: 624 }, (_, index) => untemper(outputs[index % outputs.length] ?? 0))
  engine.restore({ words, index: 0, renewals: 1 })
  return engine
}

/** Undoes the output function of MT19937. */
function untemper(output: number): number {
  let word = output ^ (output >>> 18)
  word ^= (word << 15) & 0xefc60000
  let lower = word
  for (let i = 0; i < 4; i++) lower = word ^ ((lower << 7) & 0x9d2c5680)
  const upper = lower ^ (lower >>> 11)
  return (lower ^ (upper >>> 11)) >>> 0
}

describe('uniform floats', () => {
  it('stay below one where rounding would reach it', () => {
    expect(nextUniform(engineWithOutputs([0xffffffff]))).toBe(Math.fround(0.99999994))
    expect(nextUniformFloat64(engineWithOutputs([0xffffffff]))).toBe(1 - 2 ** -53)
  })

  it('take two outputs for a float64, the low word first', () => {
    expect(nextUniformFloat64(engineWithOutputs([2 ** 31, 2 ** 30]))).toBe(0.25 + 2 ** -33)
  })
})

describe('the polar method', () => {
  it('accepts points on the circle and rejects its centre', () => {
    const out = new Float32Array(1)
    // x = y = 0 is rejected, x = 0 with y = -1 accepted.
    const engine = engineWithOutputs([2 ** 31, 2 ** 31, 2 ** 31, 0])
    fillNormal(engine, out, 3, 1)
    expect([out[0], engine.position]).toEqual([3, 4])
  })
})

describe('logFloat32', () => {
  const bits = new DataView(new ArrayBuffer(4))
  const fromWord = (word: number): number => (bits.setUint32(0, word), bits.getFloat32(0))

  it('rounds each step as the published algorithm', () => {
    // The hash of the same logarithms from an independent float32 implementation (in NumPy).
    const spread = Array.from({ length: 20000 }, (_, index) => 1 + ((index * 104729 * 1009) % 0x7f7fffff))
    const nearOne = Array.from({ length: 20165 }, (_, index) => 0x3f7e0000 + 13 * index)
    const logarithms = Float32Array.from([...spread, ...nearOne], (word) => logFloat32(fromWord(word)))
    expect(createHash('sha256').update(new Uint8Array(logarithms.buffer)).digest('hex')).toBe(
      'dbb111aac7967e2652397b1dc7c04220fb4d6b0d661daa3c5c9e8188bb14c658',
    )
  })

  it('is within one unit in the last place of the logarithm', () => {
    for (let word = 1; word < 0x7f800000; word += 100003) {
      const x = fromWord(word)
      const exact = Math.log(x)
      const ulp = 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23)
      expect(Math.abs(logFloat32(x) - exact)).toBeLessThan(ulp)
    }
  })

  it('handles the special values', () => {
    expect([0, -0, -1, NaN, Infinity, 1].map(logFloat32)).toEqual([-Infinity, -Infinity, NaN, NaN, Infinity, 0])
  })
})
