import { cpuReport } from '@ashlar/backend-cpu'
import type { CpuReport } from '@ashlar/backend-cpu'
import { listBackends, setWarningHandler } from '@ashlar/core'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What can be installed beside Ashlar, and makes something faster. */
export const OPTIONAL: readonly string[] = ['koffi', '@ashlar/backend-tfjs-cuda', '@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', '@ashlar/backend-gpujs', 'gpu.js']

/** What the doctor found. */
export interface Findings {
  readonly version: string
  readonly node: string
  readonly platform: string
  readonly cores: number
  readonly cpu: CpuReport
  /** What the environment says: values of `ASHLAR_BLAS`, `ASHLAR_THREADS` and `TF_NUM_INTRAOP_THREADS`. */
  readonly settings: { readonly blas: string | null; readonly threads: string | null; readonly tensorflowThreads: string | null }
  /** Whether the machine has an NVIDIA GPU with its driver. */
  readonly nvidia: boolean
  /** Names of the registered backends. */
  readonly backends: readonly string[]
  /** Versions of optional packages; null for those that are missing. */
  readonly packages: Readonly<Record<string, string | null>>
  /** Of the packages with TensorFlow inside, those whose native addon is not there. */
  readonly unbuilt: readonly string[]
  /** What kept the backend from being looked at, a sentence each: a setting of the environment that cannot be. */
  readonly problems: readonly string[]
  /** How OpenBLAS is installed on this system; null where we do not know. */
  readonly installBlas: string | null
}

/** Looks at the machine, and at what is installed in or above `folder`. */
export async function find(folder: string = process.cwd()): Promise<Findings> {
  await import('../index.ts')
  // What a warning would say stands in the report.
  const before = setWarningHandler(() => {})
  const problems: string[] = []
  try {
    return {
      version: versionOf(new URL('../../package.json', import.meta.url)) ?? 'unknown',
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      cpu: reportOf(problems),
      settings: { blas: process.env['ASHLAR_BLAS'] ?? null, threads: process.env['ASHLAR_THREADS'] ?? null, tensorflowThreads: process.env['TF_NUM_INTRAOP_THREADS'] ?? null },
      nvidia: existsSync('/proc/driver/nvidia/version') || existsSync('C:\\Windows\\System32\\nvml.dll'),
      backends: listBackends().map(({ name }) => name),
      packages: Object.fromEntries(OPTIONAL.map(name => [name, findPackage(name, folder)])),
      unbuilt: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'].filter(name => isUnbuilt(name, folder)),
      problems,
      installBlas: installBlas(process.platform),
    }
  } finally {
    setWarningHandler(before)
  }
}

function reportOf(problems: string[]): CpuReport {
  try {
    return cpuReport()
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
    return { simd: false, relaxedSimd: false, sharedMemory: false, threads: 0, blas: { state: 'absent', path: null, library: null, problems: [] } }
  }
}

function versionOf(manifest: string | URL): string | null {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
  } catch {
    return null
  }
}

/** The version of a package that programs in `folder`, or Ashlar itself, would get; a package may hide its manifest from imports. */
function findPackage(name: string, folder: string): string | null {
  return placeOf(name, folder)?.version ?? null
}

function isUnbuilt(name: string, folder: string): boolean {
  const place = placeOf(name, folder)?.place
  return place !== undefined && !existsSync(join(place, 'lib', 'napi-v8', 'tfjs_binding.node'))
}

function placeOf(name: string, folder: string): { readonly place: string; readonly version: string } | undefined {
  const starts = [folder, dirname(createRequire(import.meta.url).resolve('@ashlar/backend-cpu/package.json'))]
  for (const start of starts) {
    const places = createRequire(pathToFileURL(join(start, 'x.js'))).resolve.paths(name) ?? []
    for (const place of places) {
      const version = versionOf(join(place, name, 'package.json'))
      if (version !== null) return { place: join(place, name), version }
    }
  }
  return undefined
}

const INSTALLERS = [
  ['/etc/debian_version', 'sudo apt install libopenblas0'],
  ['/etc/fedora-release', 'sudo dnf install openblas'],
  ['/etc/redhat-release', 'sudo dnf install openblas'],
  ['/etc/arch-release', 'sudo pacman -S openblas'],
  ['/etc/alpine-release', 'sudo apk add openblas'],
] as const

function installBlas(platform: string): string | null {
  return platform === 'linux' ? (INSTALLERS.find(([mark]) => existsSync(mark))?.[1] ?? null) : null
}
