import { collectCases } from '@ashlar/backend-kit'
import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { expect, it } from 'vitest'
import { nativeBinding } from './native.ts'

it('passes the kit on TensorFlow itself', { timeout: 120_000 }, async ({ skip }) => {
  const native = await nativeBinding()
  if (native === undefined) return skip('neither tfjs-node-gpu nor tfjs-node is installed here')
  const device = (await tfjsCuda({ ...native, allowCpu: true })).open(0)
  const failed: string[] = []
  for (const { name, appliesTo, run } of collectCases()) {
    if (appliesTo(device.capabilities)) await run(device).catch(() => failed.push(name))
  }
  expect(failed).toEqual([])
})
