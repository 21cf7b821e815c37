import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkAxes, reducedShape, specOf } from '../shape.ts'
import { add, div, mul, neg, sub } from './arithmetic.ts'
import type { ReduceAttributes } from './broadcast.ts'
import { spreadOver, sumOp, sumTo } from './broadcast.ts'
import { toFloat } from './cast.ts'
import { eq, where } from './compare.ts'
import type { BinaryFunction, UnaryFunction } from './elementwise.ts'
import { binary } from './elementwise.ts'
import { abs, exp, log, sign, sqrt } from './math.ts'
import { maximum, minimum, power } from './power.ts'
import type { ReduceOptions } from './reduce.ts'
import { max } from './reduce.ts'
import { reshape } from './reshape.ts'

/** `1 / x`. */
export const reciprocal: UnaryFunction = x => div(1, x)
/** `1 / sqrt(x)`. */
export const rsqrt: UnaryFunction = x => div(1, sqrt(x))
/** The logarithm to base 2. */
export const log2: UnaryFunction = x => mul(log(x), Math.LOG2E)
/** The logarithm to base 10. */
export const log10: UnaryFunction = x => mul(log(x), Math.LOG10E)
/** The cube root, of negative numbers too. */
export const cbrt: UnaryFunction = x => mul(sign(x), power(abs(toFloat(x, 'cbrt')), 1 / 3))
/** Radians to degrees. */
export const degrees: UnaryFunction = x => mul(x, 180 / Math.PI)
/** Degrees to radians. */
export const radians: UnaryFunction = x => mul(x, Math.PI / 180)

/** The angle of the point (b, a), in radians from -π to π. */
export const arctan2: BinaryFunction = /* #__PURE__ */ binary('atan2', (g, [a, b]) => {
  const square = (): NDArray => add(mul(a, a), mul(b, b))
  return [() => sumTo(div(mul(g, b), square()), a.shape), () => sumTo(neg(div(mul(g, a), square())), b.shape)]
}, true)

/** `sqrt(a² + b²)`, without overflow in between. */
export function hypot(a: NDArray, b: NDArray): NDArray {
  const [x, y] = [abs(toFloat(a, 'hypot')), abs(toFloat(b, 'hypot'))]
  const large = maximum(x, y)
  const ratio = div(minimum(x, y), where(eq(large, 0), 1, large))
  return mul(large, sqrt(add(mul(ratio, ratio), 1)))
}

const logsumexpOp = /* #__PURE__ */ defineOp<[NDArray], ReduceAttributes>('logsumexp', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  compose: ([x], { axes, keepdims }) => {
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
  const y = toFloat(x, 'logsumexp')
  return logsumexpOp(y, { axes: checkAxes(options.axis, y.ndim, 'logsumexp'), keepdims: options.keepdims ?? false })
}
