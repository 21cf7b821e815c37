import { runHereOf, runProcessOf } from '@ashlar-examples/shared/running'
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import { cli } from '../src/cli.ts'

registerBackend(cpuBackend())

export { temporaryFolder } from '@ashlar-examples/shared/running'

export const runProcess = runProcessOf(new URL('../src/main.ts', import.meta.url))
export const runHere = runHereOf(cli)
