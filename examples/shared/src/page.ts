import { writeFileSync } from 'node:fs'
import { UserError, reasonOf } from './errors.ts'
import { relativePath } from './paths.ts'

/** What a page tells. */
export interface Page {
  readonly title: string
  /** One sentence below the title. */
  readonly result: string
  /** Sections of HTML. */
  readonly sections: readonly string[]
  /** The style sheet. */
  readonly style: string
}

/** A page that needs nothing else: no scripts, fonts or pictures from elsewhere. */
export function renderPage({ title, result, sections, style }: Page): string {
  return renderDocument({ title, style, body: `<header>
<h1>${escape(title)}</h1>
<p class="result">${escape(result)}</p>
</header>
<main>
${sections.join('\n')}
</main>` })
}

/** The document around a body of HTML. */
export function renderDocument({ title, style, body }: { readonly title: string; readonly style: string; readonly body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`
}

/** A part of the page under a heading; `id` is unique on the page. */
export function section(id: string, heading: string, content: string): string {
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escape(heading)}</h2>\n${content}\n</section>`
}

/** A table whose first column names the rows; wide ones scroll by themselves. */
export function table(label: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map(text => `<th scope="col">${escape(text)}</th>`).join('')
  const body = rows.map(([name, ...cells]) => `<tr><th scope="row">${escape(name!)}</th>${cells.map(text => `<td>${escape(text)}</td>`).join('')}</tr>`).join('\n')
  return scrolling(label, `<table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table>`)
}

/** Content that scrolls by itself where it is wider than the page. */
export function scrolling(label: string, content: string): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(label)}">\n${content}\n</div>`
}

/** Text as HTML, in attributes too. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Writes a page. @throws UserError where that cannot be */
export function writePage(file: string, page: Page): void {
  try {
    writeFileSync(file, renderPage(page))
  } catch (error) {
    throw new UserError(`cannot write ${relativePath(file)}: ${reasonOf(error)}; --out names another folder`)
  }
}
