import { cliOf } from '@ashlar-examples/shared/cli'
import { runMain } from '@ashlar-examples/shared/main'
import type { LiveScreen } from '@ashlar-examples/shared/screen'
import { parseOptions } from './options.ts'
import { run } from './run.ts'

await runMain(cliOf<Parameters<typeof run>[0], LiveScreen>({ name: 'playground', parseOptions, run, left: 'nothing was written' }))
