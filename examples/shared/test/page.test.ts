import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import { escape, renderPage, scrolling, section, table, writePage } from '../src/page.ts'
import { prepareFolder, relativePath } from '../src/paths.ts'
import { temporaryFolder } from '../src/running.ts'
import { linedTable, styleOf } from '../src/style.ts'

const folder = temporaryFolder()
const style = styleOf({ width: '40rem', light: '--a: #111;', dark: '--a: #eee;', focus: '--a', rules: `\n.own { color: var(--a); }\n${linedTable('1rem')}\n` })
const page = { title: 'One < two', result: '"1" & 2', sections: [section('a', 'A & B', '<p>text</p>'), section('b', 'B', '<p>more</p>')], style }

describe('a page', () => {
  test('is a document with a title, a result and sections', () => {
    const text = renderPage(page)
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(text).toMatch(/<\/body>\n<\/html>\n$/)
    expect(text).toContain('<title>One &lt; two</title>')
    expect(text).toContain('<h1>One &lt; two</h1>\n<p class="result">&quot;1&quot; &amp; 2</p>')
    expect(text).toContain('<section aria-labelledby="a">\n<h2 id="a">A &amp; B</h2>\n<p>text</p>\n</section>\n<section aria-labelledby="b">')
    expect(text).not.toMatch(/<script|<link|<img|@import|url\(|https?:/)
  })

  test('has tables with heads, and text that stays text', () => {
    expect(escape('<a href="b">&amp;</a>')).toBe('&lt;a href=&quot;b&quot;&gt;&amp;amp;&lt;/a&gt;')
    expect(table('T', ['x', '<y>'], [['1', '2'], ['3', '&']])).toBe(scrolling('T', `<table><thead><tr><th scope="col">x</th><th scope="col">&lt;y&gt;</th></tr></thead>
<tbody><tr><th scope="row">1</th><td>2</td></tr>
<tr><th scope="row">3</th><td>&amp;</td></tr></tbody></table>`))
    expect(scrolling('a "b"', 'c')).toBe('<div class="scroll" tabindex="0" role="region" aria-label="a &quot;b&quot;">\nc\n</div>')
  })

  test('has colours for light and dark, and rules of its own behind those of all', () => {
    expect(style).toMatch(/:root \{ color-scheme: light dark; [^}]*--a: #111; \}/)
    expect(style).toMatch(/@media \(prefers-color-scheme: dark\) \{ :root \{ [^}]*--a: #eee; \} \}/)
    expect(style).toContain('max-width: 40rem;')
    expect(style).toContain('outline: 2px solid var(--a)')
    expect(style).toMatch(/\n\.own \{.*\nth, td \{ padding: \.3rem 1rem .*\n.*\n$/)
    expect(style.split('{')).toHaveLength(style.split('}').length)
  })

  test('is written, or told why not', () => {
    const file = join(folder, 'page.html')
    writePage(file, page)
    expect(readFileSync(file, 'utf8')).toBe(renderPage(page))
    mkdirSync(join(folder, 'taken.html'))
    expect(() => writePage(join(folder, 'taken.html'), page)).toThrow(expect.objectContaining({ name: 'UserError', message: expect.stringMatching(/^cannot write .*taken\.html: EISDIR.*; --out names another folder$/) }))
  })
})

describe('paths', () => {
  test('are shown the shorter way', () => {
    expect(relativePath(process.cwd())).toBe('.')
    expect(relativePath(join(process.cwd(), 'a', 'b'))).toBe(join('a', 'b'))
    expect(relativePath('a')).toBe('a')
    expect(relative(process.cwd(), '/x').length).toBeGreaterThan(2)
    expect(relativePath('/x')).toBe('/x')
  })

  test('lead to folders that are made, or told why not', () => {
    prepareFolder(join(folder, 'new', 'below'))
    prepareFolder(join(folder, 'new', 'below'))
    expect(existsSync(join(folder, 'new', 'below'))).toBe(true)
    writeFileSync(join(folder, 'file'), 'mine')
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      expect(() => prepareFolder(path)).toThrow(new UserError(`cannot make the folder ${relativePath(path)}: there is a file of that name; --out names another one`))
    }
    expect(() => prepareFolder(join(folder, 'a\0b'))).toThrow(/^cannot make the folder .*: .*null bytes.*; --out names another one$/)
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine')
  })
})
