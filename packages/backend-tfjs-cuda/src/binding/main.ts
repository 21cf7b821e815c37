#!/usr/bin/env node
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, commandLine, stampOf, undo } from './build.ts'
import type { Plan } from './build.ts'
import { checkMachine, findCompiler, findHeaders, thisMachine } from './machine.ts'
import { Problem, reasonOf } from './problem.ts'
import { progressOn } from './progress.ts'
import { builtFrom, findTarget } from './target.ts'
import { askPython, howToInstall, installedIn } from './tensorflow.ts'
import { readWheel } from './wheel.ts'

const HELP = `Usage: npx ashlar-tfjs-binding [options]

Builds the native addon of @tensorflow/tfjs-node, in the project of this folder, against a current TensorFlow: that of a Python wheel.
Needed where the package's own install script did not run, or for CUDA 12. Linux x64 with glibc; a C++ compiler.

  --gpu              for @tensorflow/tfjs-node-gpu
  --tensorflow DIR   an installed tensorflow or tensorflow-cpu: its folder, or its virtual environment; by default what python3 imports
  --wheel FILE       a downloaded wheel of either instead, of which the libraries are unpacked into the package
  --check            build nothing; load what is there, say what it computes on, and compute a product
  --undo, --remove   take the addon out again, and put back what was there before
  --dry-run          say what would be done
  --help             this text

Environment:
  CXX=command        the compiler; default g++, c++ or clang++
`

const OPTIONS = {
  gpu: { type: 'boolean' }, tensorflow: { type: 'string' }, wheel: { type: 'string' }, check: { type: 'boolean' }, undo: { type: 'boolean' },
  remove: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
} as const

type Options = ReturnType<typeof parse>

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS }).values

/** Runs the command line; gives the exit code. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  let options: Options
  try {
    options = parse(args)
    const purposes = [options.check, options.undo === true || options.remove, options.tensorflow !== undefined || options.wheel !== undefined]
    if (purposes.filter(Boolean).length > 1) throw new Error('--check, --undo and a TensorFlow to build against exclude each other.')
    if (options.tensorflow !== undefined && options.wheel !== undefined) throw new Error('--tensorflow and --wheel exclude each other.')
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${HELP}`)
    return 2
  }
  if (options.help === true) {
    process.stdout.write(HELP)
    return 0
  }
  try {
    await work(options, signal)
    return 0
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    process.stderr.write([`ashlar-tfjs-binding: ${error.message}`, ...error.mend.map(line => `  ${line}`), ''].join('\n'))
    return 1
  }
}

/** The current project, and where this package is installed. */
const FOLDERS = [process.cwd(), dirname(fileURLToPath(import.meta.url))]

async function work(options: Options, signal: AbortSignal): Promise<void> {
  const gpu = options.gpu === true
  const say = (text: string): void => void process.stdout.write(`${text}\n`)
  const target = findTarget(gpu ? 'tfjs-node-gpu' : 'tfjs-node', FOLDERS)
  if (options.undo === true || options.remove === true) {
    if (options['dry-run'] === true) return say(builtFrom(target) === undefined ? 'There is nothing to undo.' : `Would remove the addon from ${target.folder}`)
    return say(undo(target) ? `Removed the addon from ${target.folder}` : 'There is nothing to undo.')
  }
  if (options.check !== true) {
    checkMachine(thisMachine())
    const before = builtFrom(target)
    const named = options.wheel ?? options.tensorflow
    const source = options.wheel !== undefined ? await readWheel(options.wheel) : options.tensorflow !== undefined ? installedIn(options.tensorflow) : before === undefined ? askPython() : undefined
    if (source === undefined && before === undefined) throw howToInstall(gpu)
    if (source === undefined || stampOf(source).mark === before?.mark) say(`Up to date: built against ${before!.tensorflow}${named === undefined ? `, ${before!.from}` : ''}`)
    else {
      const plan: Plan = { target, source, headers: findHeaders(FOLDERS), compiler: findCompiler() }
      if (gpu && source.name === 'tensorflow-cpu') process.stderr.write('Note that tensorflow-cpu computes on the CPU only; CUDA comes with tensorflow.\n')
      if (options['dry-run'] === true) return say(dryRun(plan))
      await build(plan, signal, progressOn(process.stderr))
      say(`Built the addon of @tensorflow/${target.binding} against ${stampOf(source).tensorflow}`)
    }
  }
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  const { check } = await import('./check.ts')
  process.stdout.write(await check(target))
}

function dryRun(plan: Plan): string {
  const stamp = stampOf(plan.source)
  return [`Would build in ${plan.target.folder}`, `against ${stamp.tensorflow}, ${stamp.from}`, `by ${commandLine(plan).join(' ')}`].join('\n')
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.exitCode = 128 + constants.signals[signal]
    stop.abort()
  })
}
const code = await main(process.argv.slice(2), stop.signal)
process.exitCode ??= code
