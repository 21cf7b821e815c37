import { fileURLToPath } from 'node:url'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { UserError } from './errors.ts'
import { relativePath } from './page.ts'
import { TRANSFORMS } from './transforms.ts'

/** What a run was asked for. */
export interface Options {
  /** The kinds of digits to take. */
  readonly only: readonly number[]
  /** The share of the digits that is held back. */
  readonly testSize: number
  readonly batchSize: number
  /** Names of transforms, in their order. */
  readonly transforms: readonly string[]
  /** How many digits to draw in the terminal. */
  readonly show: number
  /** For how many epochs to count last batches. */
  readonly epochs: number
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
  return new Command('node tools/run.mjs examples/batches/src/main.ts')
    .description('Shows what datasets and loaders do with 1,797 handwritten digits: splits, orders, transforms, last batches and a batchify of one\'s own.')
    .addOption(option('--only <digits>', 'take these kinds of digits alone', kinds, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'all'))
    .addOption(option('--test-size <share>', 'the share of the digits that is held back', number(0.01, 0.99), 0.2))
    .addOption(option('--batch-size <n>', 'digits of a batch', whole(1, 100_000), 64))
    .addOption(option('--transforms <list>', 'what happens to a digit when it is read, in this order; see below', transforms, ['shift', 'noise', 'normalise'], 'shift,noise,normalise'))
    .addOption(option('--show <n>', 'digits to draw in the terminal, where they fit', whole(1, 100), 6))
    .addOption(option('--epochs <n>', 'epochs to count last batches for', whole(1, 10), 3))
    .addOption(option('--seed <n>', 'split, order and random transforms; the same seed gives the same', whole(0, 2 ** 32 - 2), 0))
    .addOption(option('--out <folder>', 'where the page goes; created when missing', path, OUT, relativePath(OUT)))
    .helpOption('--help', 'show this')
    .addHelpText('after', `\nTransforms:\n${Object.entries(TRANSFORMS).map(([name, { about }]) => `  ${name.padEnd(20)}  ${about}`).join('\n')}`)
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/batches/src/main.ts --only 3,8 --transforms flip,invert --seed 7')
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

function number(low: number, high: number): (text: string) => number {
  return text => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value >= low && value <= high) return value
    throw new InvalidArgumentError(`Expected a number from ${low} to ${high}`)
  }
}

function kinds(text: string): readonly number[] {
  const parts = text.split(',').map(part => part.trim())
  if (parts.every(part => /^\d$/.test(part)) && new Set(parts).size === parts.length) return parts.map(Number)
  throw new InvalidArgumentError('Expected different digits from 0 to 9, such as 3,8')
}

function transforms(text: string): readonly string[] {
  const parts = text.split(',').map(part => part.trim())
  if (parts.length <= 8 && parts.every(part => Object.hasOwn(TRANSFORMS, part))) return parts
  throw new InvalidArgumentError(`Expected 1 to 8 of ${Object.keys(TRANSFORMS).join(', ')}, such as shift,normalise`)
}

function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a name')
  return text
}
