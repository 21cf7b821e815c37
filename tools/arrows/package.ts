import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { importsOf } from './imports.ts'

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  imports?: Record<string, unknown>
}

/** What the check knows of one package. */
export interface PackageFacts {
  name: string
  /** Names of packages that it declares, and of those that its files import. */
  declared: Set<string>
  imported: Map<string, string>
  /** File to the files that it loads, within the package. */
  files: Map<string, string[]>
  problems: string[]
}

/** Reads the manifest and the sources of the package in `folder`. */
export function readPackage(folder: string): PackageFacts {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const declared = new Set(
    [manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies].flatMap(group => Object.keys(group ?? {})),
  )
  const facts: PackageFacts = { name: manifest.name, declared, imported: new Map(), files: new Map(), problems: [] }
  const source = join(folder, 'src')
  for (const name of globSync('**/*.ts', { cwd: source }).sort()) {
    const file = join(source, name)
    const loaded: string[] = []
    facts.files.set(file, loaded)
    for (const { specifier, loads } of importsOf(file)) {
      const where = `${relative(dirname(folder), file).replaceAll(sep, '/')} imports ${specifier}`
      if (specifier.startsWith('.')) {
        const target = resolve(dirname(file), specifier)
        if (!target.startsWith(source + sep)) facts.problems.push(`${where}, which is outside of its package's src`)
        else if (loads) loaded.push(target)
      } else if (specifier.startsWith('#')) {
        const targets = sourcesOf(manifest.imports?.[specifier])
        if (targets.length === 0) facts.problems.push(`${where}, which its package.json does not define`)
        if (loads) loaded.push(...targets.map(target => resolve(folder, target)))
      } else if (!specifier.startsWith('node:')) {
        const other = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
        if (!declared.has(other)) facts.problems.push(`${where}, but its package.json does not declare ${other}`)
        facts.imported.set(other, where)
      }
    }
  }
  return facts
}

/** The files that the `source` conditions of an `imports` entry name. */
function sourcesOf(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null) return []
  return Object.entries(entry).flatMap(([condition, value]) =>
    condition === 'source' && typeof value === 'string' ? [value] : sourcesOf(value),
  )
}
