import { styleOf } from '@ashlar-examples/shared/style'

/** The report's looks, in the reader's choice of light or dark. */
export const STYLE: string = styleOf({
  width: '66rem',
  light: '--way: #c2410c; --other: #c3cad4; --level: #9db4d6; --goal: #1c2430;',
  dark: '--way: #ff9d5c; --other: #47515f; --level: #41597d; --goal: #e6eaf0;',
  focus: '--way',
  rules: `
h1 { font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
p { max-width: 46rem; margin: 0 0 1rem; }
.result { margin: .5rem 0 1rem; color: var(--ink); font-size: 1.125rem; }
.hidden { position: absolute; width: 0; height: 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13.5rem), 1fr)); gap: 1.25rem 1rem; }
figure { min-width: 0; }
figcaption { display: flex; gap: .4em; align-items: baseline; font-size: .9375rem; }
figcaption span { color: var(--faint); font-size: .8125rem; font-variant-numeric: tabular-nums; }
figcaption span:last-child { margin-left: auto; }
figure svg { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; background: color-mix(in srgb, var(--ink) 2%, transparent); }
.tick { fill: var(--faint); font-size: 9px; }
.level { fill: color-mix(in srgb, var(--level) 9%, transparent); stroke: var(--level); stroke-width: .7; }
.goal { fill: none; stroke: var(--goal); stroke-width: 1.5; }
.grid { stroke: var(--line); stroke-width: .7; }
.other { fill: none; stroke: var(--other); stroke-width: .8; }
.way { fill: none; stroke: var(--way); stroke-width: 1.8; stroke-linejoin: round; }
.start { fill: var(--paper); stroke: var(--way); stroke-width: 1.5; }
.end { fill: var(--way); stroke: var(--paper); stroke-width: 1; }
details { margin-top: 1rem; }
th, td { padding: .3rem .75rem; border-bottom: 1px solid var(--line); text-align: right; }
th:first-child { padding-left: 0; text-align: left; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .875rem; }
@media (max-width: 32rem) { .panels { grid-template-columns: 1fr 1fr; gap: 1rem .6rem; } figcaption { flex-wrap: wrap; column-gap: .3em; } figcaption span:last-child { margin-left: 0; } }
@media print { .scroll { overflow: visible; } figure { break-inside: avoid; } }
`,
})
