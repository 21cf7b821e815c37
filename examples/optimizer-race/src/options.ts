import { fileURLToPath } from 'node:url'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { UserError } from './errors.ts'
import { relativePath } from './paths.ts'
import type { Racer } from './racers.ts'
import { RACERS } from './racers.ts'

/** What a race was asked for. */
export interface Options {
  /** Steps through the valley. */
  readonly steps: number
  /** How often to go through the digits. */
  readonly epochs: number
  readonly seed: number
  readonly only: readonly Racer[]
  /** Folder of the report. */
  readonly out: string
}

/** A request for help is an answer, not an error. */
export type Request = { readonly help: string } | { readonly options: Options }

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))

/**
 * Reads the command line.
 *
 * @param argv the arguments, without node and the script
 * @throws UserError for what cannot be used, in one line
 */
export function parseOptions(argv: readonly string[]): Request {
  let written = ''
  const command = program(text => (written += text))
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { help: written }
    // A second line of commander's is a guess at what was meant.
    throw new UserError(`${error.message.replace(/^error: /, '').replaceAll(/\.?\n/g, ' ').replace(/\.$/, '')}; --help lists the options`)
  }
  return { options: command.opts<Options>() }
}

function program(write: (text: string) => void): Command {
  return new Command('node tools/run.mjs examples/optimizer-race/src/main.ts')
    .description('Races all optimizers through a curved valley and on handwritten digits, and draws their ways.')
    .addOption(option('--steps <n>', 'steps through the valley', whole(1, 100_000), 200))
    .addOption(option('--epochs <n>', 'how often to go through the digits; 0 leaves them out', whole(0, 10_000), 6))
    .addOption(option('--seed <n>', 'first values and order of the digits; the same seed gives the same race', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--only <names>', 'some of the racers below, such as sgd,adam', racers, RACERS, 'all'))
    .addOption(option('--out <folder>', 'where the report goes; created when missing', path, OUT, relativePath(OUT)))
    .helpOption('--help', 'show this')
    .addHelpText('after', `\nRacers:\n  ${RACERS.map(({ name }) => name).join(', ')}`)
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/optimizer-race/src/main.ts --steps 1000 --only momentum,nag,adam')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {}, getOutHelpWidth: () => 100 })
}

function option<T>(flags: string, description: string, parse: (text: string) => T, value: T, shown: string = String(value)): Option {
  return new Option(flags, description).argParser(parse).default(value, shown)
}

function whole(low: number, high: number): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= low && value <= high) return value
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}`)
  }
}

function racers(text: string): readonly Racer[] {
  const names = new Set(text.split(',').map(name => name.trim().toLowerCase()))
  const unknown = [...names].find(name => !RACERS.some(racer => racer.name.toLowerCase() === name))
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no '${unknown}'; the racers are ${RACERS.map(({ name }) => name).join(', ')}`)
  return RACERS.filter(({ name }) => names.has(name.toLowerCase()))
}

function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a name')
  return text
}
