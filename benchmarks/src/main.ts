import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs'
import type { Effort, Measured } from './harness.ts'
import { measure } from './harness.ts'
import { addSmall } from './workloads/add.ts'
import { trainMlp } from './workloads/mlp.ts'

const HELP = `Times Ashlar beside its peers, in one run, and prints a table of medians.

  npm run bench [-- --quick]

  --quick   a fraction of the rounds: shows that everything runs, not how fast
  --help    this text`

function row({ workload, seconds }: Measured): Record<string, string> {
  const [[, ours], ...peers] = Object.entries(seconds) as [[string, number], ...[string, number][]]
  const cells: Record<string, string> = { workload, ashlar: format(ours) }
  for (const [name, value] of peers) cells[name] = `${format(value)} (${(value / ours).toFixed(2)} times ours)`
  return cells
}

function format(seconds: number): string {
  return seconds < 1e-3 ? `${(seconds * 1e6).toFixed(2)} µs` : `${(seconds * 1e3).toFixed(2)} ms`
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help === true) return console.log(HELP)
  await tf.setBackend('cpu')
  const effort: Effort = values.quick === true ? { rounds: 1, secondsPerRound: 0.02 } : { rounds: 9, secondsPerRound: 0.3 }
  const workloads = [addSmall, () => trainMlp(20, 256, 10, 2), () => trainMlp(64, 128, 10, 32), () => trainMlp(784, 256, 10, 256)]
  const results = workloads.map(make => measure(make(), effort))
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, date: new Date().toISOString().slice(0, 10) }
  console.table(results.map(row))
  console.log(`Node ${machine.node}, ${machine.cores} cores of ${machine.cpu}, ${machine.date}; tfjs ${tf.version.tfjs}; medians of ${effort.rounds} paired rounds`)
  const folder = fileURLToPath(new URL('../results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}latest.json`, `${JSON.stringify({ machine, effort, results }, null, 2)}\n`)
}

await main()
