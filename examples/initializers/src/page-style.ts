/** The page's looks, in the reader's choice of light or dark. Eight hues that colour-blind readers can tell apart. */
const LIGHT = ['#3b6fd4', '#0a8a8a', '#2e8b3d', '#7a7a12', '#b3590a', '#c22f47', '#a2369e', '#5d6876']
const DARK = ['#86b0ff', '#4fd1d1', '#6fd17f', '#d6d24f', '#ffab66', '#ff8797', '#e79be4', '#b4bfcc']
const hues = (colors: readonly string[]): string => colors.map((color, i) => `--c${i}: ${color};`).join(' ')

export const STYLE: string = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --faint: #5d6876; --line: #d9dee5; --arrived: #eaf6ee; --less: #2563c9; --more: #c8321f; ${hues(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --faint: #9aa6b5; --line: #323a46; --arrived: #17271d; --less: #4d8dff; --more: #ff6a55; ${hues(DARK)} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 66rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem; }
p { max-width: 46rem; }
.settings { margin: .25rem 0 0; color: var(--faint); }
figure { margin: 0; }
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
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; }
thead th { color: var(--faint); font-weight: 600; vertical-align: bottom; }
th[scope=row], .first { padding-left: 0; text-align: left; }
th[scope=row] { font-weight: 600; }
.note { margin: 0 0 .5rem; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.strip { display: block; width: 13rem; height: 1.1rem; border: 1px solid var(--line); shape-rendering: crispEdges; }
.less { fill: var(--less); }
.more { fill: var(--more); }
details { margin-top: 1.5rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .875rem; }
:focus-visible { outline: 2px solid var(--less); outline-offset: 2px; }
@media (max-width: 48rem) { .strip { width: 12vw; } th, td { padding: .3rem .35rem; font-size: .875rem; } .reach th[scope=row] { white-space: normal; } }
@media print { .scroll { overflow: visible; } }
`
