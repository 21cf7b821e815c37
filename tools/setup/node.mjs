import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BIN = join(ROOT, 'node_modules', '.bin')

/**
 * The Node that runs TypeScript: the installed one where the platform has it, else the one in use when it is new enough.
 *
 * @returns {string} its path
 */
export function findNode() {
  const installed = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(installed)) return installed
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  throw new Error(`Ashlar's repository runs TypeScript directly, which needs Node 22.18 or later here; this is Node ${process.versions.node}.`)
}

/**
 * The machine's own Node, the first in PATH that is not the workspace's; where there is none, the one in use.
 *
 * @returns {string} its path
 */
export function findMachineNode() {
  const nodes = (process.env.PATH ?? '').split(delimiter).map(place => join(place, 'node'))
  return nodes.find(node => existsSync(node) && !node.startsWith(ROOT)) ?? process.execPath
}

/**
 * The environment of everything that the scripts start: the workspace's own commands, `node` among them, come first.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnv() {
  const key = Object.keys(process.env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...process.env, [key]: `${BIN}${delimiter}${process.env[key] ?? ''}` }
}

/**
 * The package manager as package.json pins it.
 *
 * @returns {string} such as `pnpm@12.21.0`
 */
export function packageManager() {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager
}
