import { checkArray } from '../array-core.ts'
import { checkArithmetic, promoteNumber } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { div, mul, neg, sub } from './arithmetic.ts'
import { sumTo } from './broadcast.ts'
import { cast } from './cast.ts'
import { eq, gt, lt, where } from './compare.ts'
import type { BinaryFunction } from './elementwise.ts'
import { binary } from './elementwise.ts'
import { floor, log } from './math.ts'
import { checkNumber, within } from './within.ts'

/** `a` to the power `b`. The exponent's gradient is 0 where the base is 0. */
export const power: BinaryFunction = /* #__PURE__ */ binary('pow', (g, [a, b], y) => [
  // x^0 is flat, at 0 too, where 0 * 0^-1 would be NaN.
  () => sumTo(where(eq(b, 0), 0, mul(g, mul(b, power(a, sub(b, 1))))), a.shape),
  () => sumTo(where(eq(a, 0), 0, mul(g, mul(y, log(where(eq(a, 0), 1, a))))), b.shape),
], false, 'power')

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

const clipOp = /* #__PURE__ */ defineOp<[NDArray], { low: number | null; high: number | null }>('clip', {
  infer: ([x]) => x,
  compose: ([x], { low, high }) => {
    const raised = low === null ? x : where(lt(x, low), low, x)
    return high === null ? raised : where(gt(raised, high), high, raised)
  },
  // Not shared as maximum does it: an element on the limit keeps its whole gradient.
  vjp: (g, [x], _, { low, high }) => {
    const above = low === null ? g : where(lt(x, low), 0, g)
    return [high === null ? above : where(gt(x, high), 0, above)]
  },
})

/**
 * Limits elements to `[low, high]`; null leaves an end open. The gradient passes where nothing was cut.
 *
 * @throws ValueError where both ends are open, TypeError for a limit that is no number
 */
export function clip(x: NDArray, low: number | null, high: number | null): NDArray {
  return within('clip', () => {
    checkArithmetic(checkArray(x, 'clip').dtype, 'clip')
    if (low === null && high === null) throw new ValueError('needs a lower or an upper limit', { op: 'clip' })
    const limits = [low, high].filter(limit => limit !== null).map(limit => checkNumber(limit, 'a limit', 'clip'))
    return clipOp(cast(x, limits.reduce(promoteNumber, x.dtype)), { low, high })
  })
}
