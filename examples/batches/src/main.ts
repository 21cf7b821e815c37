import { runMain } from '@ashlar-examples/shared/main'
import { cli } from './cli.ts'

await runMain(cli)
