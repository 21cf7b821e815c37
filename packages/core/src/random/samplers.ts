import { logFloat32 } from './logarithm.ts'
import type { MT19937 } from './mt19937.ts'
import { fillNormal } from './normal.ts'
import { nextUniform, type RealArray } from './uniform.ts'

// The distributions that np.random draws from the main stream, mostly by inversion: one float32 uniform u per
// element, and float32 arithmetic. A draw of u = 0 (once in 2^32) gives infinity where the logarithm of u is taken, as in MXNet.

const fround = Math.fround

function fillFrom(engine: MT19937, out: RealArray, transform: (uniform: number) => number): void {
  for (let i = 0; i < out.length; i++) out[i] = transform(nextUniform(engine))
}

/** `-log(u) * scale`. */
export function fillExponential(engine: MT19937, out: RealArray, scale: number): void {
  const width = fround(scale)
  fillFrom(engine, out, (u) => fround(-logFloat32(u) * width))
}

/** `location - log(-log(u)) * scale`. */
export function fillGumbel(engine: MT19937, out: RealArray, location: number, scale: number): void {
  const [center, width] = [fround(location), fround(scale)]
  fillFrom(engine, out, (u) => fround(center + fround(-logFloat32(-logFloat32(u)) * width)))
}

/** `location + (log(u) - log(1 - u)) * scale`. */
export function fillLogistic(engine: MT19937, out: RealArray, location: number, scale: number): void {
  const [center, width] = [fround(location), fround(scale)]
  fillFrom(engine, out, (u) => {
    const logit = fround(logFloat32(u) - logFloat32(fround(1 - u)))
    return fround(center + fround(logit * width))
  })
}

/** `sqrt(-2 log(u)) * scale`. */
export function fillRayleigh(engine: MT19937, out: RealArray, scale: number): void {
  const width = fround(scale)
  fillFrom(engine, out, (u) => fround(fround(Math.sqrt(-2 * logFloat32(u))) * width))
}

/** `(-log(u)) ^ (1 / shape)`. */
export function fillWeibull(engine: MT19937, out: RealArray, shape: number): void {
  const power = fround(1 / fround(shape))
  fillFrom(engine, out, (u) => fround(Math.pow(-logFloat32(u), power)))
}

/** `exp(-log(u) / shape) - 1`. */
export function fillPareto(engine: MT19937, out: RealArray, shape: number): void {
  const divisor = fround(shape)
  fillFrom(engine, out, (u) => fround(fround(Math.exp(fround(-logFloat32(u) / divisor))) - 1))
}

/** `(1 - u) ^ (1 / shape)`. One output more than there are elements is consumed, as in MXNet. */
export function fillPower(engine: MT19937, out: RealArray, shape: number): void {
  const power = fround(1 / fround(shape))
  fillFrom(engine, out, (u) => fround(Math.pow(fround(1 - u), power)))
  // MXNet also draws into the cell behind the array that holds its error flag.
  engine.next()
}

/** `exp(z)` of normal draws z with this mean and scale; pairs are used as in `fillNormal`. */
export function fillLogNormal(engine: MT19937, out: RealArray, mean: number, scale: number): void {
  fillNormal(engine, out, mean, scale)
  for (let i = 0; i < out.length; i++) out[i] = fround(Math.exp(out[i] ?? 0))
}
