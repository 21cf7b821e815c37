import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'

/** One ```ts block of a markdown file or of a doc comment. */
export interface Example {
  /** The line in its file that its code starts at. */
  line: number
  code: string
  /** What follows `no-run` in its fence: why the example is only type-checked. Empty where no reason is given. */
  noRun: string | undefined
}

/** The examples of a markdown file, or of the doc comments of a TypeScript file. */
export function examplesOf(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.md') ? fromMarkdown(text) : fromSource(file, text)
}

/** The ```ts blocks of a markdown text whose first line is line `first` of its file. */
export function fromMarkdown(text: string, first = 1): Example[] {
  const examples: Example[] = []
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const open = /^(\s*)(`{3,})(.*)$/.exec(lines[i] ?? '')
    if (!open) continue
    const [, indent = '', fence = '', info = ''] = open
    const body: string[] = []
    const line = first + i + 1
    while (++i < lines.length && lines[i]?.trim() !== fence) body.push((lines[i] ?? '').replace(indent, ''))
    const [language, flag, ...reason] = info.trim().split(/\s+/)
    if (language === 'ts') examples.push({ line, code: `${body.join('\n')}\n`, noRun: flag === 'no-run' ? reason.join(' ') : undefined })
  }
  return examples
}

/** The ```ts blocks of the doc comments of a TypeScript text. */
export function fromSource(file: string, text: string): Example[] {
  return parseSync(file, text).comments.flatMap(comment => {
    if (comment.type !== 'Block' || !comment.value.startsWith('*')) return []
    const first = text.slice(0, comment.start).split('\n').length
    const body = comment.value.slice(1).replaceAll(/^[ \t]*\* ?/gm, '')
    const examples = fromMarkdown(body, first)
    const announced = body.match(/^\s*@example\b/gm)?.length ?? 0
    if (announced > examples.length) throw new SyntaxError(`${file}:${first} has an @example without a \`\`\`ts block, which nothing tests`)
    return examples
  })
}
