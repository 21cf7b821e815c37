// `npm run check:gpu`: where there is an NVIDIA device, the kit, the examples and a benchmark on gpu(0), and a table. Elsewhere it says so in
// a line. It never takes a CPU for a GPU: what stands in for one has to be asked for, and is named.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findNode, ROOT, toolEnv } from '../setup/node.mjs'
import { runNativeTests } from './native-tests.ts'
import { findGpus } from './nvidia.ts'
import { bytesText, columns, timeText } from './table.ts'

const HELP = `Runs the conformance kit, the examples and a benchmark on gpu(0), and prints a table. Without an NVIDIA device it says so, and that is all.

  npm run check:gpu [-- options]

  --require          end with exit code 1 where there is no device
  --ctx tfjs-cpu     TensorFlow on the CPU stands in for the GPU: shows that the check runs, measures no GPU
  --binding <name>   tfjs-node-gpu (default) or, with --ctx tfjs-cpu, tfjs-node
  --only <parts>     some of kit, examples, benchmark, divided by commas
  --steps <n>        how many steps the two larger networks of examples/cuda-digits train (default 100)
  --help             this text

ASHLAR_TFJS_NODE names a file that the binding can be required from, where it is not this workspace's.
Products are in float32 throughout: NVIDIA_TF32_OVERRIDE=0, unless the environment says otherwise.`

const PARTS = ['kit', 'examples', 'benchmark'] as const
type Part = (typeof PARTS)[number]

interface Options {
  readonly ctx: string
  readonly binding: string
  readonly parts: readonly Part[]
  readonly steps: number
  readonly required: boolean
}

/** The part of the example's `--json` that is shown. */
interface Run {
  readonly device: string
  readonly engine: string
  readonly model: string
  readonly stepTime: { readonly median: number }
  readonly moved: { readonly step: { readonly up: number; readonly down: number } } | null
  readonly accuracy: number
}

interface Row {
  readonly name: string
  readonly device: number
  readonly cpu: number
  readonly difference: number
}

/** What sums in another order may differ by; TF32 would be far beyond. */
const TOLERANCE = 1e-4

class Failure extends Error {}

/** @throws Failure for what cannot be used, in one line */
function optionsOf(argv: string[]): Options | 'help' {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  let values
  try {
    ({ values } = parseArgs({ args: argv, options: { require: flag, ctx: { ...text, default: '' }, binding: { ...text, default: 'tfjs-node-gpu' }, only: { ...text, default: PARTS.join(',') }, steps: { ...text, default: '100' }, help: flag } }))
  } catch (error) {
    throw new Failure(`${(error as Error).message.split('\n')[0]}; --help lists the options`)
  }
  if (values.help) return 'help'
  const ctx = values.ctx || (values.binding === 'tfjs-node' ? 'tfjs-cpu' : 'gpu')
  if (!['gpu', 'tfjs-cpu'].includes(ctx)) throw new Failure(`--ctx ${ctx}: expected gpu or tfjs-cpu`)
  if (!(ctx === 'gpu' ? ['tfjs-node-gpu'] : ['tfjs-node-gpu', 'tfjs-node']).includes(values.binding)) throw new Failure(`--binding ${values.binding} makes no device ${ctx}`)
  const parts = values.only.split(',').map(part => part.trim())
  const unknown = parts.find(part => !(PARTS as readonly string[]).includes(part))
  if (unknown !== undefined) throw new Failure(`--only ${unknown}: expected some of ${PARTS.join(', ')}`)
  if (!/^[1-9]\d{0,5}$/.test(values.steps)) throw new Failure(`--steps ${values.steps}: expected a whole number from 1`)
  return { ctx, binding: values.binding, parts: PARTS.filter(part => parts.includes(part)), steps: Number(values.steps), required: values.require }
}

const ENV: NodeJS.ProcessEnv = { NVIDIA_TF32_OVERRIDE: '0', TF_CPP_MIN_LOG_LEVEL: '2', ...toolEnv(), NODE_NO_WARNINGS: '1', CI: 'true' }

/** Runs a program of the workspace. @returns what it printed. @throws Failure with its complaint */
function program(file: string, ...args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(findNode(), ['--conditions=source', join(ROOT, file), ...args], { cwd: ROOT, env: ENV, encoding: 'utf8', timeout: 900_000 })
  if (status !== 0) throw new Failure(error?.message ?? (stderr.trim() || `${file} ended with exit code ${status}`))
  return stdout
}

function train(model: string, options: Options, steps?: number): Run {
  const binding = options.ctx === 'gpu' ? [] : ['--binding', options.binding]
  const output = program('examples/cuda-digits/src/main.ts', '--model', model, '--ctx', options.ctx, ...binding, '--json', ...(steps === undefined ? [] : ['--steps', String(steps)]))
  return JSON.parse(output.trim().split('\n').at(-1)!) as Run
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Trains the networks of examples/cuda-digits, and runs the demo on a GPU. */
function examples(options: Options): string[] {
  const runs = [train('digits', options), train('mlp', options, options.steps), train('cnn', options, options.steps)]
  const rows = runs.map(({ model, stepTime, moved, accuracy }) => [`examples/cuda-digits, ${model}`, timeText(stepTime.median), bytesText(moved?.step.up ?? 0), bytesText(moved?.step.down ?? 0), percent(accuracy)])
  const demo = options.ctx === 'gpu' ? [demoRow()] : []
  const bad = runs.find(({ model, accuracy }) => model === 'digits' && accuracy < 0.95)
  if (bad !== undefined) throw new Failure(`examples/cuda-digits reads ${percent(bad.accuracy)} of the digits, where other devices read 98 %`)
  return columns([['Example', 'Step', 'To the device', 'Back', 'Read right'], ...rows, ...demo])
}

function demoRow(): string[] {
  const out = mkdtempSync(join(tmpdir(), 'ashlar-gpu-'))
  try {
    const output = program('examples/digits/src/main.ts', '--ctx', 'gpu', '--quiet', '--out', out)
    return ['examples/digits', '', '', '', /([\d.]+ %) of/.exec(output)?.[1] ?? '?']
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

function benchmark(options: Options, device: string): string[] {
  const rows = JSON.parse(program('benchmarks/src/devices.ts', '--ctx', options.ctx, '--binding', options.binding).trim().split('\n').at(-1)!) as Row[]
  const table = columns([['Benchmark', device, 'cpu(0)', 'Times as fast', 'Results differ by'], ...rows.map(row => [row.name, timeText(row.device), timeText(row.cpu), (row.cpu / row.device).toPrecision(3), row.difference.toExponential(1)])])
  const off = rows.find(row => !(row.difference <= TOLERANCE))
  if (off === undefined) return table
  throw new Failure([...table, `${off.name}: the results differ by ${off.difference.toExponential(1)}, more than ${TOLERANCE}`].join('\n'))
}

function kit(device: string): string[] {
  const { passed, failed, notes } = runNativeTests(findNode(), ENV)
  const lines = [...notes, `Kit and tests of TensorFlow on ${device}, Node ${process.version}: ${passed} passed, ${failed} failed`]
  if (failed > 0) throw new Failure(lines.join('\n'))
  return lines
}

function check(options: Options, gpus: readonly string[]): number {
  for (const [i, gpu] of gpus.entries()) console.log(`${i === 0 ? 'NVIDIA devices' : '              '}  ${gpu}`)
  // One step tells what really computes, before anything is measured; it fails with the backend's own report.
  let first: Run
  try {
    first = train('digits', options, 1)
  } catch (error) {
    console.log(error instanceof Failure ? error.message : error)
    return 1
  }
  console.log(`Computes on     ${first.device}: ${first.engine}${options.ctx === 'gpu' ? '' : '; it stands in, no GPU is measured'}`)
  let failures = 0
  const work: Readonly<Record<Part, () => string[]>> = { kit: () => kit(first.device), examples: () => examples(options), benchmark: () => benchmark(options, first.device) }
  for (const part of options.parts) {
    console.log('')
    try {
      for (const line of work[part]()) console.log(line)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      failures++
      console.log(`${error.message}\nfailed   ${part}`)
    }
  }
  console.log(`\n${options.parts.length - failures} of ${options.parts.length} parts passed`)
  return failures === 0 ? 0 : 1
}

function main(): number {
  const options = optionsOf(process.argv.slice(2))
  if (options === 'help') {
    console.log(HELP)
    return 0
  }
  const gpus = findGpus()
  if (gpus.length > 0 || options.ctx !== 'gpu') return check(options, gpus)
  console.log('left out: the checks on a GPU: this machine has no NVIDIA device (nvidia-smi lists none); --ctx tfjs-cpu has the CPU stand in')
  return options.required ? 1 : 0
}

try {
  process.exitCode = main()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(`check:gpu: ${error.message}`)
  process.exitCode = 1
}
