import { fileURLToPath } from 'node:url'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, number, option, path, positive, readOptions, whole } from '@ashlar-examples/shared/options'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

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

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))

/** Reads the command line. @throws UserError for what cannot be used, in one line */
export const parseOptions = (argv: readonly string[]): Request<Options> => readOptions(argv, { commandOf: program })

function program(write: (text: string) => void): Command {
  return commandOf('node tools/run.mjs examples/regression/src/main.ts', 'Fits polynomials to noisy points by gradient descent, with arrays and autograd alone, and compares them with least squares.', write)
    .addOption(option('--points <n>', 'how many points', whole(10, 10_000), 60))
    .addOption(option('--noise <size>', 'standard deviation of what is added to y', number(0, 100), 0.2))
    .addOption(option('--degrees <list>', 'the highest power of each polynomial, up to four of them', degrees, [1, 3], '1,3'))
    .addOption(option('--steps <n>', 'steps of the descent', whole(1, 1_000_000), 1000))
    .addOption(option('--lr <rate>', 'how far a step goes, as a multiple of the gradient', positive(0.5), 0.5))
    .addOption(option('--seed <n>', 'points and noise; the same seed gives the same numbers', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--out <folder>', 'where the page goes; created when missing', path, OUT, relativePath(OUT)))
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/regression/src/main.ts --degrees 1,2,5 --noise 0.5 --seed 7')
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
