import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { tanhGradientOp } from './activation-gradients.ts'
import { add, div, mul, neg, sub } from './arithmetic.ts'
import type { UnaryFunction } from './elementwise.ts'
import { unary } from './elementwise.ts'
import { fillLike } from './fill.ts'
import { within } from './within.ts'

// Each line: the function, and its derivative times the incoming gradient. Derivatives: Abramowitz & Stegun, chapter 4.

/** -1, 0 or 1; its gradient is zero. */
export const sign: UnaryFunction = /* #__PURE__ */ unary('sign', (g, [x]) => [() => fillLike(x, 0)], false)
/** The magnitude; the gradient at 0 is 0. */
export const abs: UnaryFunction = /* #__PURE__ */ unary('abs', (g, [x]) => [mul(g, sign(x))], false)
/** e to the x. */
export const exp: UnaryFunction = /* #__PURE__ */ unary('exp', (g, _, y) => [mul(g, y)])
/** exp(x) - 1, accurate near 0. */
export const expm1: UnaryFunction = /* #__PURE__ */ unary('expm1', (g, _, y) => [mul(g, add(y, 1))])
/** The natural logarithm. */
export const log: UnaryFunction = /* #__PURE__ */ unary('log', (g, [x]) => [div(g, x)])
/** log(1 + x), accurate near 0. */
export const log1p: UnaryFunction = /* #__PURE__ */ unary('log1p', (g, [x]) => [div(g, add(x, 1))])
/** The square root. */
export const sqrt: UnaryFunction = /* #__PURE__ */ unary('sqrt', (g, _, y) => [div(g, mul(y, 2))])
/** The sine of radians. */
export const sin: UnaryFunction = /* #__PURE__ */ unary('sin', (g, [x]) => [mul(g, cos(x))])
/** The cosine of radians. */
export const cos: UnaryFunction = /* #__PURE__ */ unary('cos', (g, [x]) => [neg(mul(g, sin(x)))])
/** The tangent of radians. */
export const tan: UnaryFunction = /* #__PURE__ */ unary('tan', (g, _, y) => [mul(g, add(mul(y, y), 1))])
/** The inverse sine, in radians. */
export const arcsin: UnaryFunction = /* #__PURE__ */ unary('asin', (g, [x]) => [div(g, sqrt(sub(1, mul(x, x))))], true, 'arcsin')
/** The inverse cosine, in radians. */
export const arccos: UnaryFunction = /* #__PURE__ */ unary('acos', (g, [x]) => [neg(div(g, sqrt(sub(1, mul(x, x)))))], true, 'arccos')
/** The inverse tangent, in radians. */
export const arctan: UnaryFunction = /* #__PURE__ */ unary('atan', (g, [x]) => [div(g, add(mul(x, x), 1))], true, 'arctan')
/** The hyperbolic sine. */
export const sinh: UnaryFunction = /* #__PURE__ */ unary('sinh', (g, [x]) => [mul(g, cosh(x))])
/** The hyperbolic cosine. */
export const cosh: UnaryFunction = /* #__PURE__ */ unary('cosh', (g, [x]) => [mul(g, sinh(x))])
/** The hyperbolic tangent. */
export const tanh: UnaryFunction = /* #__PURE__ */ unary('tanh', (g, _, y) => [tanhGradientOp(g, y)])
/** The inverse hyperbolic sine. */
export const arcsinh: UnaryFunction = /* #__PURE__ */ unary('asinh', (g, [x]) => [div(g, sqrt(add(mul(x, x), 1)))], true, 'arcsinh')
/** The inverse hyperbolic cosine. */
export const arccosh: UnaryFunction = /* #__PURE__ */ unary('acosh', (g, [x]) => [div(g, sqrt(sub(mul(x, x), 1)))], true, 'arccosh')
/** The inverse hyperbolic tangent. */
export const arctanh: UnaryFunction = /* #__PURE__ */ unary('atanh', (g, [x]) => [div(g, sub(1, mul(x, x)))], true, 'arctanh')
/** The error function. */
export const erf: UnaryFunction = /* #__PURE__ */ unary('erf', (g, [x]) => [mul(mul(g, exp(neg(mul(x, x)))), 2 / Math.sqrt(Math.PI))])
/** The largest whole number that is not above; its gradient is zero. */
export const floor: UnaryFunction = /* #__PURE__ */ unary('floor', (g, [x]) => [() => fillLike(x, 0)])
/** The smallest whole number that is not below; its gradient is zero. */
export const ceil: UnaryFunction = /* #__PURE__ */ unary('ceil', (g, [x]) => [() => fillLike(x, 0)])
/** The nearest whole number, halves to even; its gradient is zero. */
export const rint: UnaryFunction = /* #__PURE__ */ unary('rint', (g, [x]) => [() => fillLike(x, 0)])
/** The whole part; its gradient is zero. */
export const trunc: UnaryFunction = /* #__PURE__ */ unary('trunc', (g, [x]) => [() => fillLike(x, 0)])

const squareOp = /* #__PURE__ */ defineOp<[NDArray]>('square', {
  infer: ([x]) => x,
  compose: ([x]) => mul(x, x),
  vjp: (g, [x]) => [mul(g, mul(x, 2))],
})

/** `x * x`. */
export const square: UnaryFunction = x => within('square', () => squareOp(x))
