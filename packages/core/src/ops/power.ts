import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { div, mul, neg, sub } from './arithmetic.ts'
import { sumTo } from './broadcast.ts'
import { eq, gt, lt, where } from './compare.ts'
import type { BinaryFunction } from './elementwise.ts'
import { binary } from './elementwise.ts'
import { floor, log } from './math.ts'
import { within } from './within.ts'

/** `a` to the power `b`. The exponent's gradient is 0 where the base is 0. */
export const power: BinaryFunction = /* #__PURE__ */ binary('pow', (g, [a, b], y) => [
  // x^0 is flat, at 0 too, where 0 * 0^-1 would be NaN.
  () => sumTo(where(eq(b, 0), 0, mul(g, mul(b, power(a, sub(b, 1))))), a.shape),
  () => sumTo(where(eq(a, 0), 0, mul(g, mul(y, log(where(eq(a, 0), 1, a))))), b.shape),
])

/** The remainder, with the sign of `b`, as in Python. */
export const mod: BinaryFunction = /* #__PURE__ */ binary('mod', (g, [a, b]) => [
  () => sumTo(g, a.shape),
  () => sumTo(neg(mul(g, floor(div(a, b)))), b.shape),
])

/** Shares a gradient between two candidates: the winner takes it, equals take half each. */
function share(g: NDArray, wins: NDArray, ties: NDArray): NDArray {
  return where(wins, g, where(ties, mul(g, 0.5), 0))
}

/** The larger of two; NaN wins. */
export const maximum: BinaryFunction = /* #__PURE__ */ binary('maximum', (g, [a, b]) => [
  () => sumTo(share(g, gt(a, b), eq(a, b)), a.shape),
  () => sumTo(share(g, gt(b, a), eq(a, b)), b.shape),
])

/** The smaller of two; NaN wins. */
export const minimum: BinaryFunction = /* #__PURE__ */ binary('minimum', (g, [a, b]) => [
  () => sumTo(share(g, lt(a, b), eq(a, b)), a.shape),
  () => sumTo(share(g, lt(b, a), eq(a, b)), b.shape),
])

/**
 * Limits elements to `[low, high]`; null leaves an end open. The gradient passes where nothing was cut.
 *
 * @throws ValueError where both ends are open
 */
export function clip(x: NDArray, low: number | null, high: number | null): NDArray {
  return within('clip', () => {
    checkArray(x, 'clip')
    if (low === null && high === null) throw new ValueError('needs a lower or an upper limit', { op: 'clip' })
    let y = x
    // Written with where, so that an element on the limit keeps its whole gradient.
    if (low !== null) y = where(lt(y, low), low, y)
    if (high !== null) y = where(gt(y, high), high, y)
    return y
  })
}
