import type { Local, Value } from './code.ts'
import { int } from './code.ts'
import { bits } from './lanes.ts'
import type { UnaryMath } from './loops.ts'
import { polynomial } from './loops.ts'
import type { FunctionBody } from './module.ts'

// Elementary functions of float32 vectors. What is said of their accuracy is tested against double precision.

const splatInt = (value: number): Value => bits('splat', int(value))
const shifted = (name: 'shl' | 'shrSigned', x: Value, by: number): Value => bits(name, x, int(by))

/** Sets each of `xs` to a value of its own. */
function each(f: FunctionBody, xs: readonly Local[], value: (x: Local, i: number) => Value): void {
  xs.forEach((x, i) => f.set(x, value(x, i)))
}

/**
 * exp(x): x = n ln 2 + r with |r| <= ln 2 / 2, Cephes' polynomial for exp(r) (Moshier, 1992), and 2^n by its bits, in two factors, so that
 * results below the smallest normal number round as they should. Error below 1.5 units in the last place; NaN stays, ends are 0 and infinity.
 */
export const exp: UnaryMath = (f, lanes, inputs) => {
  const { op, splat, multiplyAdd } = lanes
  const low = f.local(splat(-104))
  const high = f.local(splat(89))
  // Comparisons, not `min` and `max`: what is NaN has to stay so.
  const xs = inputs.map(x => f.local(bits('select', low, x, op('lt', x, low))))
  each(f, xs, x => bits('select', high, x, op('gt', x, high)))
  const log2e = f.local(splat(1.44269504))
  const ns = xs.map(x => f.local(op('nearest', op('mul', x, log2e))))
  const minusLn2 = f.local(splat(-0.693145752))
  each(f, xs, (x, i) => multiplyAdd(ns[i]!, minusLn2, x))
  const minusRest = f.local(splat(-1.42860677e-6))
  each(f, xs, (x, i) => multiplyAdd(ns[i]!, minusRest, x))
  const powers = polynomial(f, lanes, xs, [1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1])
  const one = f.local(splat(1))
  each(f, powers, (power, i) => op('add', multiplyAdd(power, op('mul', xs[i]!, xs[i]!), xs[i]!), one))
  const exponents = ns.map(n => f.local(bits('truncate', n)))
  const half = exponents.map(n => f.local(shifted('shrSigned', n, 1)))
  const bias = f.local(splatInt(127))
  const factor = (n: Value): Value => shifted('shl', bits('add', n, bias), 23)
  each(f, powers, (power, i) => op('mul', power, factor(half[i]!)))
  return powers.map((power, i) => op('mul', power, factor(bits('sub', exponents[i]!, half[i]!))))
}

/**
 * log(x): x = 2^k m with m in [sqrt(1/2), sqrt(2)), and Cephes' polynomial for log(m) (Moshier, 1992). Error below 1.5 units in
 * the last place; log(0) is -infinity, of what is negative NaN.
 */
export const log: UnaryMath = (f, lanes, inputs) => {
  const { op, splat, multiplyAdd } = lanes
  return inputs.map(input => {
    // Numbers below the smallest normal one are scaled into the range where exponents can be read off.
    const small = f.local(op('lt', input, splat(1.17549435e-38)))
    const x = f.local(bits('select', op('mul', input, splat(8388608)), input, small))
    // Adding what 1 lies above sqrt(1/2) makes the exponent change at sqrt(1/2) instead of at 1.
    const raised = f.local(bits('add', x, splatInt(0x3f800000 - 0x3f3504f3)))
    const k = f.local(bits('sub', shifted('shrSigned', raised, 23), bits('select', splatInt(127 + 23), splatInt(127), small)))
    const m = f.local(op('sub', bits('add', bits('and', raised, splatInt(0x7fffff)), splatInt(0x3f3504f3)), splat(1)))
    const [p] = polynomial(f, lanes, [m], [
      7.0376836292e-2, -1.151461031e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ])
    const square = f.local(op('mul', m, m))
    const exponent = f.local(bits('convert', k))
    const y = f.local(op('mul', op('mul', p!, m), square))
    f.set(y, multiplyAdd(exponent, splat(-2.12194440e-4), y))
    f.set(y, multiplyAdd(square, splat(-0.5), y))
    f.set(y, multiplyAdd(exponent, splat(0.693359375), op('add', m, y)))
    // The ends: infinity and NaN as they are, 0, and what is negative.
    f.set(y, bits('select', input, y, op('eq', input, splat(Infinity))))
    f.set(y, bits('select', splat(-Infinity), y, op('eq', input, splat(0))))
    return bits('select', y, splat(NaN), op('ge', input, splat(0)))
  })
}

/**
 * tanh(x): Cephes' polynomial below 0.625 (Moshier, 1992), above it 1 - 2 / (exp(2 |x|) + 1). Error below 2 units in the last place.
 */
export const tanh: UnaryMath = (f, lanes, inputs) => {
  const { op, splat } = lanes
  const sizes = inputs.map(x => f.local(op('abs', x)))
  const doubled = sizes.map(x => f.local(op('add', x, x)))
  const powers = exp(f, lanes, doubled).map(power => f.local(power))
  const squares = inputs.map(x => f.local(op('mul', x, x)))
  const small = polynomial(f, lanes, squares, [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1])
  const sign = f.local(splatInt(-0x80000000))
  return inputs.map((x, i) => {
    const near = f.local(lanes.multiplyAdd(op('mul', small[i]!, squares[i]!), x, x))
    const far = op('sub', splat(1), op('div', splat(2), op('add', powers[i]!, splat(1))))
    // The sign of either: sums above have lost that of -0.
    return bits('or', bits('select', near, far, op('lt', sizes[i]!, splat(0.625))), bits('and', x, sign))
  })
}

/** 1 / (1 + exp(-x)) from z = exp(-|x|), which never overflows: 1 / (1 + z), or z / (1 + z) where x is negative. Error below 2.5 units in the last place. */
export const sigmoid: UnaryMath = (f, lanes, inputs) => {
  const { op, splat } = lanes
  const sizes = inputs.map(x => f.local(op('neg', op('abs', x))))
  const one = f.local(splat(1))
  return exp(f, lanes, sizes).map((value, i) => {
    const power = f.local(value)
    return op('div', bits('select', power, one, op('lt', inputs[i]!, splat(0))), op('add', one, power))
  })
}
