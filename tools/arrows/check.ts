import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { findCycles } from './cycles.ts'
import { readPackage } from './package.ts'
import { ARROWS } from './table.ts'

const nameOf = (folder: string): string => (folder === 'ashlar' ? 'ashlar' : `@ashlar/${folder}`)
const isOurs = (name: string): boolean => name === 'ashlar' || name.startsWith('@ashlar/')

/**
 * Checks manifests and sources of all packages against the table of arrows, and files against cycles.
 *
 * @param root the folder that holds `packages/`
 * @returns what is wrong, a sentence each; nothing when all is well
 */
export function checkArrows(root: string, arrows: Readonly<Record<string, readonly string[]>> = ARROWS): string[] {
  const packages = join(root, 'packages')
  const problems: string[] = []
  for (const folder of readdirSync(packages).sort()) {
    if (!existsSync(join(packages, folder, 'package.json'))) continue
    const allowed = arrows[folder]?.map(nameOf)
    if (!allowed) {
      problems.push(`packages/${folder} is not in the table of arrows`)
      continue
    }
    const facts = readPackage(join(packages, folder))
    problems.push(...facts.problems)
    if (facts.name !== nameOf(folder)) problems.push(`packages/${folder} is named ${facts.name}, not ${nameOf(folder)}`)
    for (const name of facts.declared) {
      if (isOurs(name) && !allowed.includes(name)) problems.push(`${folder}/package.json depends on ${name}: there is no such arrow`)
    }
    for (const [name, where] of facts.imported) {
      if (isOurs(name) && !allowed.includes(name)) problems.push(`${where}: there is no such arrow`)
    }
    for (const cycle of findCycles(facts.files)) {
      const names = [...cycle, cycle[0] ?? ''].map(file => relative(packages, file).replaceAll(sep, '/'))
      problems.push(`import cycle: ${names.join(' → ')}`)
    }
  }
  return problems
}
