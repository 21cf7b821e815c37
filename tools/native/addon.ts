import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT, findNode } from '../setup/node.mjs'

/** What it draws is computed elsewhere: half the time of the compiler for a few microseconds a call. */
const FLAGS = { CFLAGS: '-O1 -w', CXXFLAGS: '-O1 -w' }

/** The folder of the package `gl`, of the version in the lock file: an optional dependency of gpu.js, so that only gpu.js finds it. */
export function packageOfGl(): string {
  const gpujs = createRequire(join(ROOT, 'packages', 'backend-gpujs', 'package.json')).resolve('gpu.js')
  return dirname(createRequire(gpujs).resolve('gl/package.json'))
}

/** Where the addon lies for that version of `gl` and the Node that runs the tests. */
export function addonPath(gl: string): string {
  const { version } = JSON.parse(readFileSync(join(gl, 'package.json'), 'utf8')) as { version: string }
  const abi = spawnSync(findNode(), ['-p', 'process.versions.modules'], { encoding: 'utf8' }).stdout.trim()
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return join(cache, 'ashlar', `gl-${version}-${process.platform}-${process.arch}-${abi}`, 'webgl.node')
}

/**
 * Builds the addon of `gl` from its sources, unless that was done before. Its own installation wants to download it; and what is built
 * in `node_modules` would be gone with the next installation.
 *
 * @returns the path of the addon
 * @throws Error with the compiler's last words
 */
export function buildAddon(): string {
  const gl = packageOfGl()
  const addon = addonPath(gl)
  if (existsSync(addon)) return addon
  console.error('Building headless GL, which takes some minutes once …')
  const folder = join(dirname(addon), `build-${process.pid}`)
  const copy = join(folder, 'gl')
  mkdirSync(folder, { recursive: true })
  try {
    cpSync(gl, copy, { recursive: true, filter: source => !source.endsWith('node_modules') })
    // What it needs to be built lies beside it.
    symlinkSync(dirname(gl), join(folder, 'node_modules'))
    const gyp = createRequire(join(gl, 'package.json')).resolve('node-gyp/bin/node-gyp.js')
    const node = findNode()
    // The headers come with Node: nothing is downloaded.
    const headers = dirname(dirname(node))
    if (!existsSync(join(headers, 'include', 'node', 'node.h'))) throw new Error(`no headers of Node in ${headers}/include`)
    const { status, stdout, stderr } = spawnSync(node, [gyp, 'rebuild', '--jobs=max', `--nodedir=${headers}`], {
      cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28, env: { ...process.env, ...FLAGS, PATH: `${dirname(node)}:${process.env['PATH']}` },
    })
    if (status !== 0) throw new Error(`headless GL could not be built:\n${stdout.slice(-4000)}\n${stderr.slice(-8000)}`)
    renameSync(join(copy, 'build', 'Release', 'webgl.node'), addon)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return addon
}
