import { runMain } from '@ashlar-examples/shared/main'
import { screenOf } from '@ashlar-examples/shared/screen'
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import { cli } from './cli.ts'

registerBackend(cpuBackend())
await runMain(cli, { ...screenOf(process.stdout), columns: process.stdout.columns ?? 100 })
