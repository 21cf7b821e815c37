import { runHereOf, runProcessOf } from '@ashlar-examples/shared/running'
import { cli } from '../src/cli.ts'

export const runProcess = runProcessOf(new URL('../src/main.ts', import.meta.url))
export const runHere = runHereOf(cli)
