import { fileURLToPath } from 'node:url'
import { runHereOf, runProcessOf } from '@ashlar-examples/shared/running'
import { cli } from '../src/cli.ts'

export type { Result } from '@ashlar-examples/shared/running'
export { temporaryFolder } from '@ashlar-examples/shared/running'

export const DATA: string = fileURLToPath(new URL('../data/digits.csv.gz', import.meta.url))

export const runProcess = runProcessOf(new URL('../src/main.ts', import.meta.url))
export const runHere = runHereOf(cli)
