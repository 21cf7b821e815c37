import type { ArrayOptions } from '../creation.ts'
import { ValueError, typeError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { fillBernoulli, fillMultinomial } from '../random/index.ts'
import { checkOptions, describe } from '../shape.ts'
import type { RandomOptions, Size } from './draw.ts'
import { INTEGERS, NUMBERS, checkFits, drawIntegers, planOf } from './draw.ts'
import type { Parameter } from './parameters.ts'
import { checkProbabilities, isOptions } from './parameters.ts'
import type { Distribution } from './sampler.ts'
import { drawFrom } from './sampler.ts'

interface RandintOptions extends RandomOptions {
  readonly low: number
  readonly high?: number | null
}

/**
 * Whole numbers from `low` up to but without `high`; with one bound, from 0 up to it: `randint(low, high, size, options)`
 * or `randint({ low, high, size, dtype, ctx })`. The dtype is int32 unless told otherwise; any integer dtype will do.
 *
 * @throws ValueError for bounds that are not whole, leave nothing, or do not fit into the dtype
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * np.random.seed(0)
 * console.log(np.random.randint(0, 10, [2, 3]))
 * // array([[1, 4, 3],
 * //        [9, 9, 4]], dtype=int32)
 * ```
 */
export function randint(options: RandintOptions): NDArray
export function randint(low: number, high?: number | null, size?: Size, options?: ArrayOptions): NDArray
export function randint(first: number | RandintOptions, high: number | null = null, size: Size = null, options: ArrayOptions = {}): NDArray {
  if (isOptions(first)) return drawRandint('random.randint', first.low, first.high ?? null, first.size, first)
  return drawRandint('random.randint', first, high, size, options)
}

/** The draws of `randint`, np's and the legacy one. */
export function drawRandint(op: string, low: number, high: number | null, size: Size | undefined, options: ArrayOptions): NDArray {
  const [from, to] = high === null ? [0, low] : [low, high]
  if (![from, to, to - from].every(Number.isSafeInteger) || from >= to) throw new ValueError(`need whole numbers low < high, got ${describe(from)} and ${describe(to)}`, { op })
  const plan = planOf(op, size, options, INTEGERS)
  checkFits(from, to - 1, plan.dtype, op)
  return drawIntegers(plan, ({ parallel }, out) => parallel.fillInteger(out, from, to))
}

const PROB: Distribution = {
  op: 'random.bernoulli',
  parameters: [{ name: 'prob', rule: 'probability' }],
  dtypes: NUMBERS,
  fill: ({ main }, out, prob) => fillBernoulli(main, out, prob!),
}
const LOGIT: Distribution = {
  ...PROB,
  parameters: [{ name: 'logit', rule: 'number' }],
  fill: ({ main }, out, logit) => fillBernoulli(main, out, 1 / (1 + Math.exp(-logit!))),
}

interface BernoulliOptions extends RandomOptions {
  readonly prob?: Parameter | null
  readonly logit?: Parameter | null
}

/**
 * Ones with a probability, given as `prob` or as its `logit`, zeros otherwise: `bernoulli(prob, logit, size, options)` or
 * `bernoulli({ prob, size, dtype, ctx })`. The dtype is float32 unless told otherwise; bool will do, too.
 *
 * @throws ValueError unless exactly one of the two is given, for a probability outside [0, 1]
 * @example
 * ```ts
 * import { npx, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * npx.random.seed(42)
 * console.log(npx.random.bernoulli({ prob: 0.3, size: 12, dtype: 'int32' }))
 * // array([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1], dtype=int32)
 * ```
 */
export function bernoulli(options: BernoulliOptions): NDArray
export function bernoulli(prob: Parameter | null, logit?: Parameter | null, size?: Size, options?: ArrayOptions): NDArray
export function bernoulli(first: Parameter | null | BernoulliOptions, logit: Parameter | null = null, size: Size = null, options: ArrayOptions = {}): NDArray {
  if (isOptions(first)) {
    const { prob, logit: other, size: shape } = first
    return bernoulli(prob ?? null, other ?? null, shape ?? null, first)
  }
  const prob = first ?? null
  if ((prob === null) === (logit === null)) throw new ValueError('give either prob or logit', { op: 'random.bernoulli' })
  return prob === null ? drawFrom(LOGIT, [logit], size, options) : drawFrom(PROB, [prob], size, options)
}

interface MultinomialOptions extends RandomOptions {
  readonly n: number
  readonly pvals: Parameter
}

/**
 * How often each outcome comes up in `n` trials: `multinomial(n, pvals, size, options)` or `multinomial({ n, pvals, … })`.
 *
 * @param pvals the probabilities of k outcomes; what they leave to 1 goes to the last
 * @param size the number or shape of experiments
 * @returns counts of shape (…size, k), int32 unless told otherwise
 * @throws ValueError for probabilities outside [0, 1] or too large together
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * np.random.seed(0)
 * console.log(np.random.multinomial(20, [0.2, 0.3, 0.5]))
 * // array([ 2,  8, 10], dtype=int32)
 * ```
 */
export function multinomial(options: MultinomialOptions): NDArray
export function multinomial(n: number, pvals: Parameter, size?: Size, options?: ArrayOptions): NDArray
export function multinomial(first: number | MultinomialOptions, pvals?: Parameter, size: Size = null, options: ArrayOptions = {}): NDArray {
  if (isOptions(first)) {
    const { n, pvals: given, size: shape } = first
    return multinomial(n, given, shape ?? null, first)
  }
  const op = 'random.multinomial'
  const n: unknown = first
  checkOptions(options, op)
  if (typeof n !== 'number') throw typeError(`n is a whole number, got ${describe(n)}`, { op })
  if (!Number.isSafeInteger(n) || n < 0) throw new ValueError(`n must be a whole number, 0 or more, got ${n}`, { op })
  const probabilities = checkProbabilities(pvals, 'pvals', op, true)
  const rows = planOf(op, size, options, INTEGERS)
  const plan = planOf(op, [...rows.shape, probabilities.length], options, INTEGERS)
  checkFits(0, n, plan.dtype, op)
  return drawIntegers(plan, ({ main }, out) => {
    const count = probabilities.length
    for (let start = 0; start < out.length; start += count) fillMultinomial(main, out.subarray(start, start + count), n, probabilities)
  })
}
