import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { NativeBinding } from '../detect-binding.ts'
import { resolveFrom } from './machine.ts'
import { Problem } from './problem.ts'

/** The package that the addon is for. */
export interface Target {
  readonly binding: NativeBinding
  readonly folder: string
  readonly version: string
}

/** What an addon of ours was built from. It stands in `lib/` and in `deps/`, which are ours then. */
export interface Stamp {
  /** The version of TensorFlow, where it was known. */
  readonly tensorflow: string
  /** The wheel, or the folder of the installed TensorFlow. */
  readonly from: string
  /** Tells one library from another. */
  readonly mark: string
}

export const STAMP = 'ashlar-binding.json'
export const ADDON: string = join('lib', 'napi-v8', 'tfjs_binding.node')

/**
 * Finds `@tensorflow/tfjs-node` or `-gpu` where programs in one of the folders would.
 *
 * @throws Problem where it is missing, or cannot be built in
 */
export function findTarget(binding: NativeBinding, folders: readonly string[]): Target {
  const name = `@tensorflow/${binding}`
  const manifest = folders.map(folder => resolveFrom(folder, `${name}/package.json`)).find(file => file !== undefined)
  if (manifest === undefined) throw missing(binding, folders)
  if (/\.zip[\\/]/.test(manifest)) throw new Problem(`${name} lies in a zip`, `yarn unplug ${name}`)
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const folder = realpathSync(dirname(manifest))
  for (const source of SOURCES) {
    if (!existsSync(join(folder, source))) throw new Problem(`${name} ${version} comes without ${source}`, `npm install --ignore-scripts ${name}@4.22.0`)
  }
  return { binding, folder, version }
}

export const SOURCES: readonly string[] = [join('binding', 'tfjs_backend.cc'), join('binding', 'tfjs_binding.cc')]

function missing(binding: NativeBinding, folders: readonly string[]): Problem {
  const other = binding === 'tfjs-node' ? 'tfjs-node-gpu' : 'tfjs-node'
  const found = folders.some(folder => resolveFrom(folder, `@tensorflow/${other}/package.json`) !== undefined)
  const instead = `@tensorflow/${other} is: npx ashlar-tfjs-binding${other === 'tfjs-node-gpu' ? ' --gpu' : ''}`
  return new Problem(`@tensorflow/${binding} is not installed here`, ...(found ? [instead] : []), `npm install --ignore-scripts @tensorflow/${binding}@4.22.0 node-api-headers`)
}

/** The stamp of a folder that we made. */
export function readStamp(folder: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, STAMP), 'utf8')) as Stamp
  } catch {
    return undefined
  }
}

/** What the addon in a package was built from, where it is whole and what it needs has not changed. */
export function builtFrom({ folder }: Target): Stamp | undefined {
  const [lib, deps] = [readStamp(join(folder, 'lib')), readStamp(join(folder, 'deps'))]
  if (lib === undefined || lib.mark !== deps?.mark || !existsSync(join(folder, ADDON))) return undefined
  const library = join(folder, 'deps', 'lib', 'libtensorflow_cc.so.2')
  if (!existsSync(library)) return undefined
  return lib.mark.startsWith('file ') && lib.mark !== markOf(library) ? undefined : lib
}

/** What tells a library on the disk from another. */
export function markOf(library: string): string {
  const file = realpathSync(library)
  const { size, mtimeMs } = statSync(file)
  return `file ${file} ${size} ${Math.trunc(mtimeMs)}`
}
