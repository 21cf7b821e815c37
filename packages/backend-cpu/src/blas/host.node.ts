import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { release } from 'node:os'
import { delimiter, join } from 'node:path'
import type { BlasHost, Gemm, Library } from './library.ts'
import type { Naming } from './names.ts'
import { ACCELERATE, FILES, FOLDERS, NAMINGS, THREAD_SETTERS, productName } from './names.ts'
import { TRIAL_CODE } from './trial-code.ts'
import { readVerdict, writeVerdict } from './verdicts.ts'

/** What we use of koffi. */
interface Koffi {
  readonly version: string
  load(path: string): { func(name: string, result: string, parameters: readonly string[]): (...args: number[]) => void }
  address(memory: Uint8Array): bigint
}

const TRIAL_MILLISECONDS = 20_000
/** Signals that a crash ends with; others come from outside. */
const CRASHES: readonly string[] = ['SIGSEGV', 'SIGILL', 'SIGBUS', 'SIGABRT', 'SIGFPE', 'SIGTRAP']

/** Node's libraries, called through koffi where that is installed. */
export function blasHost(): BlasHost {
  const require = createRequire(import.meta.url)
  const place = attempt(() => require.resolve('koffi'))
  const koffi = place === null ? null : attempt(() => require(place) as Koffi)
  return {
    wanted: process.env['ASHLAR_BLAS'],
    obstacle: koffi !== null ? null : place === null ? 'the package koffi is not installed' : 'the package koffi does not load here',
    candidates: () => findLibraries(process.platform, process.env),
    trial: path => trial(path, place!, koffi!.version),
    open: path => open(koffi!, path),
  }
}

function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}

/** Libraries that are there, best first. */
export function findLibraries(platform: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const named = (env[platform === 'win32' ? 'PATH' : platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'] ?? '').split(delimiter)
  const folders = [...named.filter(folder => folder !== ''), ...(FOLDERS[platform] ?? [])]
  const found = (FILES[platform] ?? []).flatMap(file => folders.map(folder => join(folder, file))).filter(path => existsSync(path))
  return platform === 'darwin' ? [ACCELERATE, ...found] : found
}

/** What a verdict holds for: another file, koffi or Node needs a trial of its own. */
function keyOf(path: string, version: string): string {
  const file = attempt(() => statSync(path))
  return [path, file === null ? release() : `${file.mtimeMs} ${file.size}`, version, process.version, process.arch].join('|')
}

function trial(path: string, koffi: string, version: string): string | null {
  const key = keyOf(path, version)
  const known = readVerdict(key)
  if (known !== undefined) return known
  const { NODE_OPTIONS: _, ...env } = process.env
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, ['-e', TRIAL_CODE, koffi, path, JSON.stringify(NAMINGS)], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' }, encoding: 'utf8', timeout: TRIAL_MILLISECONDS, windowsHide: true,
  })
  if (error !== undefined) return `a trial of it did not end well (${error.message})`
  if (status === 0 && stdout.includes('lives')) {
    writeVerdict(key, null)
    return null
  }
  if (signal !== null || status === null || status > 1) {
    const verdict = `it crashed in a trial (${signal ?? `exit code ${status}`})`
    if (signal === null || CRASHES.includes(signal)) writeVerdict(key, verdict)
    return verdict
  }
  return stdout.trim() === '' ? `a trial of it failed (${stderr.trim().split('\n').at(-1) ?? ''})` : stdout.trim()
}

function open(koffi: Koffi, path: string): Library {
  const library = koffi.load(path)
  const find = (name: string, types: readonly string[]): ((...args: number[]) => void) | null => attempt(() => library.func(name, 'void', types))
  const gemm = (naming: Naming, type: 'f32' | 'f64'): Gemm | null => {
    const [int, float] = [naming.integer, type === 'f32' ? 'float' : 'double']
    return find(productName(naming, type), ['int', 'int', 'int', int, int, int, float, 'uintptr_t', int, 'uintptr_t', int, float, 'uintptr_t', int]) as Gemm | null
  }
  for (const naming of NAMINGS) {
    const [f32, f64] = [gemm(naming, 'f32'), gemm(naming, 'f64')]
    if (f32 === null || f64 === null) continue
    const setter = THREAD_SETTERS.find(([symbol]) => find(symbol, ['int64']) !== null)
    return {
      name: path === ACCELERATE ? 'Accelerate' : (setter?.[1] ?? 'BLAS'),
      naming,
      gemm: { f32, f64 },
      setThreads: setter === undefined ? null : (find(setter[0], ['int64']) as (count: number) => void),
      // Memory of WebAssembly stays where it is when it grows: what it may grow to is reserved from the start.
      address: memory => Number(koffi.address(new Uint8Array(memory))),
    }
  }
  throw new Error('it has no cblas_sgemm and cblas_dgemm')
}
