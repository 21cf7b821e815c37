import { afterAll, describe, expect, it } from 'vitest'
import { closeAll, openTestPage } from './open.ts'

afterAll(closeAll)

const chromium = await openTestPage()

// Programs are compiled slowly there: what headless GL runs with the same texts (random shapes, functions that are made of the operations here) is left to it,
// unless ASHLAR_KIT=all asks for everything.
const CASES = process.env['ASHLAR_KIT'] === 'all' ? '' : '^(?!fuzz|function|override|program)'

describe('the kit on WebGL 2 in Chromium', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  for (const { name, error } of await chromium.call('kit', 'webgl2', seed, CASES)) {
    it(name, () => {
      if (error !== null) throw new Error(`${error} (seed ${seed})`)
    })
  }
})

describe('WebGL 2 in Chromium', () => {
  it('trains a small network to the losses of backend-cpu', async () => {
    const { gpu, cpu } = await chromium.call('losses', 'webgl2', 20)
    expect(cpu.at(-1)!).toBeLessThan(cpu[0]! / 3)
    gpu.forEach((loss, i) => expect(Math.abs(loss - cpu[i]!)).toBeLessThanOrEqual(1e-4 * cpu[i]!))
  })

  it('steps of training in scopes leave the number of buffers flat', async () => {
    const counts = await chromium.call('trainInScopes')
    expect(new Set(counts.slice(1).map(({ buffers }) => buffers)).size).toBe(1)
  })

  it('several devices have contexts of their own: mixing throws, copies work', async () => {
    const { mixing, copied, there } = await chromium.call('twoDevices')
    expect(mixing).toContain('gpu(0) while the 2-th argument is on gpu(1)')
    expect([copied, there]).toEqual([[11, 22], 'gpu(1)'])
  })

  it('a lost context is a typed error, and gpu.js can be registered anew', async () => {
    const { computing, reading, uploading, after } = await chromium.call('loseContext')
    for (const message of [computing, reading, uploading]) expect(message).toContain('RuntimeError ERR_RUNTIME: [gpujs] the webgl2 context of gpu.js, device 0, was lost')
    expect(after).toEqual([2, 3, 4])
  })

  it('nothing went wrong in the page meanwhile', () => {
    expect(chromium.problems.filter(problem => !/context.*lost|CONTEXT_LOST/i.test(problem))).toEqual([])
  })
})
