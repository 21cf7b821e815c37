import { cpuBackend } from '@ashlar/backend-cpu'
import type { Backend } from '@ashlar/core'
import { memory, registerBackend, setWarningHandler, unregisterBackend } from '@ashlar/core'
import { simulatedGpus } from '@ashlar/device'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { graphPrograms } from './programs-graphs.ts'
import { trainingPrograms } from './programs-training.ts'
import { difference } from './setting.ts'

const programs = { ...trainingPrograms, ...graphPrograms }
const BUDGET = 1_000_000
/** So little that every program has to move something. */
const SMALL_BUDGET = 40_000
/** The most that one operation makes and brings back: three arrays of 64 by 64 floats, or two of the replay buffer's 300 by 300. */
const oneOperation = (name: string): number => (name.includes('replay') ? 2 * (300 * 300 * 4 + 256) : 3 * (64 * 64 * 4 + 256))
const DEFAULT_POOL = 128 * 2 ** 20

function use(backend: Backend): void {
  unregisterBackend('cpu')
  registerBackend(backend)
}

/** The default device, with memory that is lost unless it is freed, and that cannot be used once it is. */
function useLosing(budgetBytes: number): void {
  const backend = cpuBackend({ poolBytes: DEFAULT_POOL, poison: true })
  use({ ...simulatedGpus(1, { backend, budgetBytes }), name: 'cpu', type: 'cpu', count: Infinity })
}

const counts = (): ReturnType<typeof memory>['devices'][string] => memory().devices['cpu(0)']!

afterEach(() => {
  vi.unstubAllGlobals()
  setWarningHandler()
  use(cpuBackend({ poolBytes: DEFAULT_POOL, poison: false }))
})

describe('programs as people write them, on a device that loses what is not freed', () => {
  it.each(Object.entries(programs))('%s: the numbers are the same within a budget of a megabyte, and within one that moves', async (name, program) => {
    use(cpuBackend({ poolBytes: DEFAULT_POOL, poison: false }))
    const expected = await program()
    for (const budget of [BUDGET, SMALL_BUDGET]) {
      const warnings: string[] = []
      setWarningHandler(message => void warnings.push(message))
      // Without a way to the collector, so that whatever is past the budget moves.
      vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }))
      vi.stubGlobal('gc', undefined)
      useLosing(budget)
      expect(difference(await program(), expected)).toBe('none')
      vi.unstubAllGlobals()
      const { live, moved, peak } = counts()
      expect(live.bytes).toBeLessThanOrEqual(budget)
      expect(peak).toBeLessThanOrEqual(budget + oneOperation(name))
      expect(warnings.length).toBe(moved > 0 ? 1 : 0)
      if (budget === SMALL_BUDGET) expect(moved).toBeGreaterThan(0)
    }
  })

  it.each(['the plain loop', "a forward of one's own"])('%s frees what it drops, where the engine can be asked, and moves nothing', program => {
    const warnings: string[] = []
    setWarningHandler(message => void warnings.push(message))
    useLosing(BUDGET)
    void programs[program]!(60)
    expect([counts().moved, warnings]).toEqual([0, []])
    expect(counts().peak).toBeLessThanOrEqual(BUDGET)
  })
})
