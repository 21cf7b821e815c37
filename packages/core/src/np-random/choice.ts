import { checkArray, isNDArray } from '../array-core.ts'
import type { ArrayOptions } from '../creation.ts'
import { array } from '../creation.ts'
import { ValueError, typeError } from '../errors.ts'
import { internal } from '../memory.ts'
import type { NDArray } from '../ndarray.ts'
import { take } from '../ops/indexing.ts'
import { assign } from '../ops/set.ts'
import {
  fillCategorical, fillCategoricalWithoutReplacement, fillChoice, fillChoiceWithoutReplacement, shuffledOrder, shuffledRowOrder,
} from '../random/index.ts'
import { checkOptions, describe, formatShape, sizeOf } from '../shape.ts'
import type { Plan, RandomOptions, Size } from './draw.ts'
import { INTEGERS, checkFits, drawIntegers, planOf } from './draw.ts'
import type { Parameter } from './parameters.ts'
import { checkProbabilities, isOptions } from './parameters.ts'

interface ChoiceOptions extends RandomOptions {
  readonly a: Parameter
  readonly replace?: boolean
  readonly p?: Parameter | null
}

const OP = 'random.choice'

/**
 * Draws from 0 to `a` - 1, or from the entries of a vector: `choice(a, size, replace, p, options)` or
 * `choice({ a, size, replace, p, dtype, ctx })`.
 *
 * @param replace whether the same one may come again; true unless told otherwise
 * @param p their probabilities, equal ones unless told otherwise
 * @returns positions as int32 unless told otherwise; entries of an array have its dtype and lie on its device
 * @throws ValueError for an impossible choice: of nothing, of more than there are without replacement, by probabilities
 *   that do not sum to 1
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * np.random.seed(0)
 * console.log(np.random.choice(10, 6))
 * // array([4, 9, 3, 0, 3, 9], dtype=int32)
 * console.log(np.random.choice([0.5, 1.5, 2.5], 4, true, [0.1, 0.1, 0.8]))
 * // array([2.5, 2.5, 2.5, 2.5])
 * ```
 */
export function choice(options: ChoiceOptions): NDArray
export function choice(a: Parameter, size?: Size, replace?: boolean, p?: Parameter | null, options?: ArrayOptions): NDArray
export function choice(first: Parameter | ChoiceOptions, size: Size = null, replace = true, p: Parameter | null = null, options: ArrayOptions = {}): NDArray {
  if (isOptions(first)) {
    const { a, size: shape, replace: again, p: weights } = first
    return choice(a, shape ?? null, again ?? true, weights ?? null, first)
  }
  checkOptions(options, OP)
  if (typeof replace !== 'boolean') throw typeError(`replace is true or false, got ${describe(replace)}`, { op: OP })
  const a = first
  if (typeof a === 'number') return drawPositions(a, size, replace, p, options)
  if (!isNDArray(a) && !Array.isArray(a) && !ArrayBuffer.isView(a)) throw typeError(`a is a number, a list of numbers or an array, got ${describe(a)}`, { op: OP })
  return internal(() => {
    const population = isNDArray(a) ? a : array(a, options.ctx === undefined ? {} : { ctx: options.ctx })
    if (population.ndim !== 1) throw new ValueError(`a must be one-dimensional, got shape ${formatShape(population.shape)}`, { op: OP, shapes: [population.shape] })
    if (options.dtype !== undefined || (options.ctx !== undefined && !population.context.equals(options.ctx))) {
      throw new ValueError(`entries of an array have its dtype and context, ${population.dtype} on ${population.context}`, { op: OP, hint: 'cast or copy the result' })
    }
    return take(population, drawPositions(population.size, size, replace, p, { ctx: population.context }), { axis: 0 })
  })
}

function drawPositions(count: number, size: Size, replace: boolean, p: Parameter | null, options: ArrayOptions): NDArray {
  if (!Number.isSafeInteger(count) || count < 0 || count > 2 ** 32) throw new ValueError(`a must be a whole number from 0 to 2^32, got ${count}`, { op: OP })
  const plan = planOf(OP, size, options, INTEGERS)
  const drawn = sizeOf(plan.shape)
  if (count === 0 && drawn > 0) throw new ValueError(`cannot draw ${drawn} from nothing`, { op: OP })
  if (!replace && drawn > count) throw new ValueError(`cannot draw ${drawn} of ${count} without replacement`, { op: OP })
  checkFits(0, Math.max(count - 1, 0), plan.dtype, OP)
  if (p !== null) return drawWeighted(plan, count, replace, checkProbabilities(p, 'p', OP, false))
  if (drawn === 0) return drawIntegers(plan, () => {})
  return drawIntegers(plan, ({ main }, out) => (replace ? fillChoice : fillChoiceWithoutReplacement)(main, out, count))
}

function drawWeighted(plan: Plan, count: number, replace: boolean, probabilities: ArrayLike<number>): NDArray {
  if (probabilities.length !== count) throw new ValueError(`p holds ${probabilities.length} probabilities for ${count} entries`, { op: OP })
  if (replace) return drawIntegers(plan, ({ main }, out) => fillCategorical(main, out, probabilities))
  const possible = Array.from(probabilities).filter(probability => Math.fround(probability) > 0).length
  const drawn = sizeOf(plan.shape)
  if (drawn > possible) throw new ValueError(`cannot draw ${drawn} without replacement where ${possible} have a probability above 0`, { op: OP })
  return drawIntegers(plan, ({ main }, out) => fillCategoricalWithoutReplacement(main, out, probabilities))
}

/** The numbers 0 to `n` - 1, or the entries of an array along its first axis, in random order, as a new array. */
export function permutation(x: number | NDArray): NDArray {
  return permute('random.permutation', x)
}

/** Puts the entries of an array along its first axis in random order, in place. */
export function shuffle(x: NDArray): void {
  assign(x, 'random.shuffle', () => permute('random.shuffle', x))
}

/** The order that np's and the legacy functions put things in. */
export function permute(op: string, x: number | NDArray): NDArray {
  if (typeof x === 'number') return drawIntegers(planOf(op, x, {}, INTEGERS), ({ main }, out) => out.set(shuffledOrder(main, x)))
  const count = checkArray(x, op).length
  // Rows are exchanged from the end, single elements from the start: as MXNet does, so that its orders come out.
  const orderOf = x.ndim > 1 ? shuffledRowOrder : shuffledOrder
  return internal(() => {
    const plan = planOf(op, count, { ctx: x.context }, INTEGERS)
    return take(x, drawIntegers(plan, ({ main }, out) => out.set(orderOf(main, count))), { axis: 0 })
  })
}
