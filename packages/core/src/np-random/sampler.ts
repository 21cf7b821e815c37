import { isNDArray } from '../array-core.ts'
import type { ArrayOptions } from '../creation.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { RandomState } from '../random/index.ts'
import { checkOptions, describe, sizeOf } from '../shape.ts'
import type { Dtypes, RandomOptions, Size } from './draw.ts'
import { FLOATS, drawReals, planOf } from './draw.ts'
import type { Parameter, Rule } from './parameters.ts'
import { checkParameter, isOptions, shapeOfDraws, spread } from './parameters.ts'

/** A distribution as data: its parameters in order, and how its draws come from a device's streams. */
export interface Distribution {
  /** What errors call it. */
  readonly op: string
  readonly parameters: readonly { readonly name: string; readonly rule: Rule; readonly default?: number }[]
  fill(state: RandomState, out: Float32Array, ...values: number[]): void
  /** The same with a number for each draw; needed where the draws of one call depend on each other. */
  fillEach?(state: RandomState, out: Float32Array, ...values: Float64Array[]): void
  /** What is wrong with these parameters together. */
  refuse?(...values: number[]): string | null
  readonly dtypes?: Dtypes
  /** Refuses arrays as parameters. */
  readonly numbersOnly?: boolean
}

/** A sampler of one parameter: `exponential(scale, size, options)` or `exponential({ scale, size, dtype, ctx })`. */
export interface Sampler1<A extends string> {
  (options?: RandomOptions & { readonly [K in A]?: Parameter }): NDArray
  (first: Parameter, size?: Size, options?: ArrayOptions): NDArray
}

/** The same where the parameter has no default. */
export interface ShapeSampler {
  (options: RandomOptions & { readonly a: Parameter }): NDArray
  (a: Parameter, size?: Size, options?: ArrayOptions): NDArray
}

/** A sampler of two parameters: `normal(loc, scale, size, options)` or `normal({ loc, scale, size, dtype, ctx })`. */
export interface Sampler2<A extends string> {
  (options?: RandomOptions & { readonly [K in A]?: Parameter }): NDArray
  (first: Parameter, second?: Parameter, size?: Size, options?: ArrayOptions): NDArray
}

/**
 * The function that draws from a distribution, called in either way.
 *
 * @param sizeName the option that holds the shape
 * @param otherwise the shape of draws that are given none
 */
export function sampler<T>(distribution: Distribution, sizeName: 'size' | 'shape' = 'size', otherwise: Size = null): T {
  const { parameters } = distribution
  const count = parameters.length
  const call = (...args: unknown[]): NDArray => {
    if (!isOptions(args[0])) return drawFrom(distribution, args.slice(0, count), (args[count] ?? otherwise) as Size, args[count + 1] as ArrayOptions | undefined)
    const options = args[0] as Readonly<Record<string, unknown>>
    return drawFrom(distribution, parameters.map(({ name }) => options[name]), (options[sizeName] ?? otherwise) as Size, options)
  }
  return call as T
}

/** Draws with these values of the parameters, in their order; what is undefined has its default. */
export function drawFrom(distribution: Distribution, given: readonly unknown[], size: Size | undefined, options: ArrayOptions = {}): NDArray {
  const { op } = distribution
  checkOptions(options, op)
  const values = distribution.parameters.map((parameter, i) => {
    const value = given[i] === undefined ? parameter.default : given[i]
    if (value === undefined) throw typeError(`${parameter.name} is missing, and has no default`, { op })
    if (distribution.numbersOnly === true && typeof value !== 'number') throw typeError(`${parameter.name} is a number, got ${describe(value)}`, { op })
    return checkParameter(value, parameter.name, parameter.rule, op)
  })
  const near = given.find(isNDArray)
  const plan = planOf(op, shapeOfDraws(values, size, op), near === undefined ? options : { ctx: near.context, ...options }, distribution.dtypes ?? FLOATS)
  if (values.every(({ shape }) => shape.length === 0)) {
    const numbers = values.map(column => column.values[0]!)
    refuseTogether(distribution, numbers)
    return drawReals(plan, (state, out) => distribution.fill(state, out, ...numbers))
  }
  const columns = values.map(column => spread(column, plan.shape))
  const at = (i: number): number[] => columns.map(column => column[i]!)
  for (let i = 0; i < sizeOf(plan.shape); i++) refuseTogether(distribution, at(i))
  return drawReals(plan, (state, out) => {
    if (distribution.fillEach !== undefined) return distribution.fillEach(state, out, ...columns)
    for (let i = 0; i < out.length; i++) distribution.fill(state, out.subarray(i, i + 1), ...at(i))
  })
}

function refuseTogether(distribution: Distribution, numbers: readonly number[]): void {
  const wrong = distribution.refuse?.(...numbers) ?? null
  if (wrong !== null) throw new ValueError(`${wrong}, got ${numbers.map(describe).join(' and ')}`, { op: distribution.op })
}
