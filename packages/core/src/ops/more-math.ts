import { checkArray } from '../array-core.ts'
import { checkArithmetic, floatType, isFloat } from '../dtype.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpDefinition } from '../op.ts'
import { defineOp } from '../op.ts'
import { broadcastShapes, checkAxes, checkOptions, reducedShape, specOf } from '../shape.ts'
import { add, div, mul, neg, sub } from './arithmetic.ts'
import type { ReduceAttributes } from './broadcast.ts'
import { spreadOver, sumOp, sumTo } from './broadcast.ts'
import { cast, toFloat } from './cast.ts'
import { eq, logicalOr, where } from './compare.ts'
import type { BinaryFunction, UnaryFunction } from './elementwise.ts'
import { binary } from './elementwise.ts'
import { fillLike } from './fill.ts'
import { abs, exp, log, rint, sign, sqrt } from './math.ts'
import { unify } from './operands.ts'
import { maximum, minimum, power } from './power.ts'
import type { ReduceOptions } from './reduce.ts'
import { max } from './reduce.ts'
import { copy, reshape } from './reshape.ts'
import { checkInteger, within } from './within.ts'

/** A function of floats that is made of others. */
function composed(name: string, compose: UnaryFunction, vjp?: NonNullable<OpDefinition<[NDArray], {}>['vjp']>): UnaryFunction {
  const run = defineOp(name, { infer: ([x]) => x, compose: ([x]) => compose(x), ...(vjp === undefined ? {} : { vjp }) })
  return x => within(name, () => run(toFloat(x, name)))
}

/** `1 / x`. */
export const reciprocal: UnaryFunction = /* #__PURE__ */ composed('reciprocal', x => div(1, x), (g, [x], y) => [neg(div(mul(g, y), x))])
/** `1 / sqrt(x)`. */
export const rsqrt: UnaryFunction = /* #__PURE__ */ composed('rsqrt', x => div(1, sqrt(x)), (g, [x], y) => [mul(mul(g, div(y, x)), -0.5)])
/** The logarithm to base 2. */
export const log2: UnaryFunction = /* #__PURE__ */ composed('log2', x => mul(log(x), Math.LOG2E), (g, [x]) => [div(mul(g, Math.LOG2E), x)])
/** The logarithm to base 10. */
export const log10: UnaryFunction = /* #__PURE__ */ composed('log10', x => mul(log(x), Math.LOG10E), (g, [x]) => [div(mul(g, Math.LOG10E), x)])
/** The cube root, of negative numbers too. */
export const cbrt: UnaryFunction = /* #__PURE__ */ composed('cbrt', x => mul(sign(x), power(abs(x), 1 / 3)), (g, _, y) => [div(g, mul(mul(y, y), 3))])
/** Radians to degrees. */
export const degrees: UnaryFunction = /* #__PURE__ */ composed('degrees', x => mul(x, 180 / Math.PI), g => [mul(g, 180 / Math.PI)])
/** Degrees to radians. */
export const radians: UnaryFunction = /* #__PURE__ */ composed('radians', x => mul(x, Math.PI / 180), g => [mul(g, Math.PI / 180)])

const roundOp = /* #__PURE__ */ defineOp<[NDArray], { readonly decimals: number }>('round', {
  infer: ([x]) => x,
  compose: ([x], { decimals }) => {
    const scale = 10 ** Math.abs(decimals)
    return decimals >= 0 ? div(rint(mul(x, scale)), scale) : mul(rint(div(x, scale)), scale)
  },
  vjp: (_, [x]) => [() => fillLike(x, 0)],
})

/**
 * Rounds to that many decimals, halves to the even neighbour; negative ones round before the point. Integers keep their dtype.
 *
 * @param decimals a whole number (default 0)
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * console.log(np.round(np.array([1.25, 2.5, -0.04]), 1))
 * // array([ 1.2,  2.5, -0. ])
 * ```
 */
export function round(x: NDArray, decimals = 0): NDArray {
  return within('round', () => {
    checkInteger(decimals, 'decimals', 'round')
    if (isFloat(checkArray(x, 'round').dtype)) return roundOp(x, { decimals })
    checkArithmetic(x.dtype, 'round')
    return decimals >= 0 ? copy(x) : cast(roundOp(cast(x, 'float64'), { decimals }), x.dtype)
  })
}

/** The angle of the point (b, a), in radians from -π to π. */
export const arctan2: BinaryFunction = /* #__PURE__ */ binary('atan2', (g, [a, b]) => {
  const square = (): NDArray => add(mul(a, a), mul(b, b))
  return [() => sumTo(div(mul(g, b), square()), a.shape), () => sumTo(neg(div(mul(g, a), square())), b.shape)]
}, true, 'arctan2')

function length(a: NDArray, b: NDArray): NDArray {
  const [x, y] = [abs(a), abs(b)]
  const large = maximum(x, y)
  // The larger is taken out; where it is 0 or infinite there is no ratio. An infinite side outweighs even NaN.
  const infinite = logicalOr(eq(x, Infinity), eq(y, Infinity))
  const ratio = div(minimum(x, y), where(logicalOr(infinite, eq(large, 0)), 1, large))
  return where(infinite, Infinity, mul(large, sqrt(add(mul(ratio, ratio), 1))))
}

const hypotOp = /* #__PURE__ */ defineOp<[NDArray, NDArray]>('hypot', {
  arity: 2,
  infer: ([a, b]) => specOf(broadcastShapes(a.shape, b.shape, 'hypot'), a.dtype),
  compose: ([a, b]) => length(a, b),
})

/** `sqrt(a² + b²)`, without overflow in between. */
export const hypot: BinaryFunction = (a, b) => within('hypot', () => hypotOp(...unify(a, b, 'hypot', floatType)))

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
