import { afterAll, describe, expect, it } from 'vitest'
import { closeAll, openTestPage } from './open.ts'

afterAll(closeAll)

const chromium = await openTestPage({ webgpu: true })

describe('the kit on WebGPU in Chromium', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  for (const { name, error } of await chromium.call('kit', 'webgpu', seed, '^(storage|reduce|argReduce|matmul|concat|op )')) {
    it(name, () => {
      if (error !== null) throw new Error(`${error} (seed ${seed})`)
    })
  }
})

describe('WebGPU in Chromium', () => {
  it('trains a small network to the losses of backend-cpu, read asynchronously', async () => {
    const { gpu, cpu } = await chromium.call('losses', 'webgpu', 20)
    expect(cpu.at(-1)!).toBeLessThan(cpu[0]! / 3)
    gpu.forEach((loss, i) => expect(Math.abs(loss - cpu[i]!)).toBeLessThanOrEqual(1e-4 * cpu[i]!))
  })

  it('nothing went wrong in the page meanwhile', () => {
    expect(chromium.problems).toEqual([])
  })
})
