import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, readOptions } from '@ashlar-examples/shared/options'
import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { Pattern, Renaming } from './names.ts'
import { patternOf, renamingOf } from './names.ts'

/** Dtypes that parameters are trained in. */
const DTYPES = ['float32', 'float64', 'float16', 'bfloat16'] as const
export type FloatDType = (typeof DTYPES)[number]

export interface ListRequest {
  readonly command: 'list'
  readonly files: readonly string[]
  readonly maxBytes?: number
}

export interface ConvertRequest {
  readonly command: 'convert'
  readonly input: string
  readonly output: string
  /** Only arrays of these names; all of them without any. */
  readonly only: readonly Pattern[]
  readonly rename: readonly Renaming[]
  readonly dtype?: FloatDType
  readonly compress: boolean
  readonly metadata: Readonly<Record<string, string>>
  /** Whether a file that is there may be replaced. */
  readonly force: boolean
  readonly maxBytes?: number
}

/** What is to be done. */
export type Task = ListRequest | ConvertRequest

/**
 * Reads the command line.
 *
 * @param argv the arguments, without node and the script
 * @throws UserError for what cannot be used, in one line
 */
export function parseOptions(argv: readonly string[]): Request<Task> {
  let task: Task | undefined
  return readOptions(argv.length === 0 ? ['--help'] : argv, {
    commandOf: write => program(write, found => (task = found)),
    optionsOf: () => task!,
    help: '--help lists commands and options',
    exitCode: 2,
  })
}

function program(write: (text: string) => void, take: (task: Task) => void): Command {
  const root = commandOf('parameter-files', 'Lists and converts parameter files: .params (MXNet), .npz and .npy (NumPy), .safetensors; reads .pt (PyTorch).', write)
    .helpOption('--help', 'show this; after a command, show its options')
    .helpCommand(false)
  root.command('list <files...>')
    .description('print what the files hold: names, shapes, dtypes, sizes')
    .addOption(maxBytes())
    .action((files: string[], options: Omit<ListRequest, 'command' | 'files'>) => take({ command: 'list', files, ...options }))
  root.command('convert <in> <out>')
    .description('write what a file holds as another; the extension of <out> picks the format')
    .addOption(new Option('--rename <a=b>', 'give an array another name; one * on either side stands for any text: --rename "net.*=*"; may come several times').argParser(collect(renamingOf)).default([], 'none'))
    .addOption(new Option('--only <name>', 'only this array, or those that a * matches; may come several times').argParser(collect(patternOf)).default([], 'all'))
    .addOption(new Option('--dtype <dtype>', 'cast floating arrays; integers and bools stay as they are').choices(DTYPES))
    .addOption(new Option('--metadata <a=b>', 'a text for a .safetensors file to carry; may come several times').argParser(addPair).default({}, 'what <in> carries'))
    .addOption(new Option('--compress', 'pack the members of an .npz file').default(false, 'off'))
    .addOption(new Option('--force', 'replace <out> where it is there already').default(false, 'off'))
    .addOption(maxBytes())
    .action((input: string, output: string, options: Omit<ConvertRequest, 'command' | 'input' | 'output'>) => take({ command: 'convert', input, output, ...options }))
  for (const command of root.commands) command.helpOption('--help', 'show this').allowExcessArguments(false)
  return root.addHelpText('after', `
Examples:
  parameter-files list mlp.params
  parameter-files convert mlp.params mlp.safetensors --dtype float16
  parameter-files convert torch.pt mlp.params --only "model.*" --rename "model.*=*"`)
}

function maxBytes(): Option {
  return new Option('--max-bytes <n>', 'how large a packed file may become (default 32 times its size, 256 MiB at least)').argParser((text: string) => {
    if (/^\d{1,15}$/.test(text)) return Number(text)
    throw new InvalidArgumentError('Expected a whole number of bytes')
  })
}

function collect<T>(parse: (text: string) => T | null): (text: string, before: readonly T[]) => readonly T[] {
  return (text, before) => {
    const value = parse(text)
    if (value === null) throw new InvalidArgumentError('Expected a name with one * at most, or two with = between them')
    return [...before, value]
  }
}

function addPair(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Expected a name and a text with = between them')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
