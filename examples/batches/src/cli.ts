import type { Cli } from '@ashlar-examples/shared/cli'
import { cliOf } from '@ashlar-examples/shared/cli'
import { parseOptions } from './options.ts'
import { run } from './run.ts'

export const cli: Cli = cliOf({ name: 'batches', parseOptions, run, left: 'no page was written' })
