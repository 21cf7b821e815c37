import { checkArray } from '../array-core.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkAxes, checkOptions, reducedShape, specOf } from '../shape.ts'
import { add, div, mul, neg, sub } from './arithmetic.ts'
import type { ReduceAttributes } from './broadcast.ts'
import { spreadOver, sumOp, sumTo } from './broadcast.ts'
import { toFloat } from './cast.ts'
import { eq, logicalOr, where } from './compare.ts'
import type { BinaryFunction, UnaryFunction } from './elementwise.ts'
import { binary } from './elementwise.ts'
import { abs, exp, log, sign, sqrt } from './math.ts'
import type { Operand } from './operands.ts'
import { unify } from './operands.ts'
import { maximum, minimum, power } from './power.ts'
import type { ReduceOptions } from './reduce.ts'
import { max } from './reduce.ts'
import { reshape } from './reshape.ts'
import { within } from './within.ts'

/** `1 / x`. */
export const reciprocal: UnaryFunction = x => within('reciprocal', () => div(1, checkArray(x, 'reciprocal')))
/** `1 / sqrt(x)`. */
export const rsqrt: UnaryFunction = x => within('rsqrt', () => div(1, sqrt(x)))
/** The logarithm to base 2. */
export const log2: UnaryFunction = x => within('log2', () => mul(log(x), Math.LOG2E))
/** The logarithm to base 10. */
export const log10: UnaryFunction = x => within('log10', () => mul(log(x), Math.LOG10E))
/** The cube root, of negative numbers too. */
export const cbrt: UnaryFunction = x => within('cbrt', () => mul(sign(x), power(abs(toFloat(x, 'cbrt')), 1 / 3)))
/** Radians to degrees. */
export const degrees: UnaryFunction = x => within('degrees', () => mul(checkArray(x, 'degrees'), 180 / Math.PI))
/** Degrees to radians. */
export const radians: UnaryFunction = x => within('radians', () => mul(checkArray(x, 'radians'), Math.PI / 180))

const atan2: BinaryFunction = /* #__PURE__ */ binary('atan2', (g, [a, b]) => {
  const square = (): NDArray => add(mul(a, a), mul(b, b))
  return [() => sumTo(div(mul(g, b), square()), a.shape), () => sumTo(neg(div(mul(g, a), square())), b.shape)]
}, true)

/** The angle of the point (b, a), in radians from -π to π. */
export const arctan2: BinaryFunction = (a, b) => within('arctan2', () => atan2(a, b))

function length(a: Operand, b: Operand): NDArray {
  const [x, y] = unify(a, b, 'hypot', true).map(abs) as [NDArray, NDArray]
  const large = maximum(x, y)
  // The larger is taken out; where it is 0 or infinite there is no ratio. An infinite side outweighs even NaN.
  const infinite = logicalOr(eq(x, Infinity), eq(y, Infinity))
  const ratio = div(minimum(x, y), where(logicalOr(infinite, eq(large, 0)), 1, large))
  return where(infinite, Infinity, mul(large, sqrt(add(mul(ratio, ratio), 1))))
}

/** `sqrt(a² + b²)`, without overflow in between. */
export const hypot: BinaryFunction = (a, b) => within('hypot', () => length(a, b))

const logsumexpOp = /* #__PURE__ */ defineOp<[NDArray], ReduceAttributes>('logsumexp', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  compose: ([x], { axes, keepdims }) => {
    // Of nothing the sum is 0, its logarithm -inf.
    if (x.size === 0) return log(sumOp(x, { axes, keepdims }))
    const highest = max(x, { axis: axes, keepdims: true })
    // An infinite maximum would give inf - inf.
    const shift = where(eq(abs(highest), Infinity), 0, highest)
    const total = sumOp(exp(sub(x, shift)), { axes, keepdims: true })
    return reshape(add(log(total), shift), reducedShape(x.shape, axes, keepdims))
  },
  vjp: (g, [x], y, { axes }) => [() => mul(spreadOver(g, x.shape, axes), exp(sub(x, spreadOver(y, x.shape, axes))))],
})

/** `log(sum(exp(x)))`, without overflow. */
export function logsumexp(x: NDArray, options: ReduceOptions = {}): NDArray {
  return within('logsumexp', () => {
    const y = toFloat(x, 'logsumexp')
    const { axis, keepdims = false } = checkOptions(options, 'logsumexp')
    return logsumexpOp(y, { axes: checkAxes(axis, y.ndim, 'logsumexp'), keepdims })
  })
}
