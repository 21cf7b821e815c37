import { runMain } from '@ashlar-examples/shared/main'
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import { cli } from './cli.ts'

registerBackend(cpuBackend())
await runMain(cli)
