import { styleOf } from '@ashlar-examples/shared/style'

/** The report's looks, in the reader's choice of light or dark. */
export const STYLE: string = styleOf({
  width: '62rem',
  light: '--train: #2563c9; --test: #c2570c; --right: #2e9e5b; --wrong: #d6453d;',
  dark: '--train: #7fb0ff; --test: #ffa45c; --right: #2f9e5f; --wrong: #e0574f;',
  focus: '--train',
  rules: `
.result strong { display: block; color: var(--ink); font-size: 3rem; line-height: 1.15; }
figcaption, caption, footer, .legend { color: var(--faint); font-size: .875rem; }
caption { padding-bottom: .5rem; text-align: left; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem; }
.charts figcaption { margin-bottom: .25rem; color: var(--ink); font-weight: 600; }
.charts svg { display: block; width: 100%; height: auto; }
.charts text { fill: var(--faint); font-size: 13px; }
.grid { stroke: var(--line); }
.curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.train { stroke: var(--train); }
.test { stroke: var(--test); stroke-dasharray: 6 3; }
circle.train { fill: var(--train); }
circle.test { fill: var(--test); stroke-dasharray: none; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 0 0 .5rem; padding: 0; list-style: none; }
.legend svg { width: 1.75rem; height: .6rem; }
th, td { padding: .3rem .6rem; text-align: right; }
details { margin-top: 1rem; }
details td, details th { border-bottom: 1px solid var(--line); }
.confusion td { min-width: 2.6rem; border: 1px solid var(--paper); border-radius: 4px; text-align: center; }
.confusion thead th { text-align: center; }
.confusion thead th:first-child { white-space: nowrap; font-weight: 400; }
.confusion .none { color: color-mix(in srgb, var(--faint) 55%, transparent); }
.confusion .right { background: color-mix(in srgb, var(--right) var(--tint), transparent); }
.confusion .wrong { background: color-mix(in srgb, var(--wrong) var(--tint), transparent); font-weight: 700; }
.confusion .share { white-space: nowrap; color: var(--faint); text-align: right; }
.digits { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1.25rem; }
.digit { display: block; width: 100%; border: 1px solid var(--line); border-radius: 6px; background: color-mix(in srgb, var(--ink) 4%, transparent); fill: var(--ink); shape-rendering: crispEdges; }
.settings th, .settings td { padding-left: 0; border-bottom: 1px solid var(--line); text-align: left; overflow-wrap: anywhere; }
.settings th { padding-right: 2rem; white-space: nowrap; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); }
@media (max-width: 36rem) { .confusion th, .confusion td { min-width: 0; padding: .3rem .25rem; font-size: .875rem; } .confusion thead th:first-child { white-space: normal; } }
@media print { .scroll { overflow: visible; } }
`,
})
