/** `97.8 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** A learning rate as one types it, or a dash for none. */
export function rateText(rate: number | null): string {
  return rate === null ? '–' : String(rate)
}

/** Three digits of a height, whatever its size. */
export function heightText(height: number): string {
  if (!Number.isFinite(height) || height >= 1e6) return 'gone'
  return height >= 0.01 ? height.toPrecision(3) : height.toExponential(1)
}
