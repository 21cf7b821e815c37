import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem, reasonOf } from './problem.ts'
import type { Progress } from './progress.ts'
import { ADDON, SOURCES, STAMP, markOf, readStamp } from './target.ts'
import type { Stamp, Target } from './target.ts'
import type { Installed } from './tensorflow.ts'
import { LIBRARIES, unpackWheel } from './wheel.ts'
import type { Wheel } from './wheel.ts'

/** What the addon is compiled from and with. */
export interface Plan {
  readonly target: Target
  readonly source: Wheel | Installed
  /** The folder of `node_api.h`. */
  readonly headers: string
  readonly compiler: readonly string[]
}

/** What the addon will have been built from. */
export function stampOf(source: Wheel | Installed): Stamp {
  const tensorflow = `${source.name} ${source.version}`.trim()
  return 'entries' in source ? { tensorflow, from: source.file, mark: source.mark } : { tensorflow, from: source.folder, mark: markOf(join(source.folder, LIBRARIES[0]!)) }
}

/** The compiler's command line, in the folder that is built. */
export function commandLine({ target, headers, compiler }: Plan): string[] {
  return [
    ...compiler, '-O2', '-std=c++17', '-fPIC', '-shared', '-w', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION',
    `-I${headers}`, `-I${join('deps', 'include')}`, `-I${join(target.folder, 'binding')}`, ...SOURCES.map(file => join(target.folder, file)),
    `-L${join('deps', 'lib')}`, ...LIBRARIES.map(name => `-l:${name}`), '-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', ADDON,
  ]
}

const BUILD = '.ashlar-binding-'

/** Builds the addon beside the package's own files, tries it, and only then puts it in its place. Whatever happens, nothing half-built stays. */
export async function build(plan: Plan, signal: AbortSignal, progress: Progress): Promise<void> {
  const { target, source } = plan
  clearAbandoned(target.folder)
  const folder = makeFolder(target.folder)
  try {
    const deps = join(folder, 'deps')
    mkdirSync(join(folder, 'lib', 'napi-v8'), { recursive: true })
    mkdirSync(deps)
    if ('entries' in source) {
      checkRoom(folder, source.size)
      progress.step(`unpacking ${source.name} ${source.version}`)
      await unpackWheel(source, deps, signal, bytes => progress.at(bytes / source.size))
    } else {
      // Links to folders: from there the library finds its CUDA beside it.
      symlinkSync(source.folder, join(deps, 'lib'))
      symlinkSync(join(source.folder, 'include'), join(deps, 'include'))
    }
    progress.step('compiling the addon, some 20 s')
    const [command, ...args] = commandLine(plan)
    const compiled = await run(command!, args, folder, signal)
    if (compiled.failed) throw new Problem(`the addon does not compile: ${firstError(compiled.output)}`, `the command was: ${[command, ...args].join(' ')}`)
    progress.step('loading it')
    const loaded = await run(process.execPath, ['-e', 'require(process.argv[1])', join(folder, ADDON)], folder, signal)
    if (loaded.failed) throw new Problem(`the addon was compiled, but does not load: ${firstError(loaded.output)}`, `Node is ${process.version}, TensorFlow is from ${stampOf(source).from}`)
    for (const place of ['lib', 'deps']) writeFileSync(join(folder, place, STAMP), `${JSON.stringify(stampOf(source))}\n`)
    exchange(target.folder, folder)
  } catch (error) {
    // An abort reaches us as whatever it interrupted.
    if (signal.aborted) throw new Problem('stopped; nothing was changed')
    throw isFull(error) ? new Problem(`the disk is full: ${reasonOf(error)}`) : error
  } finally {
    progress.done()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Takes an addon of ours out, and puts back what was there before. Says whether anything was done. */
export function undo({ folder }: Target): boolean {
  clearAbandoned(folder)
  let done = false
  // The addon first: what loads it has to be whole.
  for (const name of ['lib', 'deps']) {
    const [place, kept] = [join(folder, name), join(folder, `${name}${KEPT}`)]
    if (readStamp(place) !== undefined) {
      rmSync(place, { recursive: true })
      done = true
    }
    if (!existsSync(kept)) continue
    // Where npm has put in another meanwhile, that one stays.
    if (existsSync(place)) rmSync(kept, { recursive: true })
    else renameSync(kept, place)
    done = true
  }
  return done
}

/** What a stock `lib/` and `deps/` are called while ours are in their place. */
export const KEPT = '.before-ashlar'

/** Nothing in here waits, so that no signal can come between. The addon goes first and comes last. */
function exchange(target: string, folder: string): void {
  for (const name of ['lib', 'deps']) {
    const [place, kept] = [join(target, name), join(target, `${name}${KEPT}`)]
    if (!existsSync(place)) continue
    if (readStamp(place) !== undefined) renameSync(place, join(folder, `${name}.old`))
    else {
      rmSync(kept, { recursive: true, force: true })
      renameSync(place, kept)
    }
  }
  for (const name of ['deps', 'lib']) renameSync(join(folder, name), join(target, name))
}

function makeFolder(target: string): string {
  try {
    return mkdtempSync(join(target, `${BUILD}${process.pid}-`))
  } catch (error) {
    throw new Problem(`nothing can be written to ${target}: ${reasonOf(error)}`, 'run the command as the user who installed the package')
  }
}

/** Removes what a run left that was killed. */
function clearAbandoned(target: string): void {
  for (const name of readdirSync(target)) {
    if (!name.startsWith(BUILD) || isRunning(Number.parseInt(name.slice(BUILD.length), 10))) continue
    rmSync(join(target, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return pid !== process.pid
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

function checkRoom(folder: string, size: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  if (bavail * bsize < size) throw new Problem(`TensorFlow takes ${gigabytes(size)}, and ${folder} has room for ${gigabytes(bavail * bsize)}`, 'make room, or install TensorFlow elsewhere and name it with --tensorflow')
}

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as { code?: string } | null)?.code ?? '')

/** The first line of an output that speaks of an error. */
function firstError(output: string): string {
  const lines = output.split('\n').map(line => line.trim()).filter(line => line !== '')
  return lines.find(line => /\berror\b/i.test(line)) ?? lines[0] ?? 'it said nothing'
}

/** Runs a command to its end; an abort ends it. */
function run(command: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<{ failed: boolean; output: string }> {
  // A group of its own: a compiler leaves the work to other processes, which have to end with it.
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { TF_CPP_MIN_LOG_LEVEL: '3', ...process.env } })
  const stop = (): void => void (child.pid !== undefined && process.kill(-child.pid))
  signal.addEventListener('abort', stop)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, killed) => {
      signal.removeEventListener('abort', stop)
      if (signal.aborted) reject(new Error('stopped'))
      else resolve({ failed: code !== 0, output: killed === null ? output : `${output}\nerror: it was ended by ${killed}` })
    })
  })
}
