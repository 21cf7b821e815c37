// Coefficients of the rational Chebyshev approximations of W. J. Cody, Rational Chebyshev approximations for the error
// function, Mathematics of Computation 23 (1969), 631-637, in the digits in which they are commonly published. Highest power last.
const NEAR_TOP = [3209.37758913846947, 377.485237685302021, 113.864154151050156, 3.16112374387056560, 0.185777706184603153]
const NEAR_BOTTOM = [2844.23683343917062, 1282.61652607737228, 244.024637934444173, 23.6012909523441209, 1]
const MID_TOP = [
  1230.33935479799725, 2051.07837782607147, 1712.04761263407058, 881.952221241769090, 298.635138197400131,
  66.1191906371416295, 8.88314979438837594, 0.564188496988670089, 2.15311535474403846e-8,
]
const MID_BOTTOM = [
  1230.33935480374942, 3439.36767414372164, 4362.61909014324716, 3290.79923573345963, 1621.38957456669019,
  537.181101862009858, 117.693950891312499, 15.7449261107098347, 1,
]
const FAR_TOP = [6.58749161529837803e-4, 1.60837851487422766e-2, 0.125781726111229246, 0.360344899949804439, 0.305326634961232344, 1.63153871373020978e-2]
const FAR_BOTTOM = [2.33520497626869185e-3, 6.05183413124413191e-2, 0.527905102951428412, 1.87295284992346725, 2.56852019228982242, 1]
const INV_SQRT_PI = 0.56418958354775628695

function horner(coefficients: readonly number[], x: number): number {
  let value = 0
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i]!
  return value
}

/**
 * The error function in double precision, to 1e-15 relative: an odd rational function below 0.46875, and above it
 * one less the complement, a rational function times `exp(-x²)`.
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (Number.isNaN(x)) return NaN
  if (size <= 0.46875) {
    const square = x * x
    return (x * horner(NEAR_TOP, square)) / horner(NEAR_BOTTOM, square)
  }
  if (size >= 6) return Math.sign(x) // erfc(6) is 2e-17, less than half a unit in the last place of 1
  let complement
  if (size <= 4) {
    complement = horner(MID_TOP, size) / horner(MID_BOTTOM, size)
  } else {
    const inverse = 1 / (size * size)
    complement = (INV_SQRT_PI - (inverse * horner(FAR_TOP, inverse)) / horner(FAR_BOTTOM, inverse)) / size
  }
  return Math.sign(x) * (1 - complement * Math.exp(-size * size))
}
