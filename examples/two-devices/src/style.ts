import { linedTable, styleOf } from '@ashlar-examples/shared/style'

/** The page's looks, in the reader's choice of light or dark. */
export const STYLE: string = styleOf({
  width: '62rem',
  light: '--product: #2563c9; --sum: #1f8a4c; --cut: #8b95a3; --in: #d97a17; --out: #c43a63;',
  dark: '--product: #5c95f0; --sum: #63cf8f; --cut: #78838f; --in: #ffb35c; --out: #ff7d9f;',
  focus: '--product',
  rules: `
p { margin: .75rem 0; max-width: 46rem; }
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
${linedTable('1.25rem')}
@media (max-width: 36rem) { th, td { padding-right: .75rem; font-size: .875rem; } text { font-size: 17px; } }
`,
})
