/**
 * The polynomial of least squares through points, solved at once in double precision: Householder reflections bring the powers
 * of x to a triangle, which is then solved from below. What gradient descent should arrive at.
 *
 * @returns coefficients of 1, x, x², …
 */
export function leastSquares(x: ArrayLike<number>, y: ArrayLike<number>, degree: number): number[] {
  const count = x.length
  const columns = Array.from({ length: degree + 1 }, (_, power) => Array.from(x, value => value ** power))
  const right = Array.from(y)
  columns.forEach((column, k) => {
    const length = Math.hypot(...column.slice(k))
    // The sign that adds up, so that nothing cancels.
    const head = column[k]! >= 0 ? -length : length
    const normal = column.map((value, i) => (i < k ? 0 : i === k ? value - head : value))
    const square = normal.reduce((sum, value) => sum + value * value, 0)
    for (const target of [...columns.slice(k), right]) {
      let projection = 0
      for (let i = k; i < count; i++) projection += normal[i]! * target[i]!
      for (let i = k; i < count; i++) target[i]! -= (2 * projection / square) * normal[i]!
    }
  })
  const coefficients = new Array<number>(degree + 1).fill(0)
  for (let k = degree; k >= 0; k--) {
    let rest = right[k]!
    for (let j = k + 1; j <= degree; j++) rest -= columns[j]![k]! * coefficients[j]!
    coefficients[k] = rest / columns[k]![k]!
  }
  return coefficients
}

/** The value of a polynomial. */
export function valueAt(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0)
}

/** The mean squared error of a polynomial. */
export function errorOf(coefficients: readonly number[], x: ArrayLike<number>, y: ArrayLike<number>): number {
  return Array.from(x).reduce((sum, value, i) => sum + (valueAt(coefficients, value) - y[i]!) ** 2, 0) / x.length
}
