import { logFloat32 } from './logarithm.ts'
import type { MT19937 } from './mt19937.ts'
import { nextUniform, type RealArray } from './uniform.ts'

const fround = Math.fround

/**
 * The polar method of G. Marsaglia in float32, as `std::normal_distribution<float>` of libstdc++: each round gives a
 * pair of draws.
 */
class PolarMethod {
  /** The second draw of the pair, meant to be used after the returned one. */
  second = 0

  /** Draws a pair; consumes two outputs per attempt, about 2.5 on average. */
  nextPair(engine: MT19937): number {
    for (;;) {
      const x = fround(2 * nextUniform(engine) - 1)
      const y = fround(2 * nextUniform(engine) - 1)
      const square = fround(fround(x * x) + fround(y * y))
      if (square > 1 || square === 0) continue
      const factor = fround(Math.sqrt(fround(fround(-2 * logFloat32(square)) / square)))
      this.second = fround(x * factor)
      return fround(y * factor)
    }
  }
}

/**
 * Fills `out` with float32 draws `mean + z * scale`, z standard normal. Both draws of a pair are used; one that is left
 * over at the end is dropped, so two calls differ from one call for both halves.
 */
export function fillNormal(engine: MT19937, out: RealArray, mean: number, scale: number): void {
  const method = new PolarMethod()
  const [center, width] = [fround(mean), fround(scale)]
  for (let i = 0; i < out.length; i += 2) {
    out[i] = fround(center + fround(method.nextPair(engine) * width))
    if (i + 1 < out.length) out[i + 1] = fround(center + fround(method.second * width))
  }
}

/** As {@link fillNormal}, but with a new pair for every element, of which only the first draw is used. */
export function fillNormalUnpaired(engine: MT19937, out: RealArray, mean: number, scale: number): void {
  const method = new PolarMethod()
  const [center, width] = [fround(mean), fround(scale)]
  for (let i = 0; i < out.length; i++) out[i] = fround(center + fround(method.nextPair(engine) * width))
}
