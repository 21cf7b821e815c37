import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, toolEnv } from '../setup/node.mjs'
import { step } from '../test/steps.ts'

/** A publishable package, packed. */
export interface Tarball {
  name: string
  file: string
  /** The packages it needs at run time, by name. */
  dependencies: string[]
}

/** Builds all publishable packages from nothing and packs them into `folder`. */
export async function packAll(folder: string): Promise<Tarball[]> {
  const manifests = globSync('packages/*/package.json', { cwd: ROOT }).sort()
  // A build folder may hold files whose sources are gone.
  for (const manifest of manifests) rmSync(join(ROOT, dirname(manifest), 'dist'), { recursive: true, force: true })
  if (!(await step('tsc', '-b', ...manifests.map(dirname)))) throw new Error('The build failed.')
  return manifests.map(manifest => {
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8'))
    const cwd = join(ROOT, dirname(manifest))
    const output = execFileSync('pnpm', ['pack', '--json', '--pack-destination', folder], { cwd, env: toolEnv(), encoding: 'utf8' })
    return { name, file: JSON.parse(output).filename, dependencies: Object.keys(dependencies) }
  })
}

/** What of our own rules a packed package breaks. */
export function checkContents({ name, file }: Tarball): string[] {
  const files = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).trim().split('\n')
  const manifest = execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' })
  const problems: string[] = []
  for (const needed of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(`package/${needed}`)) problems.push(`${name} is packed without ${needed}`)
  }
  for (const extra of files.filter(path => !/^package\/(LICENSE|README\.md|package\.json|dist\/(?!\.).*)$/.test(path))) {
    problems.push(`${name} is packed with ${extra}`)
  }
  if (/"source":|"workspace:/.test(manifest)) problems.push(`the packed package.json of ${name} still speaks of the workspace`)
  return problems
}
