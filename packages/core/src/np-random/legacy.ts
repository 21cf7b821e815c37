import type { ArrayOptions } from '../creation.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { fillCategorical } from '../random/index.ts'
import { checkOptions, checkShape, describe, formatShape, sizeOf } from '../shape.ts'
import { tooFar } from './continuous.ts'
import { drawRandint } from './discrete.ts'
import { permute } from './choice.ts'
import { INTEGERS, drawIntegers, planOf } from './draw.ts'
import type { Parameter } from './parameters.ts'
import { checkProbabilities, columnOf, isOptions } from './parameters.ts'
import { sampler } from './sampler.ts'

/** What the legacy samplers take beside their distribution. */
export interface LegacyOptions extends ArrayOptions {
  /** The shape; one element in one dimension unless told otherwise. */
  readonly shape?: Shape
}

type Shape = number | readonly number[]

interface Legacy1<A extends string> {
  (options?: LegacyOptions & { readonly [K in A]?: number }): NDArray
  (first: number, shape?: Shape, options?: ArrayOptions): NDArray
}

interface Legacy2<A extends string> {
  (options?: LegacyOptions & { readonly [K in A]?: number }): NDArray
  (first: number, second?: number, shape?: Shape, options?: ArrayOptions): NDArray
}

/** Without a shape the legacy samplers draw one element in one dimension, where np draws a scalar. */
const ONE: readonly number[] = [1]

/**
 * Draws from U[low, high) as MXNet's legacy `nd.random` does, from the parallel stream (behaviour N-05):
 * `uniform(low, high, shape, options)` or `uniform({ low, high, shape, dtype, ctx })`.
 *
 * @example
 * ```ts
 * import { nd, np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * np.random.seed(0)
 * console.log(nd.random.uniform(-1, 1, [2, 2]))
 * // array([[0.09762704, 0.18568921],
 * //        [0.43037868, 0.6885315 ]])
 * ```
 */
export const uniform: Legacy2<'low' | 'high'> = /* #__PURE__ */ sampler({
  op: 'nd.random.uniform',
  numbersOnly: true,
  parameters: [{ name: 'low', rule: 'finite', default: 0 }, { name: 'high', rule: 'finite', default: 1 }],
  refuse: tooFar,
  fill: ({ parallel }, out, low, high) => parallel.fillUniform(out, low!, high!),
}, 'shape', ONE)

/** Normal draws of the parallel stream: `normal(loc, scale, shape, options)` or `normal({ loc, scale, shape, … })`. */
export const normal: Legacy2<'loc' | 'scale'> = /* #__PURE__ */ sampler({
  op: 'nd.random.normal',
  numbersOnly: true,
  parameters: [{ name: 'loc', rule: 'finite', default: 0 }, { name: 'scale', rule: 'nonnegative', default: 1 }],
  fill: ({ parallel }, out, loc, scale) => parallel.fillNormal(out, loc!, scale!),
}, 'shape', ONE)

/** Exponential draws of the parallel stream, `-log(1 - u) * scale`: `exponential(scale, shape, options)`. */
export const exponential: Legacy1<'scale'> = /* #__PURE__ */ sampler({
  op: 'nd.random.exponential',
  numbersOnly: true,
  parameters: [{ name: 'scale', rule: 'nonnegative', default: 1 }],
  fill: ({ parallel }, out, scale) => parallel.fillExponential(out, scale!),
}, 'shape', ONE)

/** The standard normal distribution of that shape, from the parallel stream. */
export function randn(...shape: number[]): NDArray {
  return normal(0, 1, shape.length === 0 ? ONE : shape)
}

interface RandintOptions extends LegacyOptions {
  readonly low: number
  readonly high: number
}

/** Whole numbers from `low` up to but without `high`: `randint(low, high, shape, options)`; int32 unless told otherwise. */
export function randint(options: RandintOptions): NDArray
export function randint(low: number, high: number, shape?: Shape, options?: ArrayOptions): NDArray
export function randint(first: number | RandintOptions, high?: number, shape: Shape = ONE, options: ArrayOptions = {}): NDArray {
  if (isOptions(first)) return drawRandint('nd.random.randint', first.low, first.high, first.shape ?? ONE, first)
  return drawRandint('nd.random.randint', first, high!, shape, options)
}

interface MultinomialOptions extends LegacyOptions {
  readonly data: Parameter
}

/**
 * Positions drawn by their probabilities, from the main stream: `multinomial(data, shape, options)`. Unlike np's function
 * of that name, which counts.
 *
 * @param data probabilities along the last axis, each row of which is drawn from on its own
 * @param shape the draws from each row; one unless told otherwise
 * @returns positions of shape (…rows, …shape), int32 unless told otherwise
 * @throws ValueError for probabilities outside [0, 1] or that do not sum to 1
 */
export function multinomial(options: MultinomialOptions): NDArray
export function multinomial(data: Parameter, shape?: Shape, options?: ArrayOptions): NDArray
export function multinomial(first: Parameter | MultinomialOptions, shape?: Shape, options: ArrayOptions = {}): NDArray {
  if (isOptions(first)) return multinomial(first.data, first.shape, first)
  const op = 'nd.random.multinomial'
  checkOptions(options, op)
  if (typeof first === 'number') throw typeError(`data is a list of probabilities or an array, got ${describe(first)}`, { op })
  const { values, shape: extents } = columnOf(first, 'data', op)
  const width = extents.at(-1) ?? 0
  if (width === 0) throw new ValueError(`data must hold probabilities along the last axis, got shape ${formatShape(extents)}`, { op, shapes: [extents] })
  const rows = Array.from({ length: values.length / width }, (_, row) => Array.from(values).slice(row * width, (row + 1) * width))
  // float32 like the array that they come from, whose rounding the sum may show.
  for (const row of rows) checkProbabilities(Float32Array.from(row), 'each row of data', op, false)
  const each = shape === undefined ? [] : checkShape(shape, op)
  const all = [...extents.slice(0, -1), ...each]
  const plan = planOf(op, all.length === 0 ? ONE : all, options, INTEGERS)
  return drawIntegers(plan, ({ main }, out) => {
    const count = sizeOf(each)
    for (const [i, row] of rows.entries()) fillCategorical(main, out.subarray(i * count, (i + 1) * count), row)
  })
}

/** The entries of an array along its first axis in random order, as a new array; np's function of that name works in place. */
export function shuffle(data: NDArray): NDArray {
  return permute('nd.random.shuffle', data)
}
