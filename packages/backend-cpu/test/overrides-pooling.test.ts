import { avgPool, maxPool } from '@ashlar/core'
import type { DType, PoolingOptions } from '@ashlar/core'
import { describe, it } from 'vitest'
import { expectComposition, numbers } from './overrides-support.ts'

interface Row {
  readonly x: readonly number[]
  readonly options: PoolingOptions
}

/** Pairs and others, padding, windows that are cut off or see only padding, rows that end within a vector. */
const POOLS: readonly Row[] = [
  { x: [3, 6, 28, 28], options: { kernel: 2 } },
  { x: [2, 3, 13, 11], options: { kernel: 2 } },
  { x: [2, 3, 13, 11], options: { kernel: 2, ceilMode: true } },
  { x: [2, 3, 12, 14], options: { kernel: [3, 2], stride: [1, 2], padding: 1 } },
  { x: [2, 4, 17, 9], options: { kernel: 3, stride: 2, padding: 1, ceilMode: true } },
  { x: [1, 2, 20, 21], options: { kernel: [20, 21] } },
  { x: [2, 3, 61], options: { kernel: 3, stride: 2 } },
  { x: [2, 2, 5, 6, 7], options: { kernel: [2, 3, 2], stride: [1, 2, 2], padding: [0, 1, 1] } },
  { x: [1, 2, 3, 4], options: { kernel: 2, padding: 1 } },
  { x: [0, 2, 16, 16], options: { kernel: 2 } },
]

const title = ({ x, options }: Row): string => `x ${x.join('x')}, ${JSON.stringify(options)}`

describe.each(['float32', 'float64'] as DType[])('%s', dtype => {
  it.each(POOLS.map(row => [title(row), row] as const))('pools are their compositions, with their gradients: %s', (_, { x, options }) => {
    expectComposition({ dtype, shapes: [x], run: ([a]) => maxPool(a!, options) })
    for (const countIncludePad of [true, false]) expectComposition({ dtype, shapes: [x], run: ([a]) => avgPool(a!, { ...options, countIncludePad }) })
  })

  it('NaN wins, and -Infinity loses against all but padding', () => {
    const data = numbers([1, 2, 14, 14])
    data[3] = NaN
    data[100] = Infinity
    for (let i = 196; i < 260; i++) data[i] = -Infinity
    for (const kernel of [2, 3]) {
      expectComposition({ dtype, data: [data], shapes: [[1, 2, 14, 14]], run: ([a]) => maxPool(a!, { kernel, padding: 1 }) })
      expectComposition({ dtype, data: [data], shapes: [[1, 2, 14, 14]], run: ([a]) => avgPool(a!, { kernel, padding: 1 }) })
    }
  })
})
