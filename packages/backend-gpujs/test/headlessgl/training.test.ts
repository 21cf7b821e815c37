import { cpuBackend } from '@ashlar/backend-cpu'
import { gpujs } from '@ashlar/backend-gpujs'
import { Context, listBackends, registerBackend, unregisterBackend } from '@ashlar/core'
import { afterAll, expect, it } from 'vitest'
import { losses } from '../support/scenarios.ts'

const before = listBackends().map(({ name }) => name)
registerBackend(cpuBackend())
afterAll(() => {
  for (const { name } of listBackends()) if (!before.includes(name)) unregisterBackend(name)
})

it('training on headless GL has the losses of backend-cpu', async () => {
  await registerBackend(gpujs({ mode: 'headlessgl' }))
  const expected = await losses(new Context('cpu', 0), 20)
  const actual = await losses(new Context('gpu', 0), 20)
  expect(expected.at(-1)!).toBeLessThan(expected[0]! / 3)
  actual.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThanOrEqual(1e-4 * expected[i]!))
})
