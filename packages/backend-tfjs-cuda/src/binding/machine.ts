import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem } from './problem.ts'

/** What the addon can be built for. */
export interface Machine {
  readonly platform: string
  readonly arch: string
  /** The version of glibc; nothing where there is another C library. */
  readonly glibc?: string | undefined
}

/** This machine. */
export function thisMachine(): Machine {
  const { platform, arch } = process
  if (platform !== 'linux') return { platform, arch }
  // A report would look up the names of all connections.
  Object.assign(process.report, { excludeNetwork: true })
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return { platform, arch, glibc: header.glibcVersionRuntime }
}

const OTHERWISE = [
  'elsewhere TensorFlow comes with the stock package alone: npm install @tensorflow/tfjs-node',
  "and its kernels run everywhere with tfjsCuda({ binding: 'wasm' }), after npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm",
]

/** @throws Problem on a machine that TensorFlow's wheels are not for */
export function checkMachine({ platform, arch, glibc }: Machine): void {
  const works = 'the addon is built on Linux x64 with glibc 2.27 or later'
  if (platform !== 'linux' || arch !== 'x64') throw new Problem(`${works}; this is ${platform} ${arch}`, ...OTHERWISE)
  if (glibc === undefined) throw new Problem(`${works}; this Linux has another C library (Alpine has musl)`, ...OTHERWISE)
  const [major = 0, minor = 0] = glibc.split('.').map(Number)
  if (major < 2 || (major === 2 && minor < 27)) throw new Problem(`${works}; this one has ${glibc}`, ...OTHERWISE)
}

const INSTALLERS = [
  ['/etc/debian_version', 'sudo apt install g++'],
  ['/etc/fedora-release', 'sudo dnf install gcc-c++'],
  ['/etc/redhat-release', 'sudo dnf install gcc-c++'],
  ['/etc/arch-release', 'sudo pacman -S gcc'],
] as const

/**
 * The compiler's command and first arguments: what `CXX` says, else g++, c++ or clang++.
 *
 * @throws Problem where there is none
 */
export function findCompiler(env: NodeJS.ProcessEnv = process.env): string[] {
  const asked = env['CXX']?.trim()
  const candidates = asked ? [asked.split(/\s+/)] : [['g++'], ['c++'], ['clang++']]
  for (const [command, ...args] of candidates) {
    const { status } = spawnSync(command!, [...args, '--version'], { env, stdio: 'ignore', timeout: 60_000 })
    if (status === 0) return [command!, ...args]
  }
  if (asked) throw new Problem(`CXX names ${asked}, which does not run`, 'unset CXX')
  throw new Problem('there is no C++ compiler', INSTALLERS.find(([mark]) => existsSync(mark))?.[1] ?? 'install g++, or name a compiler: CXX=clang++')
}

/**
 * The folder of `node_api.h`: that of the package node-api-headers in the project, else what came with Node.
 *
 * @throws Problem where there is neither
 */
export function findHeaders(folders: readonly string[], node: string = process.execPath): string {
  const packaged = folders.map(folder => {
    const found = resolveFrom(folder, 'node-api-headers/package.json')
    return found === undefined ? undefined : join(dirname(found), 'include')
  })
  const found = [...packaged, join(dirname(node), '..', 'include', 'node')].find(place => place !== undefined && existsSync(join(place, 'node_api.h')))
  if (found === undefined) throw new Problem("the headers of Node's C interface are missing", 'npm install --save-dev node-api-headers')
  return found
}

/** A module's file as programs in a folder would find it. */
export function resolveFrom(folder: string, name: string): string | undefined {
  try {
    return createRequire(pathToFileURL(join(folder, 'x.js'))).resolve(name)
  } catch {
    return undefined
  }
}
