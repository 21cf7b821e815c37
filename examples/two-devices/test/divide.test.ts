import { cpuBackend } from '@ashlar/backend-cpu'
import { Context, listBackends, np, registerBackend, unregisterBackend } from '@ashlar/core'
import { simulatedGpus, tryAllGpus } from '@ashlar/device'
import { afterEach, describe, expect, test } from 'vitest'
import type { Span } from '../src/clock.ts'
import { timed } from '../src/clock.ts'
import { divide, gram, largestDifference } from '../src/divide.ts'

registerBackend(cpuBackend())
afterEach(() => void unregisterBackend('simulated-gpus'))

const signal = new AbortController().signal

/** That many simulated GPUs, and what they note. */
function gpus(count: number): { contexts: Context[]; log: Span[] } {
  const log: Span[] = []
  registerBackend(timed(simulatedGpus(count, { backend: cpuBackend() }), log))
  return { contexts: tryAllGpus(), log }
}

/** `AᵀA` by plain loops in double precision. */
function reference(rows: readonly (readonly number[])[]): number[] {
  const columns = rows[0]!.length
  return Array.from({ length: columns * columns }, (_, at) => rows.reduce((sum, row) => sum + row[Math.floor(at / columns)]! * row[at % columns]!, 0))
}

describe('a divided product', () => {
  test.each([
    [1, 10, 3, [10]],
    [2, 10, 2, [5, 5]],
    [3, 11, 4, [3, 3, 5]],
    [4, 4, 9, [1, 1, 1, 1]],
  ])('on %i devices, %i rows in %i products each, is the whole', async (count, rows, products, shares) => {
    const { contexts, log } = gpus(count)
    np.random.seed(1)
    const matrix = np.random.uniform(0, 1, [rows, 6])
    const { rows: own, total, traces } = await divide(matrix, contexts, products, signal)
    const list = matrix.tolist() as number[][]
    const expected = reference(list)
    expect(own).toEqual(shares)
    expect(String(total.context)).toBe('gpu(0)')
    const found = Array.from(await total.toTypedArrayAsync(), Number)
    found.forEach((value, i) => expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-5))
    // The squares of its own rows, for each device.
    let start = 0
    for (const [device, share] of shares.entries()) {
      const squares = list.slice(start, start += share).flat().reduce((sum, value) => sum + value * value, 0)
      expect(Math.abs(traces[device]! / squares - 1)).toBeLessThan(1e-5)
    }
    for (const [device, share] of shares.entries()) {
      const products_ = log.filter(span => span.device === device && span.work === 'product')
      expect(products_).toHaveLength(Math.min(products, share))
      for (const { bytes } of products_) expect(bytes).toBe(6 * 6 * 4)
    }
  })

  test('ends between two products', async () => {
    const { contexts } = gpus(2)
    await expect(divide(np.ones([8, 2]), contexts, 4, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })

  test('on the host', () => {
    expect(gram(np.array([[1, 2], [3, 4], [5, 6]])).tolist()).toEqual([[35, 44], [44, 56]])
  })
})

test('differences are relative', () => {
  expect(largestDifference([100, 1, 0], [100, 1, 0])).toBe(0)
  expect(largestDifference([100, 2.2], [101, 2])).toBeCloseTo(0.1, 12)
  expect(largestDifference([NaN], [1])).toBeNaN()
})

describe('the clock', () => {
  test('notes copies and products of each device, with their bytes, in order', () => {
    const { contexts, log } = gpus(2)
    const before = performance.now()
    const x = np.ones([4, 3]).copyto(contexts[1]!)
    const product = gram(x)
    product.iadd(product)
    expect(product.tolist()).toEqual([[8, 8, 8], [8, 8, 8], [8, 8, 8]])
    expect(log.map(({ device, work, bytes }) => [device, work, bytes])).toEqual([[1, 'copy in', 48], [1, 'product', 36], [1, 'sum', 36], [1, 'copy out', 36]])
    const times = [before, ...log.flatMap(({ start, end }) => [start, end]), performance.now()]
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('leaves everything else of a backend as it is', () => {
    const backend = simulatedGpus(3, { backend: cpuBackend() })
    const { open, ...rest } = timed(backend, [])
    const { open: _, ...expected } = backend
    expect(rest).toEqual(expected)
    expect(Object.keys(open(0).kernels).sort()).toEqual(Object.keys(backend.open(0).kernels).sort())
    expect(listBackends().map(({ name }) => name)).not.toContain('simulated-gpus')
  })

  test('waits for reads that are late', async () => {
    let deliver = (): void => {}
    const late = { ...simulatedGpus(1, { backend: cpuBackend() }) }
    const log: Span[] = []
    registerBackend(timed({
      ...late,
      open(index) {
        const device = late.open(index)
        return { ...device, downloadAsync: x => new Promise(resolve => (deliver = () => resolve(device.download(x)))) }
      },
    }, log))
    const read = np.ones([2], { ctx: new Context('gpu', 0) }).toTypedArrayAsync()
    await Promise.resolve()
    expect(log.some(({ work }) => work === 'copy out')).toBe(false)
    deliver()
    expect(Array.from(await read, Number)).toEqual([1, 1])
    expect(log.at(-1)).toMatchObject({ device: 0, work: 'copy out', bytes: 8 })
  })
})
