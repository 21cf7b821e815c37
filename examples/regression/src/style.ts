import { linedTable, styleOf } from '@ashlar-examples/shared/style'

/** The page's looks, in the reader's choice of light or dark. */
export const STYLE: string = styleOf({
  width: '50rem',
  light: '--fit0: #2563c9; --fit1: #c2570c; --fit2: #1f7d47; --fit3: #a8328f;',
  dark: '--fit0: #7fb0ff; --fit1: #ffa45c; --fit2: #63cf8f; --fit3: #ec8fd8;',
  focus: '--fit0',
  rules: `
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
${linedTable('1.25rem')}
@media (max-width: 36rem) { th, td { padding-right: .75rem; font-size: .875rem; } text { font-size: 19px; } }
`,
})
