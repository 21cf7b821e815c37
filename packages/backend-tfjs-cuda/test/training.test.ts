import { cpuBackend } from '@ashlar/backend-cpu'
import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { Context, deviceCount, registerBackend, unregisterBackend } from '@ashlar/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NO_NATIVE, nativeBinding } from './native.ts'
import { train } from './train.ts'

const registeredCpu = deviceCount('cpu') === 0

beforeAll(async () => {
  if (registeredCpu) registerBackend(cpuBackend())
  for (const binding of ['cpu', 'wasm'] as const) await registerBackend(tfjsCuda({ binding }))
})
afterAll(() => {
  for (const name of ['tfjs-cpu', 'tfjs-wasm', ...(registeredCpu ? ['cpu'] : [])]) unregisterBackend(name)
})

function expectSameLosses(context: Context): void {
  const expected = train(new Context('cpu'))
  expect(expected.at(-1)).toBeLessThan(expected[0]! / 5)
  train(context).forEach((loss, step) => expect(Math.abs(loss / expected[step]! - 1), `step ${step}`).toBeLessThan(1e-4))
}

it.each(['tfjs-cpu', 'tfjs-wasm'])('trains on %s as on cpu', type => expectSameLosses(new Context(type)))

it('trains on TensorFlow itself as on cpu', async ({ skip }) => {
  const native = await nativeBinding()
  if (native === undefined) return skip(NO_NATIVE)
  const backend = await tfjsCuda({ ...native, allowCpu: true })
  registerBackend({ ...backend, name: 'native', type: 'native' })
  try {
    expectSameLosses(new Context('native'))
  } finally {
    unregisterBackend('native')
  }
})
