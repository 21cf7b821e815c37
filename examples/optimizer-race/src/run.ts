import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { prepareFolder, relativePath } from '@ashlar-examples/shared/paths'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { learn, openTrack } from './digits.ts'
import type { Learned } from './digits.ts'
import type { Options } from './options.ts'
import { showProgress } from './progress.ts'
import { RATES } from './racers.ts'
import { renderReport } from './report.ts'
import { ARRIVED, digitsTable, valleyTable } from './tables.ts'
import { race } from './valley.ts'
import type { Way } from './valley.ts'

/** Both races, from the start to the report. */
export async function run(options: Options, screen: LiveScreen, signal: AbortSignal): Promise<void> {
  prepareFolder(options.out)
  const ways = await throughValley(options, screen, signal)
  screen.print(`The valley: ${options.steps} steps, each racer with the best of ${RATES.length} learning rates; from which step on it stays below ${ARRIVED}\n`)
  for (const line of valleyTable(ways, screen.columns)) screen.print(line)
  const learned = await onDigits(options, screen, signal)
  if (learned.length > 0) {
    screen.print(`\nThe digits: ${options.epochs} epochs, seed ${options.seed}\n`)
    for (const line of digitsTable(learned, screen.columns)) screen.print(line)
  }
  const page = join(options.out, 'optimizer-race.html')
  writeFileSync(page, renderReport({ ways, learned, steps: options.steps, epochs: options.epochs, seed: options.seed }))
  screen.print(`\nReport: ${relativePath(page)}`)
}

async function throughValley({ only, steps, seed }: Options, screen: LiveScreen, signal: AbortSignal): Promise<Way[]> {
  const attempts = only.reduce((sum, { rate }) => sum + (rate === null ? 1 : RATES.length), 0)
  const progress = showProgress(screen, 'valley', attempts)
  const ways: Way[] = []
  try {
    for (const racer of only) {
      progress.racer(racer.name)
      ways.push(await race(racer, steps, seed, () => breathe(progress.tick, signal)))
    }
    return ways
  } finally {
    progress.stop()
  }
}

async function onDigits({ only, epochs, seed }: Options, screen: LiveScreen, signal: AbortSignal): Promise<Learned[]> {
  if (epochs === 0) return []
  const track = openTrack(seed)
  const progress = showProgress(screen, 'digits', only.length * epochs * track.batches)
  const learned: Learned[] = []
  try {
    for (const racer of only) {
      progress.racer(racer.name)
      learned.push(await learn(racer, track, epochs, seed, () => breathe(progress.tick, signal)))
    }
    return learned
  } finally {
    progress.stop()
  }
}

/** Signals and the progress bar get their turn here. */
async function breathe(tick: () => void, signal: AbortSignal): Promise<void> {
  tick()
  await setImmediate()
  signal.throwIfAborted()
}
