import { join } from 'node:path'
import { UserError } from '@ashlar-examples/shared/errors'
import { writePage } from '@ashlar-examples/shared/page'
import { prepareFolder, relativePath } from '@ashlar-examples/shared/paths'
import type { Screen } from '@ashlar-examples/shared/screen'
import { wrap } from '@ashlar-examples/shared/screen'
import { cpuBackend } from '@ashlar/backend-cpu'
import { isAshlarError, np, registerBackend, unregisterBackend } from '@ashlar/core'
import { gpu, simulatedGpus, tryAllGpus } from '@ashlar/device'
import type { Span } from './clock.ts'
import { timed } from './clock.ts'
import { divide, gram, largestDifference } from './divide.ts'
import type { Options } from './options.ts'
import { reportOf } from './report.ts'
import { HEADS, columnsText, productsOf, summaryOf, timeText } from './summary.ts'
import { drawLanes, rangeOf } from './timeline.ts'

/** What a run has found out. */
export interface Findings {
  /** What every device was at. */
  readonly spans: readonly Span[]
  readonly rows: readonly number[]
  /** The largest difference between the sum of the parts and the whole, relative to the whole. */
  readonly difference: number
  /** How long all devices took together, and how long the whole took on the host, in milliseconds. */
  readonly together: number
  readonly alone: number
}

const TOLERANCE = 1e-5
/** More lines would push the lanes off the screen. */
const MOST = 12
export const NOTE = 'Simulated devices have memory of their own, but share one processor: only one works at a time, so dividing the work cannot save time here, and what the two times differ by is caches and chance. On real GPUs the same program would have the lanes overlap.'

/** One run from the matrix to the page. */
export async function run(options: Options, screen: Screen, signal: AbortSignal): Promise<void> {
  if (options.rows < options.gpus) throw new UserError(`--rows ${options.rows} are too few for ${options.gpus} GPUs; give each at least one`)
  const file = join(options.out, 'two-devices.html')
  prepareFolder(options.out)
  const log: Span[] = []
  registerBackend(cpuBackend())
  registerBackend(timed(simulatedGpus(options.gpus, { backend: cpuBackend() }), log))
  try {
    const findings = await work(options, log, screen, signal)
    writePage(file, reportOf(findings, options))
    screen.print(`\nPage: ${relativePath(file)}`)
  } finally {
    unregisterBackend('simulated-gpus')
  }
}

async function work(options: Options, log: Span[], screen: Screen, signal: AbortSignal): Promise<Findings> {
  const contexts = tryAllGpus()
  const tell = (text: string): void => wrap(text, screen.columns).forEach(line => screen.print(line))
  screen.print(`Devices: ${contexts.join(', ')}, simulated; the host is ${np.zeros([1]).context}`)
  if (contexts.length > 1) tell(`gpu(0) + gpu(1) is refused: ${mixing()}`)
  np.random.seed(options.seed)
  // From 0 to 1, so that nothing cancels and every element of the product has its digits.
  const matrix = np.random.uniform(0, 1, [options.rows, options.columns])
  screen.print('')
  tell(`AᵀA for A of shape (${matrix.shape.join(', ')}) (seed ${options.seed}), its rows divided over ${contexts.length === 1 ? 'one device' : `${contexts.length} devices`}`)

  // Whatever runs first also pays for the engine's compiler: that must not be the first device.
  await divide(matrix, contexts, options.products, signal)
  const started = performance.now()
  const whole = gram(matrix)
  const alone = performance.now() - started
  log.length = 0

  const { rows, total, traces } = await divide(matrix, contexts, options.products, signal)
  const difference = largestDifference(await total.toTypedArrayAsync() as Float32Array, whole.toTypedArray() as Float32Array)
  const [first, last] = rangeOf(log)
  const findings = { spans: [...log], rows, difference, together: last - first, alone }

  screen.print('')
  for (const line of drawLanes(findings.spans, contexts.length, screen)) screen.print(line)
  screen.print('')
  for (const line of columnsText([HEADS, ...summaryOf(findings.spans, rows)])) screen.print(line)
  screen.print('')
  const products = productsOf(findings.spans)
  for (const line of columnsText([['Milliseconds', 'Start', 'End', 'Took'], ...products.slice(0, MOST)])) screen.print(line)
  if (products.length > MOST) screen.print(`and ${products.length - MOST} more on the page`)

  screen.print('')
  tell(`Traces of the parts: ${traces.map(trace => trace.toFixed(1)).join(' + ')} = ${traces.reduce((a, b) => a + b, 0).toFixed(1)}; of the whole: ${np.trace(whole).item().toFixed(1)}`)
  if (!(difference <= TOLERANCE)) throw new Error(`the sum of the parts is not the whole: they differ by ${difference.toExponential(1)}`)
  tell(`The sum of the parts is the whole: largest relative difference ${difference.toExponential(1)}, at most ${TOLERANCE} allowed`)
  screen.print(`All devices together: ${timeText(findings.together)} ms; the whole on the host: ${timeText(alone)} ms`)
  tell(NOTE)
  return findings
}

/** What is said of arrays on two devices that meet in one operation. */
function mixing(): string {
  try {
    np.ones([1], { ctx: gpu(0) }).add(np.ones([1], { ctx: gpu(1) }))
  } catch (error) {
    if (isAshlarError(error)) return error.message
    throw error
  }
  throw new Error('arrays of two devices were mixed')
}
