import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { UserError } from './errors.ts'

/** What a command line asks for. A request for help is an answer, not an error. */
export type Request<Options> = { readonly help: string } | { readonly options: Options }

/** A command that leaves the process alone, and hands what it prints to `write`. */
export function commandOf(name: string, description: string, write: (text: string) => void): Command {
  return new Command(name)
    .description(description)
    .helpOption('--help', 'show this')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {}, getOutHelpWidth: () => 100 })
}

/** How a command line is read. */
export interface Reading<Options> {
  /** Makes the command, whose output goes to `write`. */
  readonly commandOf: (write: (text: string) => void) => Command
  /** What the command has found. */
  readonly optionsOf?: (command: Command) => Options
  /** What --help helps with. */
  readonly help?: string
  /** What the program ends with for a command line that cannot be used. */
  readonly exitCode?: number
}

/**
 * Reads the command line.
 *
 * @param argv the arguments, without node and the script
 * @throws UserError for what cannot be used, in one line
 */
export function readOptions<Options>(argv: readonly string[], { commandOf: make, optionsOf = command => command.opts() as Options, help = '--help lists the options', exitCode = 1 }: Reading<Options>): Request<Options> {
  let written = ''
  const command = make(text => (written += text))
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { help: written }
    // A second line of commander's is a guess at what was meant.
    throw new UserError(`${error.message.replace(/^error: /, '').replaceAll(/\.?\n/g, ' ').replace(/\.$/, '')}; ${help}`, { exitCode })
  }
  return { options: optionsOf(command) }
}

/** An option that takes a value, and its default. */
export function option<T>(flags: string, description: string, parse: (text: string) => T, value: T, shown: string = String(value)): Option {
  return new Option(flags, description).argParser(parse).default(value, shown)
}

/** Reads a whole number from `low` to `high`. */
export function whole(low: number, high: number): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= low && value <= high) return value
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}`)
  }
}

/** Reads a number from `low` to `high`. */
export function number(low: number, high: number): (text: string) => number {
  return text => {
    const value = numberOf(text)
    if (value >= low && value <= high) return value
    throw new InvalidArgumentError(`Expected a number from ${low} to ${high}`)
  }
}

/** Reads a finite number above 0. */
export function positive(example: number): (text: string) => number {
  return text => {
    const value = numberOf(text)
    if (value > 0 && Number.isFinite(value)) return value
    throw new InvalidArgumentError(`Expected a number above 0, such as ${example}`)
  }
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

/** Reads the name of a file or a folder. */
export function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a name')
  return text
}
