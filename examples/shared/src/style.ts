/** What makes a page's looks its own. */
export interface Looks {
  /** How wide the text may become, such as `54rem`. */
  readonly width: string
  /** Custom properties of CSS beyond paper, ink, faint and line, for light and for dark. */
  readonly light: string
  readonly dark: string
  /** The property that marks what has the focus. */
  readonly focus: string
  /** Rules of its own; what they say goes before what all pages say. */
  readonly rules: string
}

/** The style sheet of a page, in the reader's choice of light or dark. */
export function styleOf({ width, light, dark, focus, rules }: Looks): string {
  return `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --faint: #5d6876; --line: #d9dee5; ${light} }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --faint: #9aa6b5; --line: #323a46; ${dark} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: ${width}; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
.result { margin: .25rem 0 0; color: var(--faint); }
figure { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { color: var(--faint); font-weight: 600; }
:focus-visible { outline: 2px solid var(${focus}); outline-offset: 2px; }
${rules.trim()}
`
}

/** Rules of tables whose first column names the rows and whose rows have lines between them. */
export function linedTable(gap: string): string {
  return `th, td { padding: .3rem ${gap} .3rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; }`
}
