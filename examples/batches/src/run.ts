import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { writePage } from '@ashlar-examples/shared/page'
import { prepareFolder, relativePath } from '@ashlar-examples/shared/paths'
import type { Screen } from '@ashlar-examples/shared/screen'
import { wrap } from '@ashlar-examples/shared/screen'
import { cpuBackend } from '@ashlar/backend-cpu'
import { np, registerBackend } from '@ashlar/core'
import { trainTestSplit } from '@ashlar/data'
import { loadDigits } from './digits.ts'
import { drawRow, fitting, rangeOf, scaled } from './draw.ts'
import type { Order, Sizes, Stage } from './lessons.ts'
import { lastBatchesOf, listOf, ordersOf, padded, stagesOf, statisticsOf } from './lessons.ts'
import type { Options } from './options.ts'
import { reportOf } from './report.ts'
import { countsOf, lastBatchLines, orderLines, splitLines } from './tell.ts'
import type { PaddedBatch, Statistics } from './transforms.ts'
import { TRANSFORMS } from './transforms.ts'

/** What a run has found out. */
export interface Findings {
  readonly counts: { readonly train: readonly number[]; readonly test: readonly number[] }
  readonly orders: readonly Order[]
  readonly stages: readonly Stage[]
  readonly labels: readonly number[]
  readonly statistics: { readonly before: Statistics; readonly after: Statistics }
  readonly lastBatches: Readonly<Record<string, readonly Sizes[]>>
  readonly padded: { readonly refusal: string; readonly batch: PaddedBatch }
}

const MARGIN = 14
const SIDE = 8

/** One run from the data file to the page. */
export async function run(options: Options, screen: Screen, signal: AbortSignal): Promise<void> {
  const file = join(options.out, 'batches.html')
  prepareFolder(options.out)
  registerBackend(cpuBackend())
  const { batchSize, seed } = options
  // Ctrl-C gets its turn between two parts.
  const pause = async (): Promise<void> => {
    await setImmediate()
    signal.throwIfAborted()
  }

  const { dataset, labels } = loadDigits(options.only)
  const split = trainTestSplit(labels, { testSize: options.testSize, stratify: true, seed })
  const train = dataset.subset(split.train)
  const counts = { train: countsOf(split.train.map(i => labels[i]!)), test: countsOf(split.test.map(i => labels[i]!)) }
  screen.print(`Digits: ${dataset.length} of ${SIDE} × ${SIDE} pixels; ${train.length} to train with, ${split.test.length} held back (seed ${seed})`)
  for (const line of splitLines(options.only, counts)) screen.print(line)
  await pause()

  const orders = ordersOf(train, batchSize, seed)
  screen.print(`\nOrder: labels of the first batch of ${Math.min(batchSize, train.length)}`)
  for (const line of orderLines(orders, screen.columns)) screen.print(line)
  await pause()

  const before = statisticsOf(train)
  np.random.seed(seed)
  const chain = options.transforms.map(name => [name, TRANSFORMS[name]!.make(before)] as const)
  const { stages, labels: shown } = stagesOf(train, chain, { batchSize, seed })
  screen.print(`\nTransforms: ${options.transforms.join(', then ')}`)
  for (const line of stageLines(stages, shown, options.show, screen)) screen.print(line)
  const after = statisticsOf(train, picture => chain.reduce((result, [, transform]) => transform(result), picture))
  const text = ({ mean, spread }: Statistics): string => `mean ${mean.toFixed(3)}, spread ${spread.toFixed(3)}`
  screen.print(`All pixels: ${text(before)}; transformed: ${text(after)}`)
  await pause()

  const lastBatches = lastBatchesOf(train.length, batchSize, options.epochs)
  screen.print(`\nLast batch: ${train.length} digits by ${batchSize}, ${options.epochs === 1 ? 'one epoch' : `${options.epochs} epochs`}`)
  for (const line of lastBatchLines(lastBatches)) screen.print(line)
  await pause()

  const wide = padded(train, { batchSize, seed })
  screen.print('\nA batchify of your own: the same digits, cut to their ink')
  for (const line of paddedLines(wide, options.show, screen)) screen.print(line)

  const findings = { counts, orders, stages, labels: shown, statistics: { before, after }, lastBatches, padded: wide }
  writePage(file, reportOf(findings, options))
  screen.print(`\nPage: ${relativePath(file)}`)
}

function stageLines(stages: readonly Stage[], labels: readonly number[], most: number, screen: Screen): string[] {
  const count = Math.min(most, labels.length, fitting(screen, MARGIN, SIDE))
  const rows = stages.flatMap(({ name, pictures }) => {
    const drawn = scaled(pictures).slice(0, count).map(pixels => ({ pixels, width: SIDE }))
    const [low, high] = rangeOf(pictures)
    return [...drawRow([name, `${low.toFixed(1)} to ${high.toFixed(1)}`], MARGIN, drawn, screen.colors), '']
  })
  return [...rows, `${'label'.padEnd(MARGIN)}${labels.slice(0, count).map(label => String(label).padEnd(SIDE + 2)).join('').trimEnd()}`]
}

function paddedLines({ refusal, batch: { pictures, widths } }: Findings['padded'], most: number, screen: Screen): string[] {
  const wide = listOf(widths)
  const width = pictures.shape[2]!
  const count = Math.min(most, wide.length, fitting(screen, MARGIN, SIDE))
  const drawn = Array.from({ length: count }, (_, i) => ({ pixels: listOf(pictures.get(i)), width }))
  return [
    ...wrap(`${'stacked'.padEnd(MARGIN)}${refusal}`, screen.columns, MARGIN),
    `${'padded'.padEnd(MARGIN)}pictures (${pictures.shape.join(', ')}), widths (${wide.length},), labels (${wide.length},)`,
    '',
    ...drawRow([], MARGIN, drawn, screen.colors),
    `${'width'.padEnd(MARGIN)}${wide.slice(0, count).map(own => String(own).padEnd(width + 2)).join('').trimEnd()}`,
  ]
}
