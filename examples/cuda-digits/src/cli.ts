import type { Cli } from '@ashlar-examples/shared/cli'
import { cliOf } from '@ashlar-examples/shared/cli'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { parseOptions } from './options.ts'
import { reasonOf } from './reason.ts'
import { run } from './run.ts'

export const cli: Cli<LiveScreen> = cliOf({ name: 'cuda-digits', parseOptions, run, left: 'nothing was measured', reasonOf })
