import { fileURLToPath } from 'node:url'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, option, readOptions, whole } from '@ashlar-examples/shared/options'
import type { Command } from 'commander'
import { Option } from 'commander'
import type { Course } from './travel.ts'
import { ACTIVATIONS } from './travel.ts'

/** What a run was asked for. */
export interface Options extends Course {
  /** Folder of the page. */
  readonly out: string
}

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))

/** Reads the command line. @throws UserError for what cannot be used, in one line */
export const parseOptions = (argv: readonly string[]): Request<Options> => readOptions(argv, { commandOf: program })

function program(write: (text: string) => void): Command {
  return commandOf('initializers', 'Shows how far signals and gradients travel through many layers, for each way of giving weights their first values.', write)
    .addOption(option('--depth <n>', 'layers, one behind the other', whole(1, 200), 20))
    .addOption(option('--width <n>', 'units of each layer', whole(2, 256), 64))
    .addOption(new Option('--activation <name>', 'what each layer does to its products').choices(Object.keys(ACTIVATIONS)).default('relu'))
    .addOption(option('--seed <n>', 'weights, signals and gradients; the same seed gives the same picture', whole(0, 2 ** 32 - 1), 0))
    .addOption(new Option('--out <folder>', 'where the page goes; created when missing').default(OUT, 'examples/initializers/out'))
    .addHelpText('after', '\nExample:\n  initializers --depth 50 --activation tanh --seed 7')
}
