/** `3.2e-5`, `0.41`, `overflow`. */
export function sizeText(size: number): string {
  if (!Number.isFinite(size)) return 'overflow'
  if (size === 0) return '0'
  return size >= 0.01 && size < 1000 ? String(Number(size.toPrecision(2))) : size.toExponential(1).replace('e+', 'e')
}

/** The decades that pictures show; what is beyond them sticks to the edge. */
export const MOST_DECADES = 8

/** Decades from what was sent, below 0 for less. */
export function decades(size: number): number {
  if (Number.isNaN(size)) return MOST_DECADES
  return Math.max(-MOST_DECADES, Math.min(MOST_DECADES, Math.log10(size)))
}
