import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import { autograd, np, registerBackend, setWarningHandler } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { clipGlobalNorm, clipGlobalNormAsync, gpu, simulatedGpus } from '@ashlar/device'
import { numbers, simulate, withoutGpusAfterwards } from './support.ts'

const warnings: string[] = []

/** The arrays' numbers next to what a factor makes of others. */
function expectScaled(arrays: readonly NDArray[], before: readonly number[][], factor: number): void {
  arrays.forEach((x, i) => numbers(x).forEach((value, j) => expect(value).toBeCloseTo(before[i]![j]! * factor, 5)))
}

describe('B-13.2: clipGlobalNorm', () => {
  withoutGpusAfterwards()
  let handler: ReturnType<typeof setWarningHandler>
  beforeEach(() => { warnings.length = 0; handler = setWarningHandler((message, { category }) => void warnings.push(`${category}: ${message}`)) })
  afterEach(() => void setWarningHandler(handler))

  it('scales in place to the largest norm, and returns the norm before', () => {
    const [x, y] = [np.array([3, 0]), np.array([[0], [4]])]
    expect(clipGlobalNorm([x, y], 2)).toBe(5)
    expectScaled([x, y], [[3, 0], [0, 4]], 2 / 5)
    expect(warnings).toEqual([])
  })

  it('leaves a smaller norm as it is', () => {
    const x = np.array([3, 4])
    expect([clipGlobalNorm([x], 5.1), clipGlobalNorm([x], Infinity)]).toEqual([5, 5])
    expect(numbers(x)).toEqual([3, 4])
    expect(clipGlobalNorm([np.zeros([3])], 1)).toBe(0)
  })

  it.each([NaN, Infinity, -Infinity])('warns of %s', bad => {
    clipGlobalNorm([np.array([1, bad])], 1)
    expect(warnings).toEqual(['UserWarning: nan or inf is detected. Clipping results will be undefined.'])
  })

  it('without the check it reads nothing and returns an array', () => {
    const [x, y] = [np.array([3]), np.array([4])]
    const norm = clipGlobalNorm([x, y], 1, { checkIsfinite: false })
    expect([norm.shape, norm.item()]).toEqual([[], 5])
    expectScaled([x, y], [[3], [4]], 1 / 5)
    clipGlobalNorm([x, y], 10, { checkIsfinite: false })
    expectScaled([x, y], [[3], [4]], 1 / 5)
    expect(() => clipGlobalNorm([np.array([NaN])], 1, { checkIsfinite: false })).not.toThrow()
    expect(warnings).toEqual([])
  })

  it('arrays of several devices and dtypes', () => {
    simulate(2)
    const make = (): NDArray[] => [np.array([3], { ctx: gpu(0) }), np.array([4], { ctx: gpu(1) }), np.array([12], { dtype: 'float16' })]
    for (const options of [{ checkIsfinite: true }, { checkIsfinite: false }]) {
      const arrays = make()
      expect(Number(clipGlobalNorm(arrays, 6.5, options))).toBeCloseTo(13, 5)
      expectScaled(arrays, [[3], [4], [12]], 0.5)
      expect(arrays.map(x => `${x.context} ${x.dtype}`)).toEqual(['gpu(0) float32', 'gpu(1) float32', 'cpu(0) float16'])
    }
    expect(clipGlobalNorm([np.full([2], 6e4, { dtype: 'float16' })], 1)).toBeCloseTo(6e4 * Math.SQRT2, 0)
  })

  it('gradients, outside of any graph', () => {
    const x = np.array([3, 4])
    x.attachGrad()
    autograd.record(() => {
      const y = x.mul(x).sum()
      y.backward()
      clipGlobalNorm([x.grad!], 1)
      return y
    })
    expectScaled([x.grad!], [[6, 8]], 1 / 10)
  })

  it('where reads are asynchronous, the twin reads', async () => {
    registerBackend(simulatedGpus(1, { backend: cpuBackend(), syncRead: false }))
    const x = np.array([3, 4], { ctx: gpu(0) })
    expect(() => clipGlobalNorm([x], 1)).toThrow(expect.objectContaining({ name: 'NotImplementedError', message: expect.stringMatching(/gpu\(0\).*clipGlobalNormAsync/) }))
    expect(await clipGlobalNormAsync([x], 1)).toBe(5)
    expect(Array.from(await x.toTypedArrayAsync(), Number).map(value => value.toFixed(4))).toEqual(['0.6000', '0.8000'])
  })

  it('refuses no arrays, no norm, and what is no array, and changes nothing', async () => {
    const x = np.array([3, 4])
    expect(() => clipGlobalNorm([], 1)).toThrow(expect.objectContaining({ name: 'AssertionError' }))
    for (const norm of [-1, NaN, '1' as never]) expect(() => clipGlobalNorm([x], norm)).toThrow(expect.objectContaining({ name: 'ValueError' }))
    expect(() => clipGlobalNorm([x, 3 as never], 1)).toThrow(TypeError)
    await expect(clipGlobalNormAsync([x], -1)).rejects.toThrow(expect.objectContaining({ name: 'ValueError' }))
    expect(numbers(x)).toEqual([3, 4])
  })
})
