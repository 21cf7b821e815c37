import { fileURLToPath } from 'node:url'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { UserError } from './errors.ts'
import { relativePath } from './page.ts'

/** What a run was asked for. */
export interface Options {
  readonly points: number
  /** Standard deviation of what is added to y. */
  readonly noise: number
  /** Of each polynomial the highest power. */
  readonly degrees: readonly number[]
  readonly steps: number
  readonly lr: number
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
  return new Command('node tools/run.mjs examples/regression/src/main.ts')
    .description('Fits polynomials to noisy points by gradient descent, with arrays and autograd alone, and compares them with least squares.')
    .addOption(option('--points <n>', 'how many points', whole(10, 10_000), 60))
    .addOption(option('--noise <size>', 'standard deviation of what is added to y', number(0, 100), 0.2))
    .addOption(option('--degrees <list>', 'the highest power of each polynomial, up to four of them', degrees, [1, 3], '1,3'))
    .addOption(option('--steps <n>', 'steps of the descent', whole(1, 1_000_000), 1000))
    .addOption(option('--lr <rate>', 'how far a step goes, as a multiple of the gradient', rate, 0.5))
    .addOption(option('--seed <n>', 'points and noise; the same seed gives the same numbers', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--out <folder>', 'where the page goes; created when missing', path, OUT, relativePath(OUT)))
    .helpOption('--help', 'show this')
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/regression/src/main.ts --degrees 1,2,5 --noise 0.5 --seed 7')
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

function rate(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('Expected a number above 0, such as 0.5')
}

/** Ten points are the fewest, and settle no more than ten coefficients. */
const degreeOf: (text: string) => number = whole(1, 9)

function degrees(text: string): readonly number[] {
  const parts = text.split(',').map(part => part.trim())
  try {
    if (parts.length <= 4 && new Set(parts).size === parts.length) return parts.map(degreeOf)
  } catch {
    // Said below, for the list as a whole.
  }
  throw new InvalidArgumentError('Expected 1 to 4 different whole numbers from 1 to 9, such as 1,3')
}

function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a name')
  return text
}
