import { fileURLToPath } from 'node:url'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, number, option, path, readOptions, whole } from '@ashlar-examples/shared/options'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
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

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))

/** Reads the command line. @throws UserError for what cannot be used, in one line */
export const parseOptions = (argv: readonly string[]): Request<Options> => readOptions(argv, { commandOf: program })

function program(write: (text: string) => void): Command {
  return commandOf('node tools/run.mjs examples/batches/src/main.ts', 'Shows what datasets and loaders do with 1,797 handwritten digits: splits, orders, transforms, last batches and a batchify of one\'s own.', write)
    .addOption(option('--only <digits>', 'take these kinds of digits alone', kinds, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'all'))
    .addOption(option('--test-size <share>', 'the share of the digits that is held back', number(0.01, 0.99), 0.2))
    .addOption(option('--batch-size <n>', 'digits of a batch', whole(1, 100_000), 64))
    .addOption(option('--transforms <list>', 'what happens to a digit when it is read, in this order; see below', transforms, ['shift', 'noise', 'normalise'], 'shift,noise,normalise'))
    .addOption(option('--show <n>', 'digits to draw in the terminal, where they fit', whole(1, 100), 6))
    .addOption(option('--epochs <n>', 'epochs to count last batches for', whole(1, 10), 3))
    .addOption(option('--seed <n>', 'split, order and random transforms; the same seed gives the same', whole(0, 2 ** 32 - 2), 0))
    .addOption(option('--out <folder>', 'where the page goes; created when missing', path, OUT, relativePath(OUT)))
    .addHelpText('after', `\nTransforms:\n${Object.entries(TRANSFORMS).map(([name, { about }]) => `  ${name.padEnd(20)}  ${about}`).join('\n')}`)
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/batches/src/main.ts --only 3,8 --transforms flip,invert --seed 7')
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
