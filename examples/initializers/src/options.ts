import { fileURLToPath } from 'node:url'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Course } from './travel.ts'
import { ACTIVATIONS } from './travel.ts'
import { UserError } from './user-error.ts'

/** What a run was asked for. */
export interface Options extends Course {
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
  return new Command('initializers')
    .description('Shows how far signals and gradients travel through many layers, for each way of giving weights their first values.')
    .addOption(option('--depth <n>', 'layers, one behind the other', whole(1, 200), 20))
    .addOption(option('--width <n>', 'units of each layer', whole(2, 256), 64))
    .addOption(new Option('--activation <name>', 'what each layer does to its products').choices(Object.keys(ACTIVATIONS)).default('relu'))
    .addOption(option('--seed <n>', 'weights, signals and gradients; the same seed gives the same picture', whole(0, 2 ** 32 - 1), 0))
    .addOption(new Option('--out <folder>', 'where the page goes; created when missing').default(OUT, 'examples/initializers/out'))
    .helpOption('--help', 'show this')
    .addHelpText('after', '\nExample:\n  initializers --depth 50 --activation tanh --seed 7')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {}, getOutHelpWidth: () => 100 })
}

function option(flags: string, description: string, parse: (text: string) => number, value: number): Option {
  return new Option(flags, description).argParser(parse).default(value)
}

function whole(low: number, high: number): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= low && value <= high) return value
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}`)
  }
}
