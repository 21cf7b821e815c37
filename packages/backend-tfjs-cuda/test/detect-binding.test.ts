import type { LoadBinding } from '@ashlar/backend-tfjs-cuda'
import { detectBinding } from '@ashlar/backend-tfjs-cuda'
import { describe, expect, it } from 'vitest'

const failing = (message: string, code?: string): LoadBinding => () => Promise.reject(Object.assign(new Error(message), { code }))

/** A module that says where it computes. */
const computing = (backend: string, gpu: boolean): object => ({ getBackend: (): string => backend, backend: (): object => ({ isUsingGpuDevice: gpu }) })

const CASES: readonly [string, LoadBinding, string, RegExp][] = [
  ['the package is absent', failing("Cannot find package '@tensorflow/tfjs-node-gpu'", 'ERR_MODULE_NOT_FOUND'), 'not-installed', /npm install/],
  ['the install script did not run', failing('The Node.js native addon module (tfjs_binding.node) can not\nbe found at path: …'), 'not-built', /npm rebuild/],
  ['a library is missing', failing('libtensorflow.so.2: cannot open shared object file\nmore', 'ERR_DLOPEN_FAILED'), 'missing-library', /CUDA/],
  ['something else', failing('boom'), 'failed', /reinstall/],
  ['a fallback to the CPU', async () => computing('tensorflow', false), 'cpu', /nvidia-smi/],
  ['another tfjs backend', async () => computing('cpu', true), 'cpu', /nvidia-smi/],
  ['a GPU', async () => ({ default: computing('tensorflow', true) }), 'gpu', /^$/],
]

describe('detectBinding', () => {
  it.each(CASES)('%s', async (_, load, state, hint) => {
    const report = await detectBinding(load)
    expect(report.state).toBe(state)
    expect(report.hint).toMatch(hint)
    expect(report.message).not.toContain('\n')
  })

  it('does not throw where the peer is not installed', async () => {
    expect(['not-installed', 'gpu', 'cpu', 'not-built', 'missing-library']).toContain((await detectBinding()).state)
  })
})
