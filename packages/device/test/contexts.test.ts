import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { np } from '@ashlar/core'
import { Context, cpu, currentContext, gpu, numGpus, simulatedGpus, tryAllGpus, tryGpu, using } from '@ashlar/device'
import { cpuBackend } from '@ashlar/backend-cpu'
import { simulate, withoutGpusAfterwards } from './support.ts'

describe('B-15: contexts', () => {
  withoutGpusAfterwards()

  it('B-15.1, S5.6-01: type, index, code and printed form', () => {
    expect([cpu(), gpu(), gpu(1), cpu(2)].map(String)).toEqual(['cpu(0)', 'gpu(0)', 'gpu(1)', 'cpu(2)'])
    const context = gpu(1)
    expect([context.deviceType, context.deviceId, context.deviceTypeid, context.repr(), inspect(context)]).toEqual(['gpu', 1, 2, 'gpu(1)', 'gpu(1)'])
    expect([cpu().deviceTypeid, new Context('cpu_pinned').deviceTypeid, new Context('cpu_shared').deviceTypeid, new Context('gpujs-cpu').deviceTypeid]).toEqual([1, 3, 5, 0])
  })

  it('S5.6-02: equality by type and index', () => {
    expect([gpu().equals(gpu(0)), gpu().equals(gpu(1)), gpu().equals(cpu()), gpu().equals('gpu(0)')]).toEqual([true, false, false, false])
  })

  it('other indices and types are refused', () => {
    for (const index of [-1, 0.5, NaN, '0' as never]) expect(() => gpu(index)).toThrow(TypeError)
    expect(() => new Context('')).toThrow(TypeError)
    expect(() => new Context(1 as never)).toThrow(TypeError)
  })

  it('S5.6-03, 04: without devices', () => {
    expect([numGpus(), String(tryGpu()), String(tryGpu(3)), tryAllGpus().map(String)]).toEqual([0, 'cpu(0)', 'cpu(0)', ['cpu(0)']])
    expect(() => simulate(0)).not.toThrow()
    expect([numGpus(), tryAllGpus().map(String)]).toEqual([0, ['cpu(0)']])
  })

  it('S5.6-03, 04: with two devices', () => {
    simulate(2)
    expect([numGpus(), String(tryGpu()), String(tryGpu(1)), String(tryGpu(2)), String(tryGpu(3)), tryAllGpus().map(String)]).toEqual([2, 'gpu(0)', 'gpu(1)', 'cpu(0)', 'cpu(0)', ['gpu(0)', 'gpu(1)']])
  })

  it('B-15.2: making an array where there is no device names what is registered', () => {
    const made = (ctx: Context): (() => unknown) => () => np.ones([1], { ctx })
    expect(made(gpu())).toThrow(expect.objectContaining({ name: 'MXNetError', message: expect.stringMatching(/gpu\(0\).*registered backends: .*cpu.*registerBackend/) }))
    simulate(2)
    expect(made(gpu(2))).toThrow(expect.objectContaining({ name: 'IndexError', message: expect.stringContaining('gpu(2)') }))
    expect(made(new Context('tpu'))).toThrow(/tpu\(0\)/)
  })

  it('how many simulated devices there can be', () => {
    for (const count of [-1, 1.5, NaN]) expect(() => simulatedGpus(count, { backend: cpuBackend() })).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })
})

describe('S5.6-16: using', () => {
  withoutGpusAfterwards()

  it('changes where new arrays go, and returns what the function returns', () => {
    simulate(2)
    expect(String(using(gpu(1), () => np.ones([1])).context)).toBe('gpu(1)')
    expect(String(using(gpu(1), () => np.ones([1], { ctx: cpu() })).context)).toBe('cpu(0)')
  })

  it('nests, and restores on a throw', () => {
    using(gpu(1), () => {
      expect(() => using(cpu(1), () => { throw new Error(String(currentContext())) })).toThrow('cpu(1)')
      expect(String(currentContext())).toBe('gpu(1)')
    })
    expect(String(currentContext())).toBe('cpu(0)')
  })

  it('takes contexts only', () => {
    expect(() => using('gpu(0)' as never, () => 1)).toThrow(TypeError)
    expect(String(currentContext())).toBe('cpu(0)')
  })
})
