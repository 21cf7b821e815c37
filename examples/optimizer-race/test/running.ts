import { runHereOf, runProcessOf } from '@ashlar-examples/shared/running'
import { cpuBackend } from '@ashlar/backend-cpu'
import { getState, registerBackend, setState } from '@ashlar/core'
import { afterEach, beforeEach } from 'vitest'
import { cli } from '../src/cli.ts'

registerBackend(cpuBackend())

export { temporaryFolder } from '@ashlar-examples/shared/running'

/** Puts the random streams back after each test. */
export function keepRandomState(): void {
  let before: ReturnType<typeof getState>
  beforeEach(() => { before = getState() })
  afterEach(() => setState(before))
}

export const runProcess = runProcessOf(new URL('../src/main.ts', import.meta.url))
export const runHere = runHereOf(cli)
