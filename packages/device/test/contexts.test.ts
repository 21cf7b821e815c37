import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { np, registerBackend } from '@ashlar/core'
import { Context, cpu, cpuPinned, currentContext, gpu, gpuMemoryInfo, numGpus, simulatedGpus, tryAllGpus, tryGpu, using } from '@ashlar/device'
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

  it('S5.6-02: a context is told by type and index as a key, too', () => {
    const seen = new Map([[String(gpu()), 1], [String(cpu()), 2]])
    expect([seen.get(String(new Context('gpu', 0))), seen.get(String(np.ones([1]).context)), seen.get(String(gpu(1)))]).toEqual([1, 2, undefined])
    expect(JSON.stringify(gpu(1))).toBe(JSON.stringify(new Context('gpu', 1)))
  })

  it('B-15.2: pinned host memory has a name', () => {
    expect([cpuPinned(), cpuPinned(1)].map(context => [String(context), context.deviceTypeid])).toEqual([['cpu_pinned(0)', 3], ['cpu_pinned(1)', 3]])
    expect(cpuPinned().equals(cpu())).toBe(false)
  })

  it('B-15.2: how much memory a program may use on a GPU, and what is left', () => {
    expect(() => gpuMemoryInfo()).toThrow(expect.objectContaining({ name: 'MXNetError', message: expect.stringMatching(/gpu\(0\).*registered backends/) }))
    registerBackend(simulatedGpus(1, { backend: cpuBackend(), budgetBytes: 1e6 }))
    const x = np.ones([10_000], { ctx: gpu(0) })
    const [free, total] = gpuMemoryInfo(0)
    expect(total).toBe(1e6)
    expect(free).toBeLessThanOrEqual(1e6 - 40_000)
    x.dispose()
    expect(gpuMemoryInfo(0)[0]).toBeGreaterThanOrEqual(free + 40_000)
    expect(() => gpuMemoryInfo(1)).toThrow('gpu(1)')
  })

  it('B-15.2: a GPU that is not there is named together with what is, and with the way to one', () => {
    expect(() => np.ones([1], { ctx: gpu(0) })).toThrow(/gpu\(0\).*cpu.*register a backend that brings a GPU.*registerBackend/)
    expect(() => np.ones([1]).copyto(gpu(0))).toThrow(/gpu\(0\)/)
    expect(() => np.ones([1]).asInCtx(gpu(0))).toThrow(/gpu\(0\)/)
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
