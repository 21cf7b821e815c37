import { afterEach, beforeEach, expect } from 'vitest'
import { autograd, getState, listBackends, setState, setWarningHandler, unregisterBackend } from '@ashlar/core'
import type { RandomSnapshot, WarningHandler } from '@ashlar/core'
import { state } from '../../src/state.ts'
import '../backend.ts'

/** What test files of one worker share. */
interface Shared {
  random: RandomSnapshot
  context: unknown
  counters: Map<string, number>
  backends: string[]
  gpus: unknown[] | null
  handler: WarningHandler
}

/**
 * Puts the state of the process back after each test of the file that calls it: modes, contexts, backends, random streams,
 * names and the warning handler. Workers are shared, so a test that leaves a trace could make another file's test fail.
 */
export function cleanState(): void {
  let before: Shared
  beforeEach(() => {
    const handler = setWarningHandler()
    setWarningHandler(handler)
    before = {
      random: getState(),
      context: state.context,
      counters: new Map(state.counters),
      backends: listBackends().map(({ name }) => name),
      gpus: state.gpus,
      handler,
    }
  })
  afterEach(() => {
    const modes = [autograd.isRecording(), autograd.isTraining(), state.tracker, state.scope]
    autograd.setRecording(false)
    autograd.setTraining(false)
    state.tracker = null
    state.scope = null
    state.context = before.context
    for (const { name } of listBackends()) if (!before.backends.includes(name)) unregisterBackend(name)
    state.gpus = before.gpus
    state.counters.clear()
    for (const [name, count] of before.counters) state.counters.set(name, count)
    setState(before.random)
    setWarningHandler(before.handler)
    // Nothing that the library offers may leave these switched, on a throw neither.
    expect(modes).toEqual([false, false, null, null])
  })
}
