import { logFloat32 } from './logarithm.ts'
import type { MT19937 } from './mt19937.ts'
import type { IntegerArray } from './parallel-stream.ts'
import { nextUniform, nextUniformFloat64, type RealArray } from './uniform.ts'

/** Fills `out` with 1 where the next uniform is below `probability`, else 0. */
export function fillBernoulli(engine: MT19937, out: RealArray | IntegerArray, probability: number): void {
  const bound = Math.fround(probability)
  for (let i = 0; i < out.length; i++) write(out, i, nextUniform(engine) < bound ? 1 : 0)
}

/**
 * Fills `out` with integers in [0, count), with replacement: the next output modulo `count`.
 *
 * @throws RangeError unless count is a positive safe integer
 */
export function fillChoice(engine: MT19937, out: IntegerArray, count: number): void {
  if (!Number.isSafeInteger(count) || count <= 0) throw new RangeError(`count must be positive, got ${count}`)
  for (let i = 0; i < out.length; i++) write(out, i, engine.next() % count)
}

/**
 * Fills `out` with distinct integers from [0, count), by reservoir sampling: of the numbers in order, each of the last n
 * (number i) changes places with the one at the next output modulo i + 1, if that is among the first count - n. The draws
 * are the last n then where fewer than half are drawn, n being their number, else the first ones, n being the number of
 * those left over: so MXNet draws no more outputs than it needs.
 *
 * @throws RangeError unless count is a safe integer and at least the length of `out`
 */
export function fillChoiceWithoutReplacement(engine: MT19937, out: IntegerArray, count: number): void {
  if (!Number.isSafeInteger(count) || count < out.length) {
    throw new RangeError(`cannot choose ${out.length} of ${count} without replacement`)
  }
  const isFew = 2 * out.length < count
  const exchanges = Math.min(out.length, count - out.length)
  const split = count - exchanges
  if (!isFew) for (let i = 0; i < out.length; i++) write(out, i, i)
  /** What a number that has moved left in its place. */
  const moved = new Map<number, number>()
  for (let i = 0; i < exchanges; i++) {
    const index = engine.next() % (split + i + 1)
    if (isFew) write(out, i, index < split ? (moved.get(index) ?? index) : split + i)
    if (index >= split) continue
    if (isFew) moved.set(index, split + i)
    else write(out, index, split + i)
  }
}

/**
 * Fills `out` with distinct indices drawn by their probabilities: those of the largest `log(p) - log(-log(u))`, largest
 * first, of one uniform for each probability.
 *
 * @throws RangeError if there are fewer probabilities than elements of `out`
 */
export function fillCategoricalWithoutReplacement(engine: MT19937, out: IntegerArray, probabilities: ArrayLike<number>): void {
  if (probabilities.length < out.length) throw new RangeError(`cannot choose ${out.length} of ${probabilities.length} without replacement`)
  const fround = Math.fround
  const keys = Float32Array.from(probabilities, (probability) => {
    return fround(-logFloat32(-logFloat32(nextUniform(engine))) + logFloat32(fround(probability)))
  })
  const order = Uint32Array.from(keys, (_, index) => index).sort((a, b) => (keys[a]! === keys[b]! ? a - b : keys[b]! - keys[a]!))
  for (let i = 0; i < out.length; i++) write(out, i, order[i]!)
}

/**
 * Fills `out` with indices drawn by their probabilities, with replacement: the first index whose cumulative sum
 * exceeds the next uniform, or the last index where rounding leaves the sum short of it.
 *
 * @throws RangeError if there are no probabilities
 */
export function fillCategorical(engine: MT19937, out: IntegerArray, probabilities: ArrayLike<number>): void {
  const indexOf = indexByProbability(probabilities)
  for (let i = 0; i < out.length; i++) write(out, i, indexOf(nextUniform(engine)))
}

/**
 * One multinomial experiment: fills `counts` with how often each index was drawn in `trials` draws. Each draw takes a
 * float64 uniform, so two outputs.
 *
 * @throws RangeError if there are no probabilities, or not as many as counts
 */
export function fillMultinomial(
  engine: MT19937,
  counts: IntegerArray,
  trials: number,
  probabilities: ArrayLike<number>,
): void {
  if (counts.length !== probabilities.length) {
    throw new RangeError(`${counts.length} counts do not match ${probabilities.length} probabilities`)
  }
  const indexOf = indexByProbability(probabilities)
  const totals = new Float64Array(counts.length)
  for (let i = 0; i < trials; i++) {
    const index = indexOf(nextUniformFloat64(engine))
    totals[index] = (totals[index] ?? 0) + 1
  }
  totals.forEach((total, index) => write(counts, index, total))
}

function indexByProbability(probabilities: ArrayLike<number>): (uniform: number) => number {
  if (probabilities.length === 0) throw new RangeError('probabilities must not be empty')
  let sum = 0
  const cumulative = Float64Array.from(probabilities, (probability) => (sum += probability))
  const last = cumulative.length - 1
  return (uniform) => {
    const index = cumulative.findIndex((bound) => uniform < bound)
    return index < 0 ? last : index
  }
}

/**
 * A random order of the elements of a vector: element i of the shuffled vector is the old element `order[i]`. Position i,
 * from 1 upwards, is exchanged with position floor(u * (i + 1)).
 */
export function shuffledOrder(engine: MT19937, count: number): Uint32Array {
  const order = identityOrder(count)
  for (let i = 1; i < count; i++) exchangeBelow(engine, order, i)
  return order
}

/**
 * The same for the rows of an array of two or more dimensions, which MXNet shuffles by other code: positions go from the
 * last one downwards, so the order differs from that of a vector.
 */
export function shuffledRowOrder(engine: MT19937, count: number): Uint32Array {
  const order = identityOrder(count)
  for (let i = count - 1; i > 0; i--) exchangeBelow(engine, order, i)
  return order
}

function identityOrder(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index)
}

function exchangeBelow(engine: MT19937, order: Uint32Array, position: number): void {
  // u < 1, and the product is formed in float64, so it stays below position + 1.
  const other = Math.floor(nextUniform(engine) * (position + 1))
  const moved = order[position] ?? 0
  order[position] = order[other] ?? 0
  order[other] = moved
}

function write(out: RealArray | IntegerArray, index: number, value: number): void {
  if (out instanceof BigInt64Array) out[index] = BigInt(value)
  else out[index] = value
}
