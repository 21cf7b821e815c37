/** The page's looks, in the reader's choice of light or dark. */
export const STYLE: string = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --faint: #5d6876; --line: #d9dee5; --product: #2563c9; --sum: #1f8a4c; --cut: #8b95a3; --in: #d97a17; --out: #c43a63; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --faint: #9aa6b5; --line: #323a46; --product: #5c95f0; --sum: #63cf8f; --cut: #78838f; --in: #ffb35c; --out: #ff7d9f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 62rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
.result { margin: .25rem 0 0; color: var(--faint); }
p { margin: .75rem 0; max-width: 46rem; }
figure { margin: 0; }
figure svg { display: block; width: 100%; min-width: 34rem; height: auto; }
text { fill: var(--faint); font-size: 14px; }
.lane { fill: color-mix(in srgb, var(--ink) 5%, transparent); }
.grid { stroke: var(--line); }
.product { fill: var(--product); stroke: var(--paper); stroke-width: .5; }
.sum { fill: var(--sum); }
.cut { fill: var(--cut); }
.copy-in { fill: var(--in); }
.copy-out { fill: var(--out); }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 0 0 .75rem; padding: 0; color: var(--faint); font-size: .875rem; list-style: none; }
.legend svg { width: .75rem; height: .75rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem 1.25rem .3rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; }
th:first-child { text-align: left; }
:focus-visible { outline: 2px solid var(--product); outline-offset: 2px; }
@media (max-width: 36rem) { th, td { padding-right: .75rem; font-size: .875rem; } text { font-size: 17px; } }
`
