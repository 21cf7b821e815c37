import { createRequire } from 'node:module'
import { readDigits } from '@ashlar-examples/digits/data'
import { evaluate } from '@ashlar-examples/digits/evaluate'
import { lossText, percent } from '@ashlar-examples/digits/format'
import { countParameters } from '@ashlar-examples/digits/network'
import { splitDigits } from '@ashlar-examples/digits/split'
import { Interrupted } from '@ashlar-examples/shared/errors'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { init, memory, np, npx, scope } from 'ashlar'
import type { Opened } from './device.ts'
import { openDevice } from './device.ts'
import { MODELS } from './models.ts'
import type { Options } from './options.ts'
import { batchesOf, picturesOf } from './pictures.ts'
import { showProgress } from './progress.ts'
import type { Moved, Result } from './summary.ts'
import { median, summaryLines } from './summary.ts'
import { train } from './train.ts'

const DATA: string = createRequire(import.meta.url).resolve('@ashlar-examples/digits/digits.csv.gz')

/** What `--json` leaves of a screen. */
function muted(screen: LiveScreen): LiveScreen {
  return { ...screen, live: false, print: () => {} }
}

/** One run from the digits to the numbers. */
export async function run(options: Options, screen: LiveScreen, signal: AbortSignal): Promise<void> {
  const opened = await openDevice(options.ctx, options.binding)
  try {
    const result = await work(options, opened, options.json ? muted(screen) : screen, signal)
    if (options.json) screen.print(JSON.stringify(result))
  } finally {
    opened.close()
  }
}

async function work(options: Options, { ctx, engine, traffic }: Opened, screen: LiveScreen, signal: AbortSignal): Promise<Result> {
  const model = MODELS[options.model]
  const size = model.picture.reduce((a, b) => a * b, 1)
  const parts = splitDigits(readDigits(DATA), options.seed)
  const [learn, heldBack] = [picturesOf(parts.train, size), picturesOf(parts.test, size)]
  const counts = (): Moved => ({ up: traffic?.up ?? 0, down: traffic?.down ?? 0 })

  npx.random.seed(options.seed)
  const net = model.build(options.hidden)
  net.initialize(new init.Xavier(), { ctx })
  // The first call draws the parameters, and brings them to the device.
  scope(() => net(np.zeros([1, ...model.picture], { ctx })))
  screen.print(`Device   ${ctx}: ${engine}`)
  screen.print(`Network  ${options.model}: ${model.describe(options.hidden)}; ${countParameters(net).toLocaleString('en-US')} parameters`)
  screen.print(`Digits   ${learn.labels.length.toLocaleString('en-US')} to learn from, ${heldBack.labels.length} held back (seed ${options.seed}); batches of ${options.batch}`)
  screen.print('')

  const before = counts()
  const progress = showProgress(screen, options.steps)
  let done = 0
  let times: number[]
  try {
    times = await train(net, batchesOf(learn, options.batch, options.seed), ctx, { ...options, picture: model.picture, signal }, (number, loss) => progress.step(done = number, loss))
  } catch (error) {
    throw error instanceof Interrupted ? new Interrupted(error.signal, `${done} of ${options.steps} steps were done`) : error
  } finally {
    progress.stop()
  }
  const after = counts()
  const reading = await evaluate(net, { x: np.array(heldBack.pixels, { ctx }).reshape([-1, ...model.picture]), y: np.array(heldBack.labels, { ctx }) })

  const result: Result = {
    model: options.model, device: String(ctx), engine, parameters: countParameters(net), batch: options.batch, steps: options.steps,
    stepTime: { median: median(times), fastest: Math.min(...times), slowest: Math.max(...times), first: times[0]! },
    moved: traffic === null ? null : { step: { up: (after.up - before.up) / options.steps, down: (after.down - before.down) / options.steps }, all: counts() },
    peakMemory: memory().devices[String(ctx)]?.peak ?? null,
    accuracy: reading.accuracy, loss: reading.loss,
  }
  screen.print('')
  for (const line of summaryLines(result)) screen.print(line)
  screen.print(`Result   ${percent(reading.accuracy)} of ${heldBack.labels.length} digits held back read right, loss ${lossText(reading.loss)}`)
  return result
}
