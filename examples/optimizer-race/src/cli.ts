import type { Cli } from '@ashlar-examples/shared/cli'
import { cliOf } from '@ashlar-examples/shared/cli'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { parseOptions } from './options.ts'
import { run } from './run.ts'

export const cli: Cli<LiveScreen> = cliOf({ name: 'optimizer-race', parseOptions, run, left: 'no report was written' })
