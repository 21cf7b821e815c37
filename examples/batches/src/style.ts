import { linedTable, styleOf } from '@ashlar-examples/shared/style'

/** The page's looks, in the reader's choice of light or dark. */
export const STYLE: string = styleOf({
  width: '54rem',
  light: '--full: #2563c9; --short: #c2570c;',
  dark: '--full: #7fb0ff; --short: #ffa45c;',
  focus: '--full',
  rules: `
p { margin: 0 0 .75rem; }
figure { margin: 0 0 1rem; }
figcaption, .note { color: var(--faint); font-size: .875rem; }
figcaption b { color: var(--ink); }
figure > svg { display: block; width: 100%; height: auto; }
code { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.orders { margin: 0; padding: 0; list-style: none; }
.orders li { margin-bottom: .6rem; }
${linedTable('.9rem')}
.pictures th, .pictures td { padding: .25rem .5rem .25rem 0; border: 0; text-align: left; }
.digit { display: block; width: 3.25rem; height: auto; border: 1px solid var(--line); border-radius: 3px; background: color-mix(in srgb, var(--ink) 4%, transparent); fill: var(--ink); shape-rendering: crispEdges; }
.digits { display: flex; flex-wrap: wrap; gap: 1rem; }
.digits figure { margin: 0; }
.full { fill: var(--full); }
.short { fill: var(--short); }
.waiting { fill: none; stroke: var(--short); stroke-width: 1.5; stroke-dasharray: 3 2; }
@media (max-width: 36rem) { th, td { padding-right: .5rem; font-size: .875rem; } .digit { width: 2.5rem; } }
`,
})
