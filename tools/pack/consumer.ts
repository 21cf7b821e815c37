import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare, findExpected } from '../doctest/expected.ts'
import { fromMarkdown } from '../doctest/extract.ts'
import { findMachineNode, findNode, ROOT } from '../setup/node.mjs'
import type { Tarball } from './tarballs.ts'

// The release between the oldest supported and the one the repository works with.
const NODE_22 = '22.23.3'

/**
 * Installs the front door into an empty project, as a user would, and runs the README's first network on several Nodes.
 *
 * @param folder an empty folder
 * @returns what went wrong
 */
export function checkConsumer(tarballs: Tarball[], folder: string): string[] {
  const network = fromMarkdown(readFileSync(join(ROOT, 'README.md'), 'utf8')).find(({ code }) => /from 'ashlar'/.test(code))
  if (!network) return ["README.md has no ```ts block that imports from 'ashlar'"]
  // Naming the tarballs of all dependencies keeps npm from asking a registry for what is not published yet.
  const dependencies = Object.fromEntries(needed('ashlar', tarballs).map(({ name, file }) => [name, `file:${file}`]))
  install(folder, dependencies)
  const marked = findExpected(network.code)
  writeFileSync(join(folder, 'network.mjs'), marked.code)
  const problems: string[] = []
  for (const node of nodes(join(folder, 'node22'))) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
    const problem = run(node, folder, output => compare(output, marked))
    console.log(`README.md:${network.line} from the packed packages on Node ${version}: ${problem ? 'failed' : 'passed'}`)
    if (problem) problems.push(`README.md:${network.line} on Node ${version}: ${problem}`)
  }
  return problems
}

function needed(name: string, tarballs: Tarball[], found = new Set<Tarball>()): Tarball[] {
  const tarball = tarballs.find(one => one.name === name)
  if (tarball && !found.has(tarball)) {
    found.add(tarball)
    for (const dependency of tarball.dependencies) needed(dependency, tarballs, found)
  }
  return [...found]
}

function install(folder: string, dependencies: Record<string, string>): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'scratch', private: true, type: 'module', dependencies }))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
}

/** The machine's own Node, 22 where npm has one for this platform, and the repository's. */
function nodes(folder: string): string[] {
  const found = [findMachineNode(), findNode()]
  const carrier = `node-${process.platform}-${process.arch}`
  if (/^node-linux-(x64|arm64)$/.test(carrier)) {
    install(folder, { [carrier]: NODE_22 })
    found.splice(1, 0, join(folder, 'node_modules', carrier, 'bin', 'node'))
  }
  return [...new Set(found)]
}

function run(node: string, cwd: string, check: (output: string) => string | undefined): string | undefined {
  try {
    return check(execFileSync(node, ['network.mjs'], { cwd, encoding: 'utf8', timeout: 60_000 }))
  } catch (error) {
    return String(error)
  }
}
