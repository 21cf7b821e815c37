import { fileURLToPath } from 'node:url'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, option, path, positive, readOptions, whole } from '@ashlar-examples/shared/options'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { DEVICE_TYPES } from './backends.ts'

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

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))
const DATA: string = fileURLToPath(new URL('../data/digits.csv.gz', import.meta.url))

/**
 * Reads the command line.
 *
 * @param argv the arguments, without node and the script
 * @throws UserError for what cannot be used, in one line
 */
export function parseOptions(argv: readonly string[]): Request<Options> {
  return readOptions(argv, {
    commandOf: program,
    optionsOf: command => ({ ...command.opts<Omit<Options, 'hiddenGiven'>>(), hiddenGiven: command.getOptionValueSource('hidden') === 'cli' }),
  })
}

function program(write: (text: string) => void): Command {
  return commandOf('npm run demo --', 'Trains a small network to read handwritten digits, and shows which ones it misreads.', write)
    .addOption(option('--epochs <n>', 'how often to go through the training digits', whole(1, 100_000), 30))
    .addOption(option('--batch-size <n>', 'digits for each step', whole(1, 100_000), 64))
    .addOption(option('--hidden <units>', 'units of the hidden layer; several layers: 128,64', layers, [128], '128'))
    .addOption(option('--lr <rate>', "Adam's learning rate", positive(0.005), 0.005))
    .addOption(option('--seed <n>', 'first values, split and order; the same seed gives the same numbers', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--ctx <device>', 'where to compute, one of the devices below; gpu(1) is the second one', context, { type: 'cpu', index: 0 }, 'cpu'))
    .addOption(option('--out <folder>', 'where the parameters and the report go; created when missing', path, OUT, relativePath(OUT)))
    .addOption(option('--data <file>', 'other digits: .csv or .csv.gz, 64 pixels from 0 to 16 and the label in each line', path, DATA, relativePath(DATA)))
    .addOption(new Option('--load <file>', 'use these parameters instead of training; give the seed they were trained with').argParser(path))
    .addOption(new Option('--quiet', 'print the result alone').default(false, 'off'))
    .addHelpText('after', `\nDevices:\n${Object.entries(DEVICE_TYPES).map(([type, { about }]) => `  ${type.padEnd(18)}  ${about}`).join('\n')}`)
    .addHelpText('after', '\nExample:\n  npm run demo -- --epochs 20 --hidden 128,64 --seed 7 --out my-digits')
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

function context(text: string): ContextName {
  const match = /^([a-z][\w-]*)(?:\((\d{1,4})\))?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('Expected a device such as cpu, gpu or gpu(1)')
  return { type: match[1]!, index: Number(match[2] ?? 0) }
}
