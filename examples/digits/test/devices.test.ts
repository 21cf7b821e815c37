import { join } from 'node:path'
import { listBackends, memory, npx, unregisterBackend } from 'ashlar'
import { afterEach, describe, expect, test } from 'vitest'
import { DEVICE_TYPES } from '../src/backends.ts'
import { openContext } from '../src/device.ts'
import { readDigits } from '../src/digits-data.ts'
import { freshNetwork } from '../src/network.ts'
import { splitDigits, toArrays } from '../src/split-digits.ts'
import type { Epoch } from '../src/train.ts'
import { train } from '../src/train.ts'
import { DATA, runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()
const before = listBackends().map(({ name }) => name)

// Other test files share the registry.
afterEach(() => {
  for (const { name } of listBackends()) if (!before.includes(name)) unregisterBackend(name)
})

const digits = splitDigits(readDigits(DATA), 5)

/** Three epochs of a small network on a device, and how many buffers there were after each. */
async function history(type: string): Promise<{ epochs: readonly Epoch[]; buffers: readonly number[] }> {
  const ctx = await openContext({ type, index: 0 })
  const buffers: number[] = []
  npx.random.seed(5)
  const net = freshNetwork([16], ctx)
  const options = { epochs: 3, batchSize: 64, lr: 0.02, seed: 5, signal: new AbortController().signal }
  const { history: epochs } = await train(net, toArrays(digits.train, ctx), toArrays(digits.test, ctx), options, {
    batch: () => {},
    epoch: () => void buffers.push(memory().buffers),
  })
  return { epochs, buffers }
}

describe.each(['tfjs-cpu', 'gpujs-cpu'])('%s', type => {
  test('learns what cpu learns, in memory that stays flat', async () => {
    const [expected, { epochs, buffers }] = [await history('cpu'), await history(type)]
    expect(expected.epochs.at(-1)!.test.accuracy).toBeGreaterThan(0.9)
    for (const [i, { train: learnt, test: heldBack }] of epochs.entries()) {
      expect(Math.abs(learnt.loss / expected.epochs[i]!.train.loss - 1)).toBeLessThan(1e-3)
      // A digit or two.
      expect(Math.abs(heldBack.accuracy - expected.epochs[i]!.test.accuracy) * digits.test.labels.length).toBeLessThan(2.5)
    }
    // What other tests left to the garbage collector may go in between, so fewer is fine.
    expect(buffers[2]).toBeLessThanOrEqual(buffers[0]!)
  })

  test('runs the whole demo, and reads its own file', async () => {
    const { code, out, err } = await runHere(['--ctx', type, '--epochs', '1', '--hidden', '16', '--out', join(folder, type)])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`64 → 16 → 10 on ${type}(0)\n`)
    expect(out).toContain('359 of 359 read the same, largest difference 0\n')
  })
})

test('a device that its backend does not have is refused in one line', async () => {
  const { code, out, err } = await runHere(['--ctx', 'gpujs-cpu(2)', '--out', folder])
  expect(err).toMatch(/^digits: --ctx: there is no device gpujs-cpu\(2\): registered backends: cpu .*\n$/)
  expect([code, out]).toEqual([1, ''])
})

test('--ctx gpu says of each way to a GPU why there is none', async ({ skip }) => {
  // In a process of its own, with TensorFlow's news silenced: where its addon is built, it is loaded.
  const { code, err } = await runProcess(['--ctx', 'gpu', '--epochs', '1', '--out', folder], () => {}, { TF_CPP_MIN_LOG_LEVEL: '3' })
  if (code === 0) return skip('there is a GPU here')
  expect(err).toMatch(/^digits: --ctx: no gpu here: .*tfjs-node-gpu.*, and .*gpu\.js.*\n$/)
})

/** A process in which a package is not installed. */
const without = (name: string): NodeJS.ProcessEnv => {
  const code = `import{registerHooks}from'node:module';registerHooks({resolve(s,c,next){if(s==='${name}')throw Object.assign(new Error('gone'),{code:'ERR_MODULE_NOT_FOUND'});return next(s,c)}})`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
}

test.each([
  ['gpujs-cpu', '@ashlar/backend-gpujs'],
  ['tfjs-wasm', '@ashlar/backend-tfjs-cuda'],
  ['tfjs-wasm', '@tensorflow/tfjs-backend-wasm'],
])('--ctx %s without %s ends in one line, with 1', async (type, name) => {
  const { code, out, err } = await runProcess(['--ctx', type, '--out', folder], () => {}, without(name))
  expect(err).toMatch(/^digits: --ctx: .*\n$/)
  expect(err).toContain(`no ${type} here: ${name} is not installed; see the README of ${DEVICE_TYPES[type]!.sources[0]!.name}`)
  expect([code, out]).toEqual([1, ''])
})
