import { join } from 'node:path'
import { Interrupted, UserError } from '@ashlar-examples/shared/errors'
import { prepareFolder, relativePath } from '@ashlar-examples/shared/paths'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import type { device, nn } from 'ashlar'
import { io, npx } from 'ashlar'
import { Checkpoint } from './checkpoint.ts'
import { openContext } from './device.ts'
import type { Digits } from './digits-data.ts'
import { CLASSES, PIXELS, readDigits } from './digits-data.ts'
import { drawMisread } from './draw.ts'
import type { Batch, Reading } from './evaluate.ts'
import { confusionOf, evaluate, misreadOf } from './evaluate.ts'
import { percent } from './format.ts'
import { countParameters, describeNetwork, freshNetwork, loadNetwork } from './network.ts'
import type { Options } from './options.ts'
import { showProgress } from './progress.ts'
import { renderReport } from './report.ts'
import { splitDigits, toArrays } from './split-digits.ts'
import type { Epoch } from './train.ts'
import { train } from './train.ts'

/** What `--quiet` leaves of a screen. */
function muted(screen: LiveScreen): LiveScreen {
  return { ...screen, live: false, print: () => {} }
}

/** What is known when the network reads as well as it will. */
interface Outcome {
  readonly net: nn.Sequential
  readonly reading: Reading
  readonly history: readonly Epoch[]
}

/** One run from the data file to the report. */
export async function run(options: Options, screen: LiveScreen, signal: AbortSignal): Promise<void> {
  const ctx = await openContext(options.ctx)
  const digits = splitDigits(readDigits(options.data), options.seed)
  const heldBack = toArrays(digits.test, ctx)
  prepareFolder(options.out)
  const outcome = options.load === undefined
    ? await learn(options, toArrays(digits.train, ctx), heldBack, ctx, options.quiet ? muted(screen) : screen, signal)
    : await load(options.load, options, heldBack, ctx, options.quiet ? muted(screen) : screen)
  summarize(outcome, digits.test, options, screen)
}

async function load(file: string, options: Options, heldBack: Batch, ctx: device.Context, screen: LiveScreen): Promise<Outcome> {
  const net = loadNetwork(file, options.hiddenGiven ? options.hidden : undefined, ctx)
  const reading = await evaluate(net, heldBack)
  if (!Number.isFinite(reading.loss)) throw new UserError(`the parameters of ${relativePath(file)} give a loss of ${reading.loss}; train a network anew`)
  screen.print(`Digits: ${heldBack.x.length} held back (seed ${options.seed})`)
  screen.print(`Network: ${describeNetwork(net)} on ${ctx}, from ${relativePath(file)}`)
  return { net, reading, history: [] }
}

async function learn(options: Options, batch: Batch, heldBack: Batch, ctx: device.Context, screen: LiveScreen, signal: AbortSignal): Promise<Outcome> {
  const checkpoint = new Checkpoint(options.out)
  npx.random.seed(options.seed)
  const net = freshNetwork(options.hidden, ctx)
  screen.print(`Digits: ${batch.x.length} to learn from, ${heldBack.x.length} held back (seed ${options.seed})`)
  screen.print(`Network: ${[PIXELS, ...options.hidden, CLASSES].join(' → ')} on ${ctx}`)
  const progress = showProgress(screen, options.epochs, Math.ceil(batch.x.length / options.batchSize))
  let result: Awaited<ReturnType<typeof train>>
  try {
    result = await train(net, batch, heldBack, { ...options, signal }, {
      batch: progress.batch,
      epoch: epoch => {
        checkpoint.save(net, epoch.number)
        progress.epoch(epoch)
      },
    })
  } catch (error) {
    throw error instanceof Interrupted ? new Interrupted(error.signal, checkpoint.toString()) : error
  } finally {
    progress.stop()
  }
  checkpoint.finish(net)
  screen.print(`Saved: ${countParameters(net)} parameters in ${relativePath(checkpoint.target)}`)
  screen.print(await compareTwin(checkpoint.target, result.reading, heldBack, ctx))
  return { net, ...result }
}

/** Rebuilds the network from its file, and has it read the same digits. */
async function compareTwin(file: string, reading: Reading, heldBack: Batch, ctx: device.Context): Promise<string> {
  const twin = await evaluate(loadNetwork(file, undefined, ctx), heldBack)
  const same = twin.predicted.filter((digit, i) => digit === reading.predicted[i]).length
  const difference = twin.scores.reduce((most, score, i) => Math.max(most, Math.abs(score - reading.scores[i]!)), 0)
  const text = `${same} of ${reading.predicted.length} read the same, largest difference ${difference}`
  if (same < reading.predicted.length || difference !== 0) throw new Error(`the network that was loaded from ${relativePath(file)} is another one: ${text}`)
  return `Loaded into a second network: ${text}`
}

function summarize({ net, reading, history }: Outcome, test: Digits, options: Options, screen: LiveScreen): void {
  const misread = misreadOf(reading, test.pixels, test.labels)
  const count = test.labels.length
  if (!options.quiet && misread.length > 0) screen.print(`\n${drawMisread(misread, screen).join('\n')}\n`)
  const page = join(options.out, options.load === undefined ? 'digits.html' : 'digits-evaluation.html')
  const report = renderReport({ settings: settingsOf(options, net, count), history, test: reading, confusion: confusionOf(reading.predicted, test.labels), misread })
  io.writeFile(page, new TextEncoder().encode(report))
  screen.print(`Held back: ${percent(reading.accuracy)} of ${count} digits read right, ${misread.length} misread`)
  screen.print(`Report: ${relativePath(page)}`)
}

function settingsOf(options: Options, net: nn.Sequential, count: number): Record<string, string> {
  const shared = { 'Network': describeNetwork(net), 'Parameters': String(countParameters(net)), 'Digits held back': String(count), 'Seed': String(options.seed), 'Device': `${options.ctx.type}(${options.ctx.index})`, 'Data': relativePath(options.data) }
  if (options.load !== undefined) return { ...shared, 'Loaded from': relativePath(options.load) }
  return { ...shared, 'Optimizer': `Adam, learning rate ${options.lr}`, 'Epochs': String(options.epochs), 'Batch size': String(options.batchSize) }
}
