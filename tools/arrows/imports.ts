import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'

/** One import or re-export of a file. */
export interface Import {
  specifier: string
  /** Whether the other file is loaded before this one runs: neither `import type` nor `import()`. */
  loads: boolean
}

/** All imports and re-exports of a TypeScript file. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const { program, module, errors } = parseSync(file, text)
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}`)
  const found: Import[] = []
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') found.push({ specifier: node.source.value, loads: node.importKind !== 'type' })
    else if ((node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') && node.source) {
      found.push({ specifier: node.source.value, loads: node.exportKind !== 'type' })
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
    if (literal?.[2]) found.push({ specifier: literal[2], loads: false })
  }
  return found
}
