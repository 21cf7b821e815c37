import type { LoadBinding } from '@ashlar/backend-tfjs-cuda'
import { detectBinding } from '@ashlar/backend-tfjs-cuda'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadBinding } from '../src/detect-binding.ts'

afterEach(() => vi.unstubAllEnvs())

const failing = (message: string, code?: string): LoadBinding => () => Promise.reject(Object.assign(new Error(message), { code }))
const absentAddon = failing('The Node.js native addon module (tfjs_binding.node) can not\nbe found at path: …')
const noLibrary = (text: string): LoadBinding => failing(`${text}\nmore`, 'ERR_DLOPEN_FAILED')

/** A module that says where it computes. */
const computing = (backend: string, gpu: boolean): object => ({ getBackend: (): string => backend, backend: (): object => ({ isUsingGpuDevice: gpu }) })

const CASES: readonly [string, LoadBinding, string, RegExp][] = [
  ['the package is absent', failing("Cannot find package '@tensorflow/tfjs-node-gpu' imported from /x.js", 'ERR_MODULE_NOT_FOUND'), 'not-installed', /npm install --ignore-scripts @tensorflow\/tfjs-node-gpu node-api-headers, then npx ashlar-tfjs-binding --gpu\n.*npm install @tensorflow\/tfjs-node-gpu\n.*binding: 'wasm'/],
  ['it is required, and absent', failing("Cannot find module '@tensorflow/tfjs-node-gpu'\nRequire stack:", 'MODULE_NOT_FOUND'), 'not-installed', /npx ashlar-tfjs-binding --gpu/],
  ['what it depends on is absent', failing("Cannot find module 'google-protobuf'\nRequire stack:", 'MODULE_NOT_FOUND'), 'failed', /^reinstall it: npm install @tensorflow\/tfjs-node-gpu$/],
  ['the install script did not run', absentAddon, 'not-built', /^build it: npx ashlar-tfjs-binding --gpu$/],
  ['libtensorflow is missing', noLibrary('libtensorflow.so.2: cannot open shared object file'), 'missing-library', /^build it again: npx ashlar-tfjs-binding --gpu$/],
  ['a library of CUDA is missing', noLibrary('libcudart.so.11.0: cannot open shared object file'), 'missing-library', /CUDA and cuDNN.*npx ashlar-tfjs-binding --gpu says how/],
  ['the system is too old', noLibrary("/lib/libm.so.6: version `GLIBC_2.99' not found"), 'missing-library', /older than the one that it was built for/],
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
    expect(report.hint.split('\n').length).toBeLessThan(5)
  })

  it('names what hides the GPUs', async () => {
    const load = async (): Promise<object> => computing('tensorflow', false)
    for (const hidden of ['', '-1']) {
      vi.stubEnv('CUDA_VISIBLE_DEVICES', hidden)
      expect((await detectBinding(load)).hint).toContain(`CUDA_VISIBLE_DEVICES=${hidden} hides the GPUs`)
    }
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '1')
    expect((await detectBinding(load)).hint).toContain('nvidia-smi')
  })

  it('names the command for the package that it is', async () => {
    expect((await loadBinding('tfjs-node', absentAddon)).report.hint).toBe('build it: npx ashlar-tfjs-binding')
  })

  it('does not throw where the peer is not installed or built', async () => {
    expect(['not-installed', 'gpu', 'cpu', 'not-built', 'missing-library']).toContain((await detectBinding()).state)
  })
})
