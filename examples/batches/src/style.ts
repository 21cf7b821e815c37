/** The page's looks, in the reader's choice of light or dark. */
export const STYLE: string = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --faint: #5d6876; --line: #d9dee5; --full: #2563c9; --short: #c2570c; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --faint: #9aa6b5; --line: #323a46; --full: #7fb0ff; --short: #ffa45c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 54rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
.result { margin: .25rem 0 0; color: var(--faint); }
p { margin: 0 0 .75rem; }
figure { margin: 0 0 1rem; }
figcaption, .note { color: var(--faint); font-size: .875rem; }
figcaption b { color: var(--ink); }
figure > svg { display: block; width: 100%; height: auto; }
code { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.orders { margin: 0; padding: 0; list-style: none; }
.orders li { margin-bottom: .6rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; }
th:first-child { text-align: left; }
.pictures th, .pictures td { padding: .25rem .5rem .25rem 0; border: 0; text-align: left; }
.digit { display: block; width: 3.25rem; height: auto; border: 1px solid var(--line); border-radius: 3px; background: color-mix(in srgb, var(--ink) 4%, transparent); fill: var(--ink); shape-rendering: crispEdges; }
.digits { display: flex; flex-wrap: wrap; gap: 1rem; }
.digits figure { margin: 0; }
.full { fill: var(--full); }
.short { fill: var(--short); }
.waiting { fill: none; stroke: var(--short); stroke-width: 1.5; stroke-dasharray: 3 2; }
:focus-visible { outline: 2px solid var(--full); outline-offset: 2px; }
@media (max-width: 36rem) { th, td { padding-right: .5rem; font-size: .875rem; } .digit { width: 2.5rem; } }
`
