import { fileURLToPath } from 'node:url'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, option, path, readOptions, whole } from '@ashlar-examples/shared/options'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { Command } from 'commander'

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

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))

/** Reads the command line. @throws UserError for what cannot be used, in one line */
export const parseOptions = (argv: readonly string[]): Request<Options> => readOptions(argv, { commandOf: program })

function program(write: (text: string) => void): Command {
  return commandOf('node tools/run.mjs examples/two-devices/src/main.ts', 'Divides the rows of a matrix A over several simulated GPUs, has all of them compute their part of AᵀA at once, and draws when each was at work.', write)
    .addOption(option('--gpus <n>', 'how many simulated GPUs', whole(1, 16), 2))
    .addOption(option('--rows <n>', 'rows of A', whole(1, 100_000), 4096))
    .addOption(option('--columns <n>', 'columns of A', whole(1, 512), 128))
    .addOption(option('--products <n>', 'into how many products each GPU divides its rows', whole(1, 100), 4))
    .addOption(option('--seed <n>', 'the elements of A; the same seed gives the same numbers (times differ)', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--out <folder>', 'where the page goes; created when missing', path, OUT, relativePath(OUT)))
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/two-devices/src/main.ts --gpus 3 --products 6 --rows 9000')
}
