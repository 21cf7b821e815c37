import { describe, expect, it } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import { np, registerBackend, unregisterBackend } from '@ashlar/core'
import type { Device } from '@ashlar/core'
import { Context, cpu, waitall } from '@ashlar/device'
import './support.ts'

/** Runs `fn` with a device that notes what happens to it. */
async function withFarDevice(change: (device: Device, calls: string[]) => Partial<Device>, fn: (calls: string[]) => Promise<void>): Promise<void> {
  const near = cpuBackend().open(0)
  const calls: string[] = []
  const far: Device = {
    capabilities: { ...near.capabilities, hostMemory: false },
    kernels: near.kernels,
    upload: near.upload.bind(near),
    fill: (value, out) => { calls.push('fill'); return near.fill(value, out) },
    download: x => { calls.push('download'); return near.download(x) },
    free: handle => { calls.push('free'); near.free(handle) },
  }
  registerBackend({ name: 'far', type: 'far', count: 2, open: () => ({ ...far, ...change(far, calls) }) })
  try {
    np.ones([1], { ctx: new Context('far') })
    calls.length = 0
    await fn(calls)
  } finally {
    unregisterBackend('far')
  }
}

describe('B-15.2: waitall', () => {
  it('host memory has nothing to wait for', async () => {
    np.ones([2], { ctx: cpu() })
    await expect(waitall()).resolves.toBeUndefined()
  })

  it('E5.6-1: a device that reads synchronously is done when the call returns', async () => withFarDevice(() => ({}), async calls => {
    const done = waitall()
    expect(calls).toEqual(['fill', 'download', 'free'])
    await done
  }))

  it('E5.6-4: others are done when the promise resolves', async () => {
    let finish = (): void => {}
    await withFarDevice((far, calls) => ({
      capabilities: { ...far.capabilities, syncRead: false },
      downloadAsync: async x => {
        await new Promise<void>(resolve => { finish = resolve })
        calls.push('read')
        return far.download(x)
      },
    }), async calls => {
      let waited = false
      const done = waitall().then(() => { waited = true })
      expect([calls, waited]).toEqual([['fill'], false])
      finish()
      await done
      expect(calls).toEqual(['fill', 'read', 'download', 'free'])
    })
  })

  it('E5.6-4: an error that a device kept back comes out', async () => {
    const broken = (): never => { throw new Error('device lost') }
    await withFarDevice(() => ({ download: broken }), async calls => {
      await expect(waitall()).rejects.toThrow('device lost')
      expect(calls).toEqual(['fill', 'free'])
    })
    await withFarDevice(far => ({ capabilities: { ...far.capabilities, syncRead: false }, downloadAsync: async () => broken() }), async calls => {
      await expect(waitall()).rejects.toThrow('device lost')
      expect(calls).toEqual(['fill', 'free'])
    })
  })
})
