import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryError, array, autograd, memory, np, scope, setWarningHandler } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { findCollector } from '../../src/collector.ts'
import { live } from '../../src/device-memory.ts'
import { cleanState } from '../support/clean-state.ts'
import { farMemory, numbers, warnings, withoutCollector } from '../support/far-memory.ts'
import type { Far } from '../support/far-memory.ts'
import { thrownBy } from '../support/thrown.ts'

const BUDGET = 1_000_000
/** 25,000 floats, with the charge of 256. */
const ONE = 25_000 * 4 + 256

const ramp = (far: Far, start: number, count = 25_000): NDArray => array(Float32Array.from({ length: count }, (_, i) => start + i), { ctx: far.context })
const withCollector = (): void => void vi.unstubAllGlobals()
const counts = (): NonNullable<ReturnType<typeof memory>['devices'][string]> => memory().devices['far(0)']!

// Collections take long in a test runner: the tests that are about them ask for the collector.
beforeEach(withoutCollector)
afterEach(withCollector)

describe('a budget for memory that is lost unless it is freed', () => {
  cleanState()

  it('where the engine can be asked, a synchronous loop that drops its results moves nothing', () => {
    withCollector()
    const seen = warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    let x = ramp(far, 0)
    for (let i = 0; i < 60; i++) x = x.add(1)
    expect(x.get(0).item()).toBe(60)
    // Collections come a quarter of the budget apart; beside that, three operands and results.
    expect(far.peak).toBeLessThanOrEqual(BUDGET / 4 + 3 * ONE)
    expect([counts().moved, seen]).toEqual([0, []])
  })

  it('where it cannot, what was dropped moves to the host, with one warning that names scope()', () => {
    const seen = warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    let x = ramp(far, 0)
    for (let i = 0; i < 200; i++) x = x.add(1)
    expect(x.get(0).item()).toBe(200)
    // Ten fit, less the charge; the result of an operation exists before room is made for it, and so does the 1 that was added.
    expect(far.peak).toBeLessThanOrEqual(BUDGET + ONE + 260)
    expect(far.bytes).toBeLessThanOrEqual(BUDGET)
    expect(counts().moved).toBeGreaterThan(150)
    expect(seen).toEqual([{ message: expect.stringMatching(/^the memory budget of far\(0\), 1000000 bytes, is spent: .*move to the host.*scope\(\)/u), category: 'ResourceWarning' }])
  })

  it('a loop in scopes stays flat without the collector', () => {
    const seen = warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    const x = ramp(far, 0)
    for (let i = 0; i < 200; i++) scope(() => x.add(1).mul(2).sum().item())
    expect([far.held, counts().live.buffers, counts().moved, seen]).toEqual([1, 1, 0, []])
  })

  describe.each([['with the collector', withCollector], ['without the collector', withoutCollector]])('%s', (_, prepare) => {
    it('values survive being moved and coming back, in any order', () => {
      prepare()
      warnings()
      const far = farMemory({ budgetBytes: BUDGET })
      const all = Array.from({ length: 30 }, (_, i) => ramp(far, 1000 * i))
      expect(counts().moved).toBeGreaterThanOrEqual(20)
      // 7 and 30 have no common divisor: every array once.
      for (let k = 0; k < 30; k++) {
        const at = (k * 7) % 30
        expect(all[at]!.add(all[(at + 15) % 30]!).get(0).item()).toBe(1000 * at + 1000 * ((at + 15) % 30))
        expect(far.bytes).toBeLessThanOrEqual(BUDGET)
      }
      expect(all.map(x => x.toTypedArray()[24_999])).toEqual(all.map((_, i) => 1000 * i + 24_999))
    })

    it('inputs of one operation never move under it, though they fill the budget', () => {
      prepare()
      warnings()
      const far = farMemory({ budgetBytes: BUDGET })
      const [a, b, c] = [ramp(far, 0, 150_000), ramp(far, 1, 150_000), ramp(far, 2, 150_000)]
      const joined = np.concatenate([a, b, c])
      expect(joined.size).toBe(450_000)
      expect([0, 150_000, 300_000, 449_999].map(at => joined.toTypedArray()[at])).toEqual([0, 1, 2, 150_001])
      expect(a.mul(b).add(c).get(3).item()).toBe(3 * 4 + 5)
    })

    it('tape and gradients survive', () => {
      prepare()
      warnings()
      const far = farMemory({ budgetBytes: BUDGET })
      const x = ramp(far, 0).div(25_000)
      x.attachGrad()
      const loss = autograd.record(() => {
        let y = x
        for (let i = 0; i < 20; i++) y = y.mul(x)
        return y.sum()
      })
      expect(counts().moved).toBeGreaterThan(10)
      loss.backward()
      // d/dx of x to the 21st, in float32.
      const [at, expected] = [20_000, 21 * 0.8 ** 20]
      expect(Math.abs(Number(x.grad!.toTypedArray()[at]) - expected)).toBeLessThan(1e-5 * expected)
      expect(far.bytes).toBeLessThanOrEqual(BUDGET)
    })
  })

  it('a moved array is read where it is', () => {
    warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    const all = Array.from({ length: 12 }, (_, i) => ramp(far, i))
    const before = { uploads: far.uploads, held: far.held }
    expect(all.map(x => x.toTypedArray()[1])).toEqual(all.map((_, i) => i + 1))
    const copy = all[0]!.toTypedArray()
    ;(copy as Float32Array).fill(0)
    expect(numbers(all[0]!)[2]).toBe(2)
    expect({ uploads: far.uploads, held: far.held }).toEqual(before)
  })

  it('the longest unused moves first; parameters and gradients last', () => {
    warnings()
    const far = farMemory({ budgetBytes: 5 * ONE })
    const pinned = ramp(far, 0)
    pinned.attachGrad()
    pinned.pinned = true
    const [old, used] = [ramp(far, 1), ramp(far, 2)]
    used.neg().dispose()
    old.neg().dispose()
    ramp(far, 3)
    const isMoved = (x: NDArray): boolean => x.buffer!.slot!.host !== null
    const newest = ramp(far, 4)
    expect([pinned, pinned.grad!, old, used, newest].map(isMoved)).toEqual([false, false, false, true, false])
    const large = ramp(far, 5, 110_000)
    expect([pinned, pinned.grad!, old, large].map(isMoved)).toEqual([true, true, true, false])
    pinned.pinned = false
  })

  it('a renamed parameter is a parameter: its new elements move last', () => {
    warnings()
    const far = farMemory({ budgetBytes: 4 * ONE })
    const weight = ramp(far, 0)
    weight.pinned = true
    weight.iadd(1)
    const others = [1, 2, 3, 4, 5].map(i => ramp(far, i))
    expect([weight.buffer!.slot!.host, others[0]!.buffer!.slot!.host === null]).toEqual([null, false])
    weight.pinned = false
    expect(weight.buffer!.slot!.pins).toBe(0)
  })

  it('disposing of a moved array ends it', () => {
    warnings()
    const before = live.buffers
    const far = farMemory({ budgetBytes: BUDGET })
    const all = Array.from({ length: 12 }, (_, i) => ramp(far, i))
    expect(counts().host).toEqual({ buffers: 3, bytes: 3 * ONE })
    const name = all[0]!.detach()
    all[0]!.dispose()
    expect(thrownBy(() => all[0]!.add(1)).message).toContain('freed by dispose()')
    expect(name.get(5).item()).toBe(5)
    for (const x of [name, ...all]) x.dispose()
    expect(counts()).toMatchObject({ live: { bytes: counts().live.bytes }, host: { buffers: 0, bytes: 0 } })
    expect(live.buffers - before).toBe(counts().live.buffers)
  })

  it('counts what is on the device and on the host, what moved, and the peak', () => {
    warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    const all = Array.from({ length: 10 }, (_, i) => ramp(far, i))
    expect(counts()).toEqual({ live: { buffers: 9, bytes: 9 * ONE }, idle: { buffers: 0, bytes: 0 }, host: { buffers: 1, bytes: ONE }, moved: 1, peak: 10 * ONE })
    expect([far.held, far.bytes, far.peak]).toEqual([9, 9 * ONE, 10 * ONE])
    for (const x of all) x.dispose()
    expect(counts()).toEqual({ live: { buffers: 0, bytes: 0 }, idle: { buffers: 0, bytes: 0 }, host: { buffers: 0, bytes: 0 }, moved: 1, peak: 10 * ONE })
    expect(far.held).toBe(0)
  })

  it('charges what a handle takes, where the device says that it is more than its elements', () => {
    warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    Object.assign(far.device, { bytes: () => 4 * 100_000 })
    const all = Array.from({ length: 4 }, (_, i) => ramp(far, i))
    // Two of four times the size fit; on the host each has its own size.
    expect(counts()).toMatchObject({ live: { buffers: 2, bytes: 2 * 400_256 }, host: { buffers: 2, bytes: 2 * ONE }, peak: 3 * 400_256 })
    expect(numbers(all[0]!).slice(0, 2)).toEqual([0, 1])
    for (const x of all) x.dispose()
    expect(counts()).toMatchObject({ live: { buffers: 0, bytes: 0 }, host: { buffers: 0, bytes: 0 } })
  })

  it('warns once a device', () => {
    const seen = warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    const keep = Array.from({ length: 40 }, (_, i) => ramp(far, i))
    expect([keep.length, seen.length]).toEqual([40, 1])
  })

  it('a warning handler that throws leaves everything as it was', () => {
    const far = farMemory({ budgetBytes: BUDGET })
    const all = Array.from({ length: 9 }, (_, i) => ramp(far, i))
    const before = { ...counts(), peak: 0, held: far.held, buffers: live.buffers }
    setWarningHandler(() => { throw new Error('strict') })
    expect(() => all[0]!.add(all[1]!)).toThrow('strict')
    expect({ ...counts(), peak: 0, held: far.held, buffers: live.buffers }).toEqual(before)
  })

  describe('where reads are asynchronous', () => {
    it.each([['with the collector', withCollector], ['without the collector', withoutCollector]])('%s a spent budget is a typed error, and nothing changed', (_, prepare) => {
      prepare()
      const far = farMemory({ budgetBytes: BUDGET, syncRead: false })
      const all = Array.from({ length: 9 }, (_, i) => ramp(far, i))
      const before = { ...counts(), peak: 0, held: far.held, buffers: live.buffers }
      const error = thrownBy(() => all[0]!.add(all[1]!))
      expect(error).toBeInstanceOf(MemoryError)
      expect([error.name, error.code]).toEqual(['MemoryError', 'ERR_MEMORY'])
      expect(error.message).toMatch(/far\(0\), 1000000 bytes, is spent.*scope\(\)/u)
      expect({ ...counts(), peak: 0, held: far.held, buffers: live.buffers }).toEqual(before)
      all[8]!.dispose()
      expect(all[0]!.add(all[1]!).size).toBe(25_000)
    })

    it('the collector is asked first', () => {
      withCollector()
      const far = farMemory({ budgetBytes: BUDGET, syncRead: false })
      let x = ramp(far, 0)
      for (let i = 0; i < 30; i++) x = x.add(x)
      expect(x.size).toBe(25_000)
      expect(far.peak).toBeLessThanOrEqual(BUDGET + ONE)
    })

    it('the collector is asked again before anything is refused, though no quarter of the budget was taken since', () => {
      withCollector()
      const far = farMemory({ budgetBytes: BUDGET, syncRead: false })
      const all = Array.from({ length: 8 }, (_, i) => ramp(far, i))
      const drop = (): number => ramp(far, 8).size
      // The ninth is in use when the third collection runs, and dropped when the tenth is made.
      expect([drop(), ramp(far, 9).size, all.length]).toEqual([25_000, 25_000, 8])
    })
  })

  it('an array that is being read stays where it is, and alive', async () => {
    warnings()
    const far = farMemory({ budgetBytes: BUDGET })
    const x = ramp(far, 7)
    const reading = x.toTypedArrayAsync()
    const all = Array.from({ length: 20 }, (_, i) => ramp(far, i))
    expect(x.buffer!.slot!.host).toBe(null)
    x.dispose()
    far.reads.forEach(end => end())
    expect((await reading)[0]).toBe(7)
    expect(far.held).toBe(counts().live.buffers)
    // One that lies on the host already needs no device.
    expect((await all[0]!.toTypedArrayAsync())[3]).toBe(3)
  })

  it('float16, 64-bit integers and bools come back as they were', () => {
    warnings()
    const far = farMemory({ budgetBytes: 2000 })
    const cases = [array([0.1, -0], { dtype: 'float16', ctx: far.context }), array([2n ** 62n + 1n, -1n], { dtype: 'int64', ctx: far.context }), array([true, false], { dtype: 'bool', ctx: far.context })]
    const before = cases.map(x => x.toTypedArray())
    np.ones([2000], { ctx: far.context })
    expect(cases.every(x => x.buffer!.slot!.host !== null)).toBe(true)
    expect(cases.map(x => np.concatenate([x, x]).toTypedArray().slice(2))).toEqual(before)
  })

  it.each([0, -5, Number.NaN, '1 GB'])('a budget of %s is refused', budget => {
    expect(thrownBy(() => farMemory({}, { budgetBytes: budget as number })).message).toContain('budget')
    const far = farMemory({ budgetBytes: budget as number })
    expect(thrownBy(() => ramp(far, 0)).name).toBe('ValueError')
  })

  it('what the user registers with overrides what the backend says', () => {
    const seen = warnings()
    const far = farMemory({ budgetBytes: 1000 }, { budgetBytes: BUDGET })
    const all = [ramp(far, 0), ramp(far, 1)]
    expect([all.length, counts().moved, seen]).toEqual([2, 0, []])
  })
})

describe('the collector', () => {
  it('tells in Node what was collected, within a synchronous function', () => {
    withCollector()
    expect(findCollector()?.tells).toBe(true)
    const refer = (): WeakRef<object> => new WeakRef({})
    const reference = refer()
    findCollector()!.collect()
    expect(reference.deref()).toBeUndefined()
  })

  it('is only called where gc() is all there is, and absent in browsers', () => {
    expect(findCollector()).toBe(null)
    const gc = vi.fn()
    vi.stubGlobal('gc', gc)
    const collector = findCollector()!
    collector.collect()
    collector.forget()
    expect([collector.tells, gc.mock.calls.length]).toEqual([false, 1])
  })

  it('is left alone where flags cannot be changed', () => {
    vi.stubGlobal('gc', undefined)
    vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: () => { throw new Error('no') } } }))
    expect(findCollector()).toBe(null)
  })
})
