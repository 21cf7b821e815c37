import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { allowGrowth, restoreUtil } from '../src/environment.ts'
import { setThreads } from '../src/threads.ts'

// Other tests of this process may have loaded it.
beforeEach(() => void vi.stubGlobal('_tfengine', undefined))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

/** A process of our own making: what is set there, and whether it is the main thread. */
function stubProcess(main: boolean, env: Record<string, string> = {}): Record<string, string | undefined> {
  const modules: Record<string, Record<string, unknown>> = { worker_threads: { isMainThread: main }, util: {} }
  vi.stubGlobal('process', { env, getBuiltinModule: (name: string) => modules[name] })
  return env
}

describe('before TensorFlow loads', () => {
  it('it is told to take memory as it needs it, unless the user said otherwise', () => {
    expect([undefined, 'false'].map(before => {
      const env = stubProcess(true, before === undefined ? {} : { TF_FORCE_GPU_ALLOW_GROWTH: before })
      allowGrowth()
      return env['TF_FORCE_GPU_ALLOW_GROWTH']
    })).toEqual(['true', 'false'])
  })

  it('and all of it is set when it does', async () => {
    const env = stubProcess(true)
    let seen: unknown
    const load = (): Promise<object> => {
      const util = (globalThis.process as unknown as { getBuiltinModule(name: string): Record<string, (value: unknown) => boolean> }).getBuiltinModule('util')
      seen = [{ ...env }, util['isNullOrUndefined']!(undefined), util['isNullOrUndefined']!(0)]
      return Promise.resolve({ getBackend: () => 'tensorflow', backend: () => ({ isUsingGpuDevice: false }) })
    }
    await tfjsCuda({ binding: 'tfjs-node', threads: 2, load })
    expect(seen).toEqual([{ TF_FORCE_GPU_ALLOW_GROWTH: 'true', TF_NUM_INTRAOP_THREADS: '2' }, true, false])
  })

  it('util gets back what Node 23 dropped, and nothing that is there is replaced', () => {
    const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>
    const before = { ...Object.getOwnPropertyDescriptors(util) }
    restoreUtil()
    const { isNullOrUndefined, isArray } = util as Record<string, (value: unknown) => boolean>
    expect([null, undefined, 0, ''].map(value => isNullOrUndefined!(value))).toEqual([true, true, false, false])
    expect([[], { length: 0 }].map(value => isArray!(value))).toEqual([true, false])
    for (const [name, descriptor] of Object.entries(before)) expect(Object.getOwnPropertyDescriptor(util, name)).toEqual(descriptor)
  })
})

describe('threads', () => {
  const load = (): Promise<object> => Promise.resolve({ getBackend: () => 'tensorflow', backend: () => ({ isUsingGpuDevice: false }) })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('cannot be %s', threads => expect(tfjsCuda({ binding: 'tfjs-node', threads, load })).rejects.toThrow('a whole number from 1'))

  it('is a number, and of TensorFlow', async () => {
    await expect(tfjsCuda({ binding: 'tfjs-node', threads: '2' as never, load })).rejects.toThrow('threads is a number, got string')
    await expect(tfjsCuda({ binding: 'wasm', threads: 1 })).rejects.toThrow('binding wasm has no threads to set; threads is for tfjs-node and tfjs-node-gpu')
  })

  it('goes before the environment', () => {
    const env = stubProcess(true, { TF_NUM_INTRAOP_THREADS: '8' })
    setThreads(1)
    expect(env['TF_NUM_INTRAOP_THREADS']).toBe('1')
  })

  it('comes too late where TensorFlow runs, or in a worker, unless that is how it runs', () => {
    const env = stubProcess(false)
    expect(() => setThreads(1)).toThrow('threads: 1 comes too late: a worker thread cannot set the environment of its process; start it with TF_NUM_INTRAOP_THREADS=1 in its environment')
    stubProcess(true)
    vi.stubGlobal('_tfengine', { registryFactory: { tensorflow: {} } })
    expect(() => setThreads(1)).toThrow('TensorFlow runs in this process already')
    expect(env).toEqual({})
    stubProcess(false, { TF_NUM_INTRAOP_THREADS: '1' })
    setThreads(1)
  })
})
