import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageManager, ROOT } from './node.mjs'

const STAMP = join(ROOT, 'node_modules', '.ashlar-installed')

/** Installs the dependencies unless they are there and belong to the current lock file and manifests. */
export async function install() {
  const wanted = fingerprint()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  console.error(`Installing dependencies (${packageManager()}) …`)
  const { code, output } = await quietly('npx', ['-y', packageManager(), 'install', '--frozen-lockfile'])
  if (code !== 0) {
    throw new Error(`${output}\nThe installation failed. If a manifest changed, \`npx pnpm install\` brings pnpm-lock.yaml up to date.`)
  }
  writeFileSync(STAMP, wanted)
}

/** What an installation depends on: the lock file, the settings, every manifest, and the platform its binaries are for. */
function fingerprint() {
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'benchmarks/package.json', 'tools/package.json']
  for (const group of ['packages', 'examples']) {
    for (const name of readdirSync(join(ROOT, group)).sort()) files.push(`${group}/${name}/package.json`)
  }
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of files) {
    const path = join(ROOT, file)
    if (existsSync(path)) hash.update(`\n${file}\n`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

/**
 * Runs a command without a word.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function quietly(command, args) {
  // CI=true: without a terminal nobody could answer a question, such as whether to replace another tool's node_modules.
  const env = { ...process.env, CI: 'true' }
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (output += data))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, output }))
  })
}
