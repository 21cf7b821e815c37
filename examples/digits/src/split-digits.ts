import { data, np } from 'ashlar'
import type { device } from 'ashlar'
import type { Digits } from './digits-data.ts'
import { INK, PIXELS } from './digits-data.ts'
import type { Batch } from './evaluate.ts'

/** Digits to learn from and digits held back, a fifth of each kind. */
export interface Parts {
  readonly train: Digits
  readonly test: Digits
}

export function splitDigits(digits: Digits, seed: number): Parts {
  const { train, test } = data.trainTestSplit([...digits.labels], { testSize: 0.2, stratify: true, seed })
  const part = (indices: readonly number[]): Digits => ({
    pixels: indices.map(i => digits.pixels[i]!),
    labels: Uint8Array.from(indices, i => digits.labels[i]!),
  })
  return { train: part(train), test: part(test) }
}

/** Digits as arrays on a device: pixels of shape (n, 64) scaled to [0, 1], labels of shape (n,). */
export function toArrays(digits: Digits, ctx: device.Context): Batch {
  const pixels = new Float32Array(digits.pixels.length * PIXELS)
  digits.pixels.forEach((row, i) => pixels.set(row, i * PIXELS))
  return {
    x: np.array(pixels.map(level => level / INK), { ctx }).reshape(-1, PIXELS),
    y: np.array(Float32Array.from(digits.labels), { ctx }),
  }
}
