import { fileURLToPath } from 'node:url'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { UserError } from './errors.ts'
import { relativePath } from './page.ts'

/** What a run was asked for. */
export interface Options {
  readonly gpus: number
  /** Rows of the matrix, which are divided over the devices. */
  readonly rows: number
  readonly columns: number
  /** Products of each device. */
  readonly products: number
  readonly seed: number
  /** Folder of the page. */
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
  return new Command('node tools/run.mjs examples/two-devices/src/main.ts')
    .description('Divides the rows of a matrix A over several simulated GPUs, has all of them compute their part of AᵀA at once, and draws when each was at work.')
    .addOption(option('--gpus <n>', 'how many simulated GPUs', whole(1, 16), 2))
    .addOption(option('--rows <n>', 'rows of A', whole(1, 100_000), 4096))
    .addOption(option('--columns <n>', 'columns of A', whole(1, 512), 128))
    .addOption(option('--products <n>', 'into how many products each GPU divides its rows', whole(1, 100), 4))
    .addOption(option('--seed <n>', 'the elements of A; the same seed gives the same numbers (times differ)', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--out <folder>', 'where the page goes; created when missing', path, OUT, relativePath(OUT)))
    .helpOption('--help', 'show this')
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/two-devices/src/main.ts --gpus 3 --products 6 --rows 9000')
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

function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a name')
  return text
}
