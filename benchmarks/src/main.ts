// `npm run bench`: one table, ours beside the peers'.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findCandidates } from './candidates.ts'
import type { Measured } from './measure.ts'
import { measure } from './measure.ts'
import type { Options } from './options.ts'
import { HELP, OptionsError, readOptions } from './options.ts'
import { page } from './page.ts'
import type { Report } from './report.ts'
import { describeMachine, notes, succeeded, versionsOf } from './report.ts'
import { caption, textTable } from './table.ts'

const LATEST = fileURLToPath(new URL('../results/latest.json', import.meta.url))

async function run({ workloads, names, threads, effort }: Options, args: readonly string[]): Promise<Report> {
  const { present, absent } = await findCandidates(names, threads)
  if (present[0]?.name !== 'ashlar') throw new Error(`Ashlar does not load: ${absent['ashlar']}`)
  const results: Measured[] = []
  for (const [i, workload] of workloads.entries()) {
    // Only for eyes: what is piped is the table.
    if (process.stderr.isTTY) console.error(`${i + 1} of ${workloads.length}: ${workload.name}`)
    results.push(await measure(workload, present, effort))
  }
  const command = ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args.map(quoted)])].join(' ')
  return { machine: describeMachine(), command, effort, threads, versions: versionsOf(present), absent, results }
}

const quoted = (text: string): string => (/^[\w./=:,-]+$/.test(text) ? text : `'${text}'`)

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args, LATEST)
  if (options.show === 'help') return console.log(HELP)
  if (options.show === 'list') return console.log(options.workloads.map(({ name }) => name).join('\n'))
  const report = options.from === null ? await run(options, args) : JSON.parse(readFileSync(options.from, 'utf8')) as Report
  console.log(textTable(report))
  for (const line of ['', caption(report), ...notes(report)]) console.log(line)
  if (options.json !== null) write(options.json, `${JSON.stringify(report, null, 1)}\n`)
  if (options.markdown !== null) write(options.markdown, page(report))
  if (!succeeded(report)) process.exitCode = 1
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof OptionsError ? error.message : error)
  process.exitCode = error instanceof OptionsError ? 2 : 1
}
