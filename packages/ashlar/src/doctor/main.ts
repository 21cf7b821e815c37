#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { advise } from './advice.ts'
import { print } from './print.ts'

const HELP = `Usage: ashlar doctor [options]

Says what Ashlar found on this machine, what it uses of that, and what would make it faster.

  --json   the same as JSON
  --help   this text

Environment:
  ASHLAR_BLAS=path|off   the native BLAS to use, or none
  ASHLAR_THREADS=n       how many threads to use
`

/** Runs the command line; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const { values: { json, help }, positionals: [command = 'help', ...rest] } = parsed
  if (help === true || (command === 'help' && rest.length === 0)) {
    process.stdout.write(HELP)
    return 0
  }
  if (command !== 'doctor' || rest.length > 0) return refuse(`There is no command ${JSON.stringify([command, ...rest].join(' '))}.`)
  const { find } = await import('./find.ts')
  const found = await find()
  const advice = advise(found)
  process.stdout.write(json === true ? `${JSON.stringify({ ...found, advice }, null, 2)}\n` : print(found, advice))
  return 0
}

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n\n${HELP}`)
  return 1
}

process.exitCode = await main(process.argv.slice(2))
