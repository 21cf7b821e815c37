/** `97.8 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** Four digits behind the point. */
export function lossText(loss: number): string {
  return loss.toFixed(4)
}
