import { detectBinding, tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { expect, it } from 'vitest'
import { NO_NATIVE, nativeBinding } from './native.ts'

it('TensorFlow itself, loaded here, is what it says', async ({ skip }) => {
  const native = await nativeBinding()
  if (native?.load === undefined) return skip(NO_NATIVE)
  const backend = await tfjsCuda({ ...native, allowCpu: true })
  const { state } = await detectBinding(native.load)
  expect([backend.type, backend.name]).toEqual(state === 'gpu' ? ['gpu', 'tfjs-cuda'] : ['tfjs-cpu', 'tfjs-cpu'])
  expect(process.env['TF_FORCE_GPU_ALLOW_GROWTH']).toBe('true')
  if (state === 'cpu') await expect(tfjsCuda({ ...native, binding: 'tfjs-node-gpu' })).rejects.toThrow(/computes on the CPU; .*allowCpu: true/)
  await expect(tfjsCuda({ ...native, threads: 77 })).rejects.toThrow(/threads: 77 comes too late: TensorFlow runs in this process already/)
})
