/** The colours of pictures, as the style sheet has them for light or dark. */
export interface Theme {
  readonly paper: string
  readonly ink: string
  readonly faint: string
  readonly line: string
  /** Those of class 0 and class 1. */
  readonly classes: readonly [string, string]
}

export function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  return { paper: colour('--paper'), ink: colour('--ink'), faint: colour('--faint'), line: colour('--line'), classes: [colour('--zero'), colour('--one')] }
}

/** Calls back when the reader changes between light and dark. */
export function onThemeChange(callback: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', callback)
}

/** Whether the reader wants little to move, and who is told when that changes. */
export function watchMotion(callback: (reduced: boolean) => void): void {
  const query = matchMedia('(prefers-reduced-motion: reduce)')
  callback(query.matches)
  query.addEventListener('change', () => callback(query.matches))
}
