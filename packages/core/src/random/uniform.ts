import type { MT19937 } from './mt19937.ts'

/** The arrays that random reals are written to; wider elements receive the float32 value. */
export type RealArray = Float32Array | Float64Array

/** The largest float32 below one, which stands for draws that round up to one. */
const belowOne: number = 1 - 2 ** -24

/** The next float32 in [0, 1); consumes one output, as `std::generate_canonical<float>` of libstdc++. */
export function nextUniform(engine: MT19937): number {
  const uniform = Math.fround(engine.next()) * 2 ** -32
  return uniform < 1 ? uniform : belowOne
}

/** The next float64 in [0, 1); consumes two outputs, the low word first, as `std::generate_canonical<double>`. */
export function nextUniformFloat64(engine: MT19937): number {
  const low = engine.next()
  const uniform = (engine.next() * 2 ** 32 + low) * 2 ** -64
  return uniform < 1 ? uniform : 1 - 2 ** -53
}

/**
 * Fills `out` with float32 draws from [low, high): `low + u * (high - low)`, one output per element, in order.
 * Rounding can return `high` itself, as in MXNet.
 */
export function fillUniform(engine: MT19937, out: RealArray, low: number, high: number): void {
  const start = Math.fround(low)
  const width = Math.fround(Math.fround(high) - start)
  for (let i = 0; i < out.length; i++) out[i] = Math.fround(start + Math.fround(nextUniform(engine) * width))
}
