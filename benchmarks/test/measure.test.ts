import { expect, test } from 'vitest'
import { disagreement } from '../src/arrays.ts'
import type { Candidate } from '../src/candidates.ts'
import { LaneProcess } from '../src/lane/lane.ts'
import { measure, median } from '../src/measure.ts'
import { succeeded } from '../src/report.ts'
import type { Workload } from '../src/workloads.ts'

const strange = (variant: string): Candidate => ({
  name: variant === 'sound' ? 'ashlar' : variant,
  lane: { module: new URL('strange-peer.ts', import.meta.url).href, variant, threads: null, source: true },
})

const workload: Workload = { name: 'something', kind: 'add', arrays: {}, settings: {}, measures: 'time', quick: true }
const effort = { rounds: 2, secondsPerRound: 0.001, warmUpSeconds: 0.001 }

test('a row has those who compute the same, and why others failed', async () => {
  const measured = await measure(workload, ['sound', 'similar', 'absent', 'incapable', 'wrong', 'throws', 'dies'].map(strange), effort)
  expect(Object.keys(measured.cells)).toEqual(['ashlar', 'similar'])
  expect(measured.cells['ashlar']).toMatchObject({ ratio: 1, rounds: [expect.any(Number), expect.any(Number)] })
  expect(measured.failures).toEqual({
    absent: 'Cannot find package',
    wrong: 'computes something else: 2.01 instead of 2.001 (entry 1 of the answer)',
    throws: 'Kernel missing',
    dies: 'its process ended (exit code 3)',
  })
  expect(succeeded({ results: [measured] })).toBe(false)
})

test('peak memory is in bytes, import time in seconds', async () => {
  const memory = await measure({ ...workload, measures: { memoryAfter: 3 } }, [strange('sound')], effort)
  expect(memory.unit).toBe('bytes')
  // No Node runs in less than 10 MB.
  expect(memory.cells['ashlar']!.median).toBeGreaterThan(1e7)
  const start = await measure({ ...workload, kind: 'import', measures: 'import' }, ['sound', 'absent'].map(strange), effort)
  expect(start).toMatchObject({ unit: 'seconds', failures: { absent: 'Cannot find package' } })
  expect(start.cells['ashlar']!.rounds).toHaveLength(2)
  expect(succeeded({ results: [memory, start] })).toBe(true)
})

test('who does not answer is given up', async () => {
  const lane = new LaneProcess(strange('sound').lane, 0)
  await expect(lane.ask('load', strange('sound').lane)).rejects.toThrow('no answer in 0 s')
  await expect(lane.ask('memory', {})).rejects.toThrow('no answer in 0 s')
})

test('answers agree within a thousandth', () => {
  expect(disagreement([1, -200], [1.0009, -200.1])).toBeNull()
  expect(disagreement([1, -200], [1.1, -200])).toBe('1.1 instead of 1 (entry 0 of the answer)')
  // Next to 200, what is below its 1e-5 is nothing.
  expect(disagreement([200, 0], [200, 0.0019])).toBeNull()
  expect(disagreement([200, 0], [200, 0.0021])).not.toBeNull()
  expect(disagreement([1], [NaN])).toBe('NaN instead of 1 (entry 0 of the answer)')
  expect(disagreement([1], [1, 2])).toBe('2 numbers instead of 1')
})

test('the median of an even number is the middle of the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 100]), median([5])]).toEqual([2, 3, 5])
})
