const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** A power of x as people write it: `1`, `x`, `x²`. */
export function powerText(power: number): string {
  return power === 0 ? '1' : power === 1 ? 'x' : `x${RAISED[power]!}`
}

/** `0.5 − 2x + x² + 3x³`. */
export function polynomialText(coefficients: readonly number[]): string {
  const terms = coefficients.flatMap((coefficient, power) => {
    if (coefficient === 0) return []
    const size = Math.abs(coefficient)
    return [{ sign: coefficient < 0 ? '−' : '+', text: power === 0 ? String(size) : `${size === 1 ? '' : size}${powerText(power)}` }]
  })
  return terms.map(({ sign, text }, i) => (i > 0 ? ` ${sign} ${text}` : sign === '−' ? `−${text}` : text)).join('')
}

/** Four digits behind the point, or an exponent where that would be long. */
export function numberText(value: number): string {
  return Math.abs(value) < 1e5 ? value.toFixed(4) : value.toExponential(3)
}
