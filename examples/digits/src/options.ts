import { fileURLToPath } from 'node:url'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { DEVICE_TYPES } from './backends.ts'
import { relativePath } from './paths.ts'
import { UserError } from './user-error.ts'

/** What a run was asked for. */
export interface Options {
  readonly epochs: number
  readonly batchSize: number
  /** Units of each hidden layer. */
  readonly hidden: readonly number[]
  readonly lr: number
  readonly seed: number
  readonly ctx: ContextName
  /** Folder of what a run leaves behind. */
  readonly out: string
  readonly data: string
  /** Parameters to use instead of training. */
  readonly load?: string
  readonly quiet: boolean
  /** Whether the layers were asked for, rather than left to the default or to the file of `--load`. */
  readonly hiddenGiven: boolean
}

/** A device as its name reads: `gpu(1)`. */
export interface ContextName {
  readonly type: string
  readonly index: number
}

/** A request for help is an answer, not an error. */
export type Request = { readonly help: string } | { readonly options: Options }

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))
const DATA: string = fileURLToPath(new URL('../data/digits.csv.gz', import.meta.url))

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
  const values = command.opts<Omit<Options, 'hiddenGiven'>>()
  return { options: { ...values, hiddenGiven: command.getOptionValueSource('hidden') === 'cli' } }
}

function program(write: (text: string) => void): Command {
  return new Command('npm run demo --')
    .description('Trains a small network to read handwritten digits, and shows which ones it misreads.')
    .addOption(option('--epochs <n>', 'how often to go through the training digits', whole(1, 100_000), 30))
    .addOption(option('--batch-size <n>', 'digits for each step', whole(1, 100_000), 64))
    .addOption(option('--hidden <units>', 'units of the hidden layer; several layers: 128,64', layers, [128], '128'))
    .addOption(option('--lr <rate>', "Adam's learning rate", rate, 0.005))
    .addOption(option('--seed <n>', 'first values, split and order; the same seed gives the same numbers', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--ctx <device>', 'where to compute, one of the devices below; gpu(1) is the second one', context, { type: 'cpu', index: 0 }, 'cpu'))
    .addOption(option('--out <folder>', 'where the parameters and the report go; created when missing', path, OUT, relativePath(OUT)))
    .addOption(option('--data <file>', 'other digits: .csv or .csv.gz, 64 pixels from 0 to 16 and the label in each line', path, DATA, relativePath(DATA)))
    .addOption(new Option('--load <file>', 'use these parameters instead of training; give the seed they were trained with').argParser(path))
    .addOption(new Option('--quiet', 'print the result alone').default(false, 'off'))
    .helpOption('--help', 'show this')
    .addHelpText('after', `\nDevices:\n${Object.entries(DEVICE_TYPES).map(([type, { about }]) => `  ${type.padEnd(18)}  ${about}`).join('\n')}`)
    .addHelpText('after', '\nExample:\n  npm run demo -- --epochs 20 --hidden 128,64 --seed 7 --out my-digits')
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

/** As many units as a laptop holds: a slip of the keyboard must not ask for terabytes. */
const unitsOf: (text: string) => number = whole(1, 4096)

function layers(text: string): readonly number[] {
  const parts = text.split(',').map(part => part.trim())
  try {
    if (parts.length <= 8) return parts.map(unitsOf)
  } catch {
    // Said below, for the list as a whole.
  }
  throw new InvalidArgumentError('Expected 1 to 8 whole numbers from 1 to 4096, such as 128 or 128,64')
}

function rate(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('Expected a number above 0, such as 0.005')
}

function context(text: string): ContextName {
  const match = /^([a-z][\w-]*)(?:\((\d{1,4})\))?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('Expected a device such as cpu, gpu or gpu(1)')
  return { type: match[1]!, index: Number(match[2] ?? 0) }
}

function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a name')
  return text
}
