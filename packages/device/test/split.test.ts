import { describe, expect, it } from 'vitest'
import { autograd, np } from '@ashlar/core'
import { cpu, gpu, splitAndLoad, splitData } from '@ashlar/device'
import { numbers, simulate, withoutGpusAfterwards } from './support.ts'

const sizes = (parts: readonly { readonly shape: readonly number[] }[], axis = 0): number[] => parts.map(part => part.shape[axis]!)

describe('B-13.1: splitData', () => {
  it('cuts evenly, in order', () => {
    expect(splitData(np.arange(6), 3).map(numbers)).toEqual([[0, 1], [2, 3], [4, 5]])
    expect(splitData(np.arange(6), 1).map(numbers)).toEqual([[0, 1, 2, 3, 4, 5]])
  })

  it('refuses what does not divide', () => {
    expect(() => splitData(np.zeros([128, 33, 64]), 4, { batchAxis: 1 })).toThrow(expect.objectContaining({
      name: 'ValueError', message: expect.stringContaining('data with shape (128, 33, 64) cannot be evenly split into 4 slices along axis 1. '),
    }))
    expect(() => splitData(np.zeros([2]), 3)).toThrow('cannot be evenly split into 3 slices')
  })

  it('unevenly, the last slice takes what is left over', () => {
    const parts = splitData(np.arange(7), 3, { evenSplit: false })
    expect(parts.map(numbers)).toEqual([[0, 1], [2, 3], [4, 5, 6]])
  })

  it('fewer samples than slices give fewer slices', () => {
    expect(sizes(splitData(np.zeros([2, 5]), 3, { evenSplit: false }))).toEqual([1, 1])
    expect(sizes(splitData(np.zeros([0, 5]), 3, { evenSplit: false }))).toEqual([0])
  })

  it('other axes, counted from the end too', () => {
    for (const batchAxis of [1, -1]) {
      const parts = splitData(np.arange(6).reshape(2, 3), 3, { batchAxis })
      expect(parts.map(part => part.tolist())).toEqual([[[0], [3]], [[1], [4]], [[2], [5]]])
    }
  })

  it.each([0, -1, 1.5, NaN])('refuses %s slices', count => {
    expect(() => splitData(np.zeros([4]), count)).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it('refuses an axis that is not there', () => {
    expect(() => splitData(np.zeros([4]), 2, { batchAxis: 1 })).toThrow('out of bounds')
  })

  it('is differentiable', () => {
    const x = np.arange(4)
    x.attachGrad()
    autograd.record(() => { const [a, b] = splitData(x, 2); return a!.mul(2).add(b!.mul(3)) }).backward()
    expect(numbers(x.grad!)).toEqual([2, 2, 3, 3])
  })
})

describe('B-13.2: splitAndLoad', () => {
  withoutGpusAfterwards()

  it('puts each slice on its context', () => {
    simulate(2)
    const parts = splitAndLoad(np.arange(4), [gpu(1), gpu(0)])
    expect(parts.map(part => [numbers(part), String(part.context)])).toEqual([[[0, 1], 'gpu(1)'], [[2, 3], 'gpu(0)']])
  })

  it('takes lists, other axes and uneven numbers', () => {
    simulate(2)
    expect(splitAndLoad([1, 2, 3], [cpu(), gpu(0)], { evenSplit: false }).map(numbers)).toEqual([[1], [2, 3]])
    expect(sizes(splitAndLoad(np.zeros([3, 4]), [cpu(), gpu(0)], { batchAxis: 1 }), 1)).toEqual([2, 2])
    expect(() => splitAndLoad(np.zeros([3]), [cpu(), gpu(0)])).toThrow('cannot be evenly split into 2 slices along axis 0')
  })

  it('with one context nothing is cut', () => {
    simulate(1)
    const x = np.arange(3)
    expect(splitAndLoad(x, [cpu()])[0] === x).toBe(true)
    expect(String(splitAndLoad(x, [gpu(0)])[0]!.context)).toBe('gpu(0)')
  })

  it('without contexts it is refused', () => {
    expect(() => splitAndLoad(np.arange(3), [])).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })
})
