import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { UserError, reasonOf } from './errors.ts'
import { STYLE } from './style.ts'

/** What a page tells. */
export interface Page {
  readonly title: string
  /** One sentence below the title. */
  readonly result: string
  /** Sections of HTML. */
  readonly sections: readonly string[]
}

/** A page that needs nothing else: no scripts, fonts or pictures from elsewhere. */
export function renderPage({ title, result, sections }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p class="result">${escape(result)}</p>
</header>
<main>
${sections.join('\n')}
</main>
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
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(label)}">\n<table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table>\n</div>`
}

/** Text as HTML, in attributes too. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Makes the folder of a page. @throws UserError where that cannot be, before any work is done */
export function prepareFolder(file: string): void {
  const folder = dirname(file)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code } = error as { code?: unknown }
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'there is a file of that name' : reasonOf(error)
    throw new UserError(`cannot make the folder ${relativePath(folder)}: ${reason}; --out names another one`)
  }
}

/** Writes a page. @throws UserError where that cannot be */
export function writePage(file: string, page: Page): void {
  try {
    writeFileSync(file, renderPage(page))
  } catch (error) {
    throw new UserError(`cannot write ${relativePath(file)}: ${reasonOf(error)}; --out names another folder`)
  }
}

/** A path as a person would type it here: relative where that is shorter. */
export function relativePath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' ? '.' : short.length < path.length ? short : path
}
