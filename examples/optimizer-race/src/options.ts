import { fileURLToPath } from 'node:url'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, option, path, readOptions, whole } from '@ashlar-examples/shared/options'
import { relativePath } from '@ashlar-examples/shared/paths'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { Racer } from './racers.ts'
import { RACERS } from './racers.ts'

/** What a race was asked for. */
export interface Options {
  /** Steps through the valley. */
  readonly steps: number
  /** How often to go through the digits. */
  readonly epochs: number
  readonly seed: number
  readonly only: readonly Racer[]
  /** Folder of the report. */
  readonly out: string
}

const OUT: string = fileURLToPath(new URL('../out', import.meta.url))

/** Reads the command line. @throws UserError for what cannot be used, in one line */
export const parseOptions = (argv: readonly string[]): Request<Options> => readOptions(argv, { commandOf: program })

function program(write: (text: string) => void): Command {
  return commandOf('node tools/run.mjs examples/optimizer-race/src/main.ts', 'Races all optimizers through a curved valley and on handwritten digits, and draws their ways.', write)
    .addOption(option('--steps <n>', 'steps through the valley', whole(1, 100_000), 200))
    .addOption(option('--epochs <n>', 'how often to go through the digits; 0 leaves them out', whole(0, 10_000), 6))
    .addOption(option('--seed <n>', 'first values and order of the digits; the same seed gives the same race', whole(0, 2 ** 32 - 1), 0))
    .addOption(option('--only <names>', 'some of the racers below, such as sgd,adam', racers, RACERS, 'all'))
    .addOption(option('--out <folder>', 'where the report goes; created when missing', path, OUT, relativePath(OUT)))
    .addHelpText('after', `\nRacers:\n  ${RACERS.map(({ name }) => name).join(', ')}`)
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/optimizer-race/src/main.ts --steps 1000 --only momentum,nag,adam')
}

function racers(text: string): readonly Racer[] {
  const names = new Set(text.split(',').map(name => name.trim().toLowerCase()))
  const unknown = [...names].find(name => !RACERS.some(racer => racer.name.toLowerCase() === name))
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no '${unknown}'; the racers are ${RACERS.map(({ name }) => name).join(', ')}`)
  return RACERS.filter(({ name }) => names.has(name.toLowerCase()))
}
