import { styleOf } from '@ashlar-examples/shared/style'

/** Eight hues that colour-blind readers can tell apart. */
const LIGHT = ['#3b6fd4', '#0a8a8a', '#2e8b3d', '#7a7a12', '#b3590a', '#c22f47', '#a2369e', '#5d6876']
const DARK = ['#86b0ff', '#4fd1d1', '#6fd17f', '#d6d24f', '#ffab66', '#ff8797', '#e79be4', '#b4bfcc']
const hues = (colors: readonly string[]): string => colors.map((color, i) => `--c${i}: ${color};`).join(' ')

/** The page's looks, in the reader's choice of light or dark. */
export const STYLE: string = styleOf({
  width: '66rem',
  light: `--arrived: #eaf6ee; --less: #2563c9; --more: #c8321f; ${hues(LIGHT)}`,
  dark: `--arrived: #17271d; --less: #4d8dff; --more: #ff6a55; ${hues(DARK)}`,
  focus: '--less',
  rules: `
h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem; }
p { max-width: 46rem; }
.settings { margin: .25rem 0 0; color: var(--faint); }
figcaption, caption, .note { color: var(--faint); font-size: .875rem; }
caption { padding-bottom: .5rem; text-align: left; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem; }
.charts figcaption { margin-bottom: .25rem; color: var(--ink); font-weight: 600; }
.charts svg { display: block; width: 100%; height: auto; }
.charts text { fill: var(--faint); font-size: 13px; }
.grid { stroke: var(--line); }
.sent { stroke: var(--faint); }
.arrived { fill: var(--arrived); }
.curve path { fill: none; stroke: var(--hue); stroke-width: 2; stroke-linejoin: round; }
.curve .mark { fill: var(--hue); stroke-width: 1.5; }
${LIGHT.map((_, i) => `.c${i} { --hue: var(--c${i}); }`).join(' ')}
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.5rem; margin: .75rem 0; padding: 0; list-style: none; font-size: .9375rem; }
.legend svg { width: 1.9rem; height: .9rem; margin-right: .35rem; vertical-align: -.1em; }
th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; }
thead th { vertical-align: bottom; }
th[scope=row], .first { padding-left: 0; text-align: left; }
th[scope=row] { color: var(--ink); }
.note { margin: 0 0 .5rem; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.strip { display: block; width: 13rem; height: 1.1rem; border: 1px solid var(--line); shape-rendering: crispEdges; }
.less { fill: var(--less); }
.more { fill: var(--more); }
details { margin-top: 1.5rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .875rem; }
@media (max-width: 48rem) { .strip { width: 12vw; } th, td { padding: .3rem .35rem; font-size: .875rem; } .reach th[scope=row] { white-space: normal; } }
@media print { .scroll { overflow: visible; } }
`,
})
