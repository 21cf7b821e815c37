import type { NDArray } from '../ndarray.ts'
import {
  fillExponential, fillGumbel, fillLogNormal, fillLogistic, fillNormal, fillPareto, fillPower, fillRayleigh, fillUniform, fillWeibull,
} from '../random/index.ts'
import type { Distribution, Sampler1, Sampler2, ShapeSampler } from './sampler.ts'
import { sampler } from './sampler.ts'

const fround = Math.fround

/** Whether low and high are so far apart that float32 has no number for their distance. */
export const tooFar = (low: number, high: number): string | null =>
  Number.isFinite(fround(fround(high) - fround(low))) ? null : 'low and high are too far apart for float32'

/** The location and the scale of a distribution, under NumPy's names unless told otherwise. */
const locationAndScale = (location = 'loc', scale = 'scale'): Distribution['parameters'] =>
  [{ name: location, rule: 'finite', default: 0 }, { name: scale, rule: 'nonnegative', default: 1 }]
const scale: Distribution['parameters'] = [{ name: 'scale', rule: 'nonnegative', default: 1 }]
const shape: Distribution['parameters'] = [{ name: 'a', rule: 'positive' }]

/** Normal draws come in pairs, which an array of parameters must not break up. */
function fillNormalEach(out: Float32Array, loc: Float64Array, scale: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = fround(fround(loc[i]!) + fround(out[i]! * fround(scale[i]!)))
}

/**
 * Draws from U[low, high): `uniform(low, high, size, options)` or `uniform({ low, high, size, dtype, ctx })`.
 * A parameter, here and in the other samplers, may be an array as well, with one number for each draw.
 *
 * @throws ValueError unless the bounds are finite
 * @example
 * ```ts
 * import { np, npx, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * npx.random.seed(0)
 * console.log(np.random.uniform({ size: [3] }))
 * // array([0.5488135 , 0.5928446 , 0.71518934])
 * console.log(np.random.uniform([0, 10], [1, 20]))
 * // array([ 0.84426576, 16.027634  ])
 * ```
 */
export const uniform: Sampler2<'low' | 'high'> = /* #__PURE__ */ sampler({
  op: 'random.uniform',
  parameters: [{ name: 'low', rule: 'finite', default: 0 }, { name: 'high', rule: 'finite', default: 1 }],
  refuse: tooFar,
  fill: ({ main }, out, low, high) => fillUniform(main, out, low!, high!),
})

/** Draws from the normal distribution: `normal(loc, scale, size, options)` or `normal({ loc, scale, size, dtype, ctx })`. */
export const normal: Sampler2<'loc' | 'scale'> = /* #__PURE__ */ sampler({
  op: 'random.normal',
  parameters: locationAndScale(),
  fill: ({ main }, out, loc, scale) => fillNormal(main, out, loc!, scale!),
  fillEach({ main }, out, loc, scale) {
    fillNormal(main, out, 0, 1)
    fillNormalEach(out, loc!, scale!)
  },
})

/** Draws whose logarithm is normal: `lognormal(mean, sigma, size, options)` or `lognormal({ mean, sigma, … })`. */
export const lognormal: Sampler2<'mean' | 'sigma'> = /* #__PURE__ */ sampler({
  op: 'random.lognormal',
  parameters: locationAndScale('mean', 'sigma'),
  fill: ({ main }, out, mean, sigma) => fillLogNormal(main, out, mean!, sigma!),
  fillEach({ main }, out, mean, sigma) {
    fillNormal(main, out, 0, 1)
    fillNormalEach(out, mean!, sigma!)
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(out[i]!)
  },
})

/**
 * Draws from the exponential distribution of mean `scale`: `exponential(scale, size, options)` or
 * `exponential({ scale, size, dtype, ctx })`.
 *
 * @throws ValueError for a negative scale
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * np.random.seed(0)
 * console.log(np.random.exponential(2.5, 3))
 * // array([1.4999914, 1.3070574, 0.8380199])
 * ```
 */
export const exponential: Sampler1<'scale'> = /* #__PURE__ */ sampler({
  op: 'random.exponential',
  parameters: scale,
  fill: ({ main }, out, scale) => fillExponential(main, out, scale!),
})

/** Draws from the Gumbel distribution of largest values, `loc - log(-log(u)) * scale`: `gumbel(loc, scale, size, options)`. */
export const gumbel: Sampler2<'loc' | 'scale'> = /* #__PURE__ */ sampler({
  op: 'random.gumbel',
  parameters: locationAndScale(),
  fill: ({ main }, out, loc, scale) => fillGumbel(main, out, loc!, scale!),
})

/** Draws from the logistic distribution, `loc + (log(u) - log(1 - u)) * scale`: `logistic(loc, scale, size, options)`. */
export const logistic: Sampler2<'loc' | 'scale'> = /* #__PURE__ */ sampler({
  op: 'random.logistic',
  parameters: locationAndScale(),
  fill: ({ main }, out, loc, scale) => fillLogistic(main, out, loc!, scale!),
})

/** Draws from the Rayleigh distribution, `sqrt(-2 log(u)) * scale`: `rayleigh(scale, size, options)`. */
export const rayleigh: Sampler1<'scale'> = /* #__PURE__ */ sampler({
  op: 'random.rayleigh',
  parameters: scale,
  fill: ({ main }, out, scale) => fillRayleigh(main, out, scale!),
})

/** Draws from the Weibull distribution of shape `a`, `(-log(u)) ^ (1 / a)`: `weibull(a, size, options)`. */
export const weibull: ShapeSampler = /* #__PURE__ */ sampler({
  op: 'random.weibull',
  parameters: shape,
  fill: ({ main }, out, a) => fillWeibull(main, out, a!),
})

/** Draws from the Pareto II (Lomax) distribution of shape `a`, `exp(-log(u) / a) - 1`: `pareto(a, size, options)`. */
export const pareto: ShapeSampler = /* #__PURE__ */ sampler({
  op: 'random.pareto',
  parameters: shape,
  fill: ({ main }, out, a) => fillPareto(main, out, a!),
})

/** Draws from [0, 1] of density `a x^(a - 1)`, a positive: `power(a, size, options)`. */
export const power: ShapeSampler = /* #__PURE__ */ sampler({
  op: 'random.power',
  parameters: shape,
  fill: ({ main }, out, a) => fillPower(main, out, a!),
  fillEach({ main }, out, a) {
    // As a uniform first: fillPower draws one output more than elements, once a call.
    fillPower(main, out, 1)
    for (let i = 0; i < out.length; i++) out[i] = Math.pow(out[i]!, fround(1 / fround(a![i]!)))
  },
})

/** U[0, 1) of that shape. */
export function rand(...shape: number[]): NDArray {
  return uniform(0, 1, shape)
}

/** The standard normal distribution of that shape. */
export function randn(...shape: number[]): NDArray {
  return normal(0, 1, shape)
}
