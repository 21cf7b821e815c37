import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cpuBackend } from '@ashlar/backend-cpu'
import type { Backend, Device } from '@ashlar/core'
import { memory, registerBackend, unregisterBackend } from '@ashlar/core'
import type { NDArray } from 'ashlar'
import { autograd, nn } from 'ashlar'
import { afterEach, describe, expect, it } from 'vitest'
import { graphPrograms } from './programs-graphs.ts'
import { trainingPrograms } from './programs-training.ts'
import { difference, setting, train } from './setting.ts'

const BUDGET = 1_000_000
const DEFAULT_BUDGET = 128 * 2 ** 20
const programs = { ...trainingPrograms, ...graphPrograms }

/** The CPU backend as it is, but nothing that was freed is ever used again. */
function freesNothing(): Backend {
  const backend = cpuBackend({ poolBytes: DEFAULT_BUDGET, poison: false })
  return { ...backend, open: (index): Device => ({ ...backend.open(index), free() {} }) }
}

function use(backend: Backend): void {
  unregisterBackend('cpu')
  registerBackend(backend)
}

afterEach(() => use(cpuBackend({ poolBytes: DEFAULT_BUDGET, poison: false })))

describe('programs as people write them', () => {
  it.each(Object.entries(programs))('%s: freed memory is poisoned, the budget a megabyte, and the numbers are the same', async (_, program) => {
    use(freesNothing())
    const expected = await program()
    use(cpuBackend({ poolBytes: BUDGET, poison: true }))
    expect(difference(await program(), expected)).toBe('none')
    expect(expected.length).toBeGreaterThan(10)
    expect(expected.every(Number.isFinite)).toBe(true)
  })

  // In a process of their own: what bigger budgets once made WebAssembly memory grow to, a process keeps.
  it.each(['the plain loop', "a forward of one's own"])('%s stays within its budget over two thousand steps', program => {
    const file = fileURLToPath(new URL('../children/two-thousand-steps.ts', import.meta.url))
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--conditions=source', file, program, String(BUDGET)], { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    expect(Number(stdout)).toBeGreaterThan(0)
    expect(Number(stdout)).toBeLessThanOrEqual(BUDGET)
  })

  it('a promise or a generator from record or forward is refused', () => {
    const s = setting()
    expect(() => autograd.record(() => Promise.resolve(1))).toThrow(/promise/)
    expect(() => autograd.record(function* () { yield 1 })).toThrow(/generator/)
    class Late extends nn.Block {
      override async forward(): Promise<number> { return 1 }
    }
    expect(() => new Late()()).toThrow(/promise/)
    expect(autograd.isRecording()).toBe(false)
    train(s, 0)
  })
})

describe('built-in networks', () => {
  it('have as many live pool buffers after step 1,000 as after step 10', () => {
    use(cpuBackend({ poolBytes: DEFAULT_BUDGET, poison: false }))
    const s = setting()
    // What a program is given (a batch, the output of a call) lives until it is collected: kept here, and too small for the pool.
    const batches = [0, 1, 2, 3].map(step => s.batch(step).map(part => part.get(':16')) as [NDArray, NDArray])
    const after = new Map<number, number>()
    for (let step = 1; step <= 1000; step++) {
      train({ ...s, batch: at => batches[at % 4]! }, step)
      after.set(step, memory().devices['cpu(0)']!.live.buffers)
    }
    expect(after.get(1000)).toBe(after.get(10))
  })
})
