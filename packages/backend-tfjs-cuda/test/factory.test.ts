import { BindingError, tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { Context, array, deviceCount, isAshlarError, listBackends, registerBackend, unregisterBackend } from '@ashlar/core'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openEngine } from '../src/open-engine.ts'

afterEach(() => {
  for (const name of ['tfjs-cpu', 'tfjs-wasm', 'tfjs-cuda']) unregisterBackend(name)
  vi.restoreAllMocks()
})

/** A module that says where it computes. */
const computing = (gpu: boolean) => async (): Promise<object> => ({ getBackend: () => 'tensorflow', backend: () => ({ isUsingGpuDevice: gpu }) })
const missing = (): Promise<never> => Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }))

describe('tfjsCuda', () => {
  it.each(['cpu', 'wasm'] as const)('registers %s under a type of its own, never as a GPU', async binding => {
    await registerBackend(tfjsCuda({ binding }))
    expect(listBackends().map(({ name, type, count }) => [name, type, count])).toContainEqual([`tfjs-${binding}`, `tfjs-${binding}`, 1])
    expect(deviceCount('gpu')).toBe(0)
    const ctx = new Context(`tfjs-${binding}`)
    const x = array([[1, 2], [3, 4]], { ctx })
    expect(x.matmul(x).tolist()).toEqual([[7, 10], [15, 22]])
    expect(String(x.add(1).ctx)).toBe(`tfjs-${binding}(0)`)
  })

  it('registers a GPU as gpu, ahead of others', async () => {
    const { name, type, count, priority } = await tfjsCuda({ load: computing(true) })
    expect([name, type, count]).toEqual(['tfjs-cuda', 'gpu', 1])
    expect(priority).toBeGreaterThan(0)
  })

  it('explains where the other GPUs are', async () => {
    await registerBackend(tfjsCuda({ load: computing(true) }))
    const ask = (): unknown => array([1], { ctx: new Context('gpu', 1) })
    expect(ask).toThrow(/there is no device gpu\(1\): .*tfjs-cuda \(1 × gpu\).*one GPU a process.*CUDA_VISIBLE_DEVICES=1/)
  })

  it('refuses a binding that fell back to the CPU, unless told otherwise', async () => {
    const load = computing(false)
    await expect(tfjsCuda({ load })).rejects.toThrow(/computes on the CPU; check that nvidia-smi.*allowCpu: true/)
    expect(await tfjsCuda({ load, allowCpu: true })).toMatchObject({ name: 'tfjs-cpu', type: 'tfjs-cpu', count: 1 })
    expect(await tfjsCuda({ load, binding: 'tfjs-node' })).toMatchObject({ name: 'tfjs-cpu', type: 'tfjs-cpu' })
  })

  it('names the package that is missing, and the command that installs it', async () => {
    const error = await tfjsCuda({ load: missing }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(BindingError)
    expect(isAshlarError(error)).toBe(true)
    expect((error as BindingError).report.state).toBe('not-installed')
    expect((error as Error).message).toMatch(/^\[tfjsCuda\] @tensorflow\/tfjs-node-gpu is not installed; install it in one of these ways:\n(.+\n){2}.+$/)
    // Printed, as at the end of a program, it says everything once.
    expect(inspect(error).split('\n').filter(line => line.includes('npm install'))).toHaveLength(3)
    const { hint, cause } = error as BindingError & { cause?: unknown }
    expect([hint, cause]).toEqual([(error as BindingError).report.hint, undefined])
    await expect(tfjsCuda({ load: missing, binding: 'tfjs-node' })).rejects.toThrow('npm install --ignore-scripts @tensorflow/tfjs-node node-api-headers')
    await expect(openEngine('wasm', missing)).rejects.toThrow('npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm')
  })

  it('says which bindings there are', async () => {
    await expect(tfjsCuda({ binding: 'webgl' as 'cpu' })).rejects.toThrow('unknown binding webgl; use one of tfjs-node-gpu, tfjs-node, wasm, cpu')
  })

  it('does not let tfjs advertise itself', async () => {
    const said = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')]
    const device = (await tfjsCuda({ binding: 'cpu' })).open(0)
    device.free(device.upload(Float32Array.of(1), { shape: [1], dtype: 'float32', size: 1 }))
    for (const spy of said) expect(spy).not.toHaveBeenCalled()
  })
})
