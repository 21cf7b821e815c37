import { listBackends } from 'ashlar'
import { describe, expect, test } from 'vitest'
import { describeGpus } from '../src/nvidia.ts'
import { bytesText, median, summaryLines, timeText } from '../src/summary.ts'
import type { Result } from '../src/summary.ts'
import { runHere, runProcess } from './running.ts'

const SMALL = ['--batch', '32', '--steps', '12', '--hidden', '16']

async function resultOf(...argv: string[]): Promise<Result> {
  const { code, out, err } = await runHere([...argv, '--json'])
  expect([code, err]).toEqual([0, ''])
  expect(out.trim().split('\n')).toHaveLength(1)
  return JSON.parse(out) as Result
}

/** What a step has to move at the least: pictures and labels, and the loss. */
const needed = (batch: number, picture: number): number => 4 * batch * (picture + 1)

describe.each([['digits', 64, 1210], ['mlp', 784, 12_730]] as const)('%s', (model, picture, parameters) => {
  test.each(['tfjs-wasm', 'tfjs-cpu'])('learns on %s what it learns on cpu', async type => {
    const expected = await resultOf('--model', model, '--ctx', 'cpu', ...SMALL)
    const found = await resultOf('--model', model, '--ctx', type, ...SMALL)
    expect(found).toMatchObject({ model, device: `${type}(0)`, engine: expect.stringContaining('TensorFlow.js in '), parameters, batch: 32, steps: 12 })
    expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-3)
    // A digit or two.
    expect(Math.abs(found.accuracy - expected.accuracy) * 359).toBeLessThan(2.5)
    expect(expected.moved).toBeNull()
    const { step, all } = found.moved!
    expect(step.up).toBeGreaterThanOrEqual(needed(32, picture))
    // The labels once more, and some numbers.
    expect(step.up).toBeLessThan(needed(32, picture) + 1000)
    expect(step.down).toBeGreaterThanOrEqual(4)
    expect(step.down).toBeLessThan(1000)
    expect(all.up).toBeGreaterThan(12 * step.up + 4 * (parameters + 359 * picture))
    expect(found.peakMemory).toBeGreaterThan(4 * 3 * parameters)
    expect(found.stepTime.fastest).toBeLessThanOrEqual(found.stepTime.median)
    expect(listBackends().map(({ name }) => name)).not.toContain(type)
  })
})

test('convolutions learn on tfjs-wasm what they learn on cpu', async () => {
  const argv = ['--model', 'cnn', '--batch', '8', '--steps', '2', '--hidden', '16']
  const [expected, found] = [await resultOf('--ctx', 'cpu', ...argv), await resultOf('--ctx', 'tfjs-wasm', ...argv)]
  // By hand: (25 + 1) · 32 + (25 · 32 + 1) · 64 + (7 · 7 · 64 + 1) · 16 + 17 · 10.
  expect(found.parameters).toBe(102_458)
  expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-3)
})

test('TensorFlow itself learns what cpu learns, and is called what it is', async ({ skip }) => {
  // In a process of its own: a thread may not unload TensorFlow.
  const { code, out, err } = await runProcess(['--ctx', 'tfjs-cpu', '--binding', 'tfjs-node-gpu', ...SMALL, '--json'])
  if (/is not installed|is not there|does not load|computes on a GPU/.test(err)) return skip(err.split('\n')[0]!)
  expect([code, err]).toEqual([0, ''])
  const found = JSON.parse(out) as Result
  expect(found).toMatchObject({ device: 'tfjs-cpu(0)', engine: expect.stringMatching(/^TensorFlow \d+\.\d+\.\d+ on the CPU$/) })
  expect(Math.abs(found.loss / (await resultOf('--ctx', 'cpu', ...SMALL)).loss - 1)).toBeLessThan(1e-3)
})

test('the digits are learnt', async () => {
  const { code, out, err } = await runHere(['--ctx', 'cpu', '--steps', '150'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^Device {3}cpu\(0\): /)
  expect(out).toContain('digits: 64 → 128 → 10; 9,610 parameters\n')
  expect(out).toContain('Digits   1,438 to learn from, 359 held back (seed 0); batches of 64\n')
  expect(out.match(/^step +\d+\/150 {2}loss \d\.\d{4}$/gm)).toHaveLength(11)
  expect(out).toContain('Moved    nothing: the device is the host\n')
  expect(Number(/Result {3}([\d.]+) % of 359/.exec(out)![1])).toBeGreaterThan(93)
})

test('a terminal has a bar', async () => {
  const { drawn, out } = await runHere(['--ctx', 'cpu', ...SMALL], { live: true, columns: 80 })
  expect(drawn).toContain('step 12/12')
  expect(out).not.toMatch(/^step/m)
})

describe('what cannot be', () => {
  test('a GPU that is not there: the cause, what mends it, and where else to go, with exit code 1', async ({ skip }) => {
    const { code, out, err } = await runProcess(['--model', 'cnn'])
    if (code === 0) return skip('there is a GPU here')
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^cuda-digits: --ctx gpu: .*@tensorflow\/tfjs-node-gpu.*\n( {2}.*\n){1,4} {2}elsewhere: --ctx cpu, --ctx tfjs-cpu, --ctx tfjs-wasm\n$/)
    expect(err).not.toMatch(/^\s+at /m)
  })

  test('a device that is one too many', async () => {
    const { code, err } = await runHere(['--ctx', 'tfjs-wasm(3)'])
    expect(code).toBe(1)
    expect(err).toMatch(/^cuda-digits: --ctx tfjs-wasm\(3\): there is no device tfjs-wasm\(3\).*\n$/)
    expect(listBackends().map(({ name }) => name)).not.toContain('tfjs-wasm')
  })

  test('steps that are too large', async () => {
    const { code, err } = await runHere(['--ctx', 'cpu', ...SMALL, '--lr', '1e30'])
    expect(code).toBe(1)
    expect(err).toMatch(/^cuda-digits: the loss is \S+ after step \d+: the steps are too large; try an --lr below 1e\+30\n$/)
  })

  test('Ctrl-C ends a long run in one line', async () => {
    let sent = false
    const { code, err } = await runProcess(['--ctx', 'cpu', '--steps', '1000000'], (text, kill) => {
      if (sent || !text.includes('step ')) return
      sent = true
      kill('SIGINT')
    })
    expect(code).toBe(130)
    expect(err).toMatch(/^cuda-digits: stopped by Ctrl-C; \d+ of 1000000 steps were done\n$/)
  })
})

test('numbers as text', () => {
  expect([3, 1, 2].map((_, i, all) => median(all.slice(i)))).toEqual([2, 1.5, 2])
  expect([4, 999, 16_640, 3_215_360].map(bytesText)).toEqual(['4 B', '999 B', '16.6 kB', '3.22 MB'])
  expect([0.01234, 999.4, 1234].map(timeText)).toEqual(['0.0123 ms', '999 ms', '1.23 s'])
  const result = { batch: 100, stepTime: { median: 2, fastest: 1, slowest: 9, first: 9 }, moved: { step: { up: 10, down: 4 }, all: { up: 2000, down: 40 } }, peakMemory: 5e6 } as Result
  expect(summaryLines(result)).toEqual([
    'Step     median 2.00 ms, from 1.00 ms to 9.00 ms, the first 9.00 ms; 50,000 digits a second',
    'Moved    each step 10 B to the device and 4 B back',
    '         in all    2.00 kB to the device and 40 B back',
    'Memory   5.00 MB of arrays on the device at most',
  ])
})

test('a GPU without nvidia-smi has no name', async () => {
  expect(await describeGpus('no-such-program')).toBe('a GPU that nvidia-smi does not name')
})
