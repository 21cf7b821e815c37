import type { Digits } from '@ashlar-examples/digits/data'
import { INK, PIXELS, SIDE } from '@ashlar-examples/digits/data'
import { data } from 'ashlar'

/** The side of enlarged pictures, that of the well-known sets of digits. */
export const WIDE = 28

/** Pictures and labels in the host's memory, picture after picture. */
export interface Pictures {
  readonly pixels: Float32Array
  readonly labels: Float32Array
}

/** Digits with pixels from 0 to 1, enlarged where `size` is that of the wide pictures. */
export function picturesOf({ pixels, labels }: Digits, size: number): Pictures {
  const all = new Float32Array(pixels.length * size)
  for (const [i, row] of pixels.entries()) {
    const scaled = Float32Array.from(row, level => level / INK)
    all.set(size === PIXELS ? scaled : enlarge(scaled, SIDE, WIDE), i * size)
  }
  return { pixels: all, labels: Float32Array.from(labels) }
}

/**
 * A square picture in another size, between pixels on the straight line from one to the next (bilinear): pixel i of `to`
 * has its centre at (i + 1/2) · from / to, and beyond the outermost centres the picture goes on as it ends.
 */
export function enlarge(picture: Float32Array, from: number, to: number): Float32Array {
  const places = Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5))
    const low = Math.floor(at)
    return { low, high: Math.min(low + 1, from - 1), share: at - low }
  })
  const mix = (a: number, b: number, share: number): number => a + (b - a) * share
  return Float32Array.from({ length: to * to }, (_, i) => {
    const [y, x] = [places[Math.floor(i / to)]!, places[i % to]!]
    const along = (row: number): number => mix(picture[row * from + x.low]!, picture[row * from + x.high]!, x.share)
    return mix(along(y.low), along(y.high), y.share)
  })
}

/** Batches without end: each epoch in an order of its own, and a batch may hold the end of one and the start of the next. */
export function* batchesOf({ pixels, labels }: Pictures, batch: number, seed: number): Generator<Pictures, never> {
  const size = pixels.length / labels.length
  const sampler = new data.RandomSampler(labels.length, { seed })
  let order = sampler[Symbol.iterator]()
  const next = (): number => {
    const found = order.next()
    if (found.done !== true) return found.value
    order = sampler[Symbol.iterator]()
    return order.next().value as number
  }
  for (;;) {
    const [own, ownLabels] = [new Float32Array(batch * size), new Float32Array(batch)]
    for (let i = 0; i < batch; i++) {
      const at = next()
      own.set(pixels.subarray(at * size, (at + 1) * size), i * size)
      ownLabels[i] = labels[at]!
    }
    yield { pixels: own, labels: ownLabels }
  }
}
