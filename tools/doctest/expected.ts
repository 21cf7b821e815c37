import { parseSync } from 'oxc-parser'

/** Printed by a marked example where an expectation ends; NUL keeps it apart from whatever an example prints. */
export const MARK = '\0expected'

/** An example with its expectations taken out. */
export interface Marked {
  /** The code, which prints `MARK` at each expectation; its lines keep their numbers. */
  code: string
  expected: { line: number; lines: string[] }[]
}

/** Finds the comments that say what was printed: directly below a top-level statement, or on the line of a `console.log`. */
export function findExpected(code: string): Marked {
  const { program, comments, errors } = parseSync('example.ts', code)
  if (errors[0]) throw new SyntaxError(errors[0].message)
  const lineOf = (offset: number): number => code.slice(0, offset).split('\n').length
  const notes = new Map(
    comments.filter(comment => comment.type === 'Line').map(comment => [lineOf(comment.start), comment.value.replace(/^ /, '').trimEnd()]),
  )
  const marked: Marked = { code, expected: [] }
  const lines = code.split('\n')
  for (const statement of program.body) {
    const end = lineOf(statement.end)
    const logs = statement.type === 'ExpressionStatement' && code.slice(statement.start).startsWith('console.log(')
    const found: string[] = []
    const beside = notes.get(end)
    let line = end
    if (logs && beside !== undefined) found.push(beside)
    else while (notes.has(line + 1) && lines[line]?.trimStart().startsWith('//')) found.push(notes.get(++line) ?? '')
    if (found.length === 0) continue
    marked.expected.push({ line: end, lines: found })
    // Below the last comment; the semicolon ends a statement that has none.
    lines[line] = `;console.log(${JSON.stringify(MARK)});${lines[line] ?? ''}`
  }
  marked.code = lines.join('\n')
  return marked
}

/** Compares what an example printed with its expectations; says what differs, or nothing. */
export function compare(output: string, { expected }: Marked): string | undefined {
  const parts = output.split(`${MARK}\n`)
  for (const [i, { line, lines }] of expected.entries()) {
    const printed = linesOf(parts[i] ?? '')
    // A comment below a statement that prints nothing is a comment.
    if (printed.length > 0 && !agrees(printed, lines)) {
      return `line ${line} printed\n${indent(printed)}\nbut its comment says\n${indent(lines)}`
    }
  }
  const rest = linesOf(parts.at(expected.length) ?? '')
  if (rest.length > 0) return `this is printed, but no comment below says so:\n${indent(rest)}`
  return undefined
}

function agrees(printed: string[], lines: string[]): boolean {
  const open = lines.indexOf('…')
  if (open >= 0) return printed.length >= open && lines.slice(0, open).every((line, i) => line === printed[i])
  return lines.length === printed.length && lines.every((line, i) => line === printed[i])
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map(line => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  return lines
}

const indent = (lines: string[]): string => lines.map(line => `  ${line}`).join('\n')
