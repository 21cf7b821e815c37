const TWO_BY_ROOT_PI = 2 / Math.sqrt(Math.PI)

/**
 * The error function to 1e-12: its series of positive terms below 2.5, and the continued fraction of its complement above
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14).
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (!(size < 6)) return Number.isNaN(x) ? NaN : Math.sign(x)
  const scale = Math.exp(-size * size)
  if (size < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return TWO_BY_ROOT_PI * scale * sum
  }
  let fraction = size
  for (let n = 40; n >= 1; n--) fraction = size + n / 2 / fraction
  return Math.sign(x) * (1 - (scale / Math.sqrt(Math.PI)) / fraction)
}
