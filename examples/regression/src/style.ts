/** The page's looks, in the reader's choice of light or dark. */
export const STYLE: string = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --faint: #5d6876; --line: #d9dee5; --fit0: #2563c9; --fit1: #c2570c; --fit2: #1f7d47; --fit3: #a8328f; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --faint: #9aa6b5; --line: #323a46; --fit0: #7fb0ff; --fit1: #ffa45c; --fit2: #63cf8f; --fit3: #ec8fd8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 50rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
.result { margin: .25rem 0 0; color: var(--faint); }
figure { margin: 0; }
figcaption, .legend { color: var(--faint); font-size: .875rem; }
figure svg { display: block; width: 100%; height: auto; }
text { fill: var(--faint); font-size: 14px; }
.grid { stroke: var(--line); }
.dot { fill: var(--faint); fill-opacity: .55; }
.curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.truth { stroke: var(--ink); stroke-dasharray: 2 5; stroke-linecap: round; }
.fit0 { stroke: var(--fit0); }
.fit1 { stroke: var(--fit1); stroke-dasharray: 14 3; }
.fit2 { stroke: var(--fit2); stroke-dasharray: 8 4; }
.fit3 { stroke: var(--fit3); stroke-dasharray: 10 3 3 3; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 0 0 .5rem; padding: 0; list-style: none; }
.legend svg { width: 2rem; height: .6rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem 1.25rem .3rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; }
th:first-child { text-align: left; }
:focus-visible { outline: 2px solid var(--fit0); outline-offset: 2px; }
@media (max-width: 36rem) { th, td { padding-right: .75rem; font-size: .875rem; } text { font-size: 19px; } }
`
