import type { ConvolutionOptions, DType } from '@ashlar/core'
import { convolution, convolutionTranspose } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { expectComposition, numbers } from './overrides-support.ts'

interface Row {
  readonly x: readonly number[]
  readonly weight: readonly number[]
  readonly options?: ConvolutionOptions
}

/** More and fewer than 256 elements, rows that end within a vector, blocks that end within an image. */
const CONVOLUTIONS: readonly Row[] = [
  { x: [3, 1, 28, 28], weight: [6, 1, 5, 5], options: { padding: 2 } },
  { x: [5, 6, 14, 14], weight: [16, 6, 5, 5] },
  { x: [2, 4, 13, 11], weight: [6, 2, 3, 2], options: { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 } },
  { x: [2, 5, 17, 9], weight: [10, 1, 3, 3], options: { groups: 5, padding: 1 } },
  { x: [1, 3, 40, 37], weight: [5, 3, 7, 7], options: { stride: 3, padding: 3 } },
  { x: [7, 8, 5, 5], weight: [9, 8, 1, 1] },
  { x: [9, 40, 3, 3], weight: [33, 40, 3, 3] },
  { x: [2, 3, 6, 6], weight: [4, 3, 3, 3], options: { padding: 5, dilation: 3 } },
  { x: [1, 1, 4, 4], weight: [1, 1, 2, 2] },
  { x: [3, 4, 50], weight: [7, 4, 5], options: { stride: 2, padding: 3 } },
  { x: [2, 2, 5, 6, 7], weight: [4, 1, 2, 3, 2], options: { stride: [1, 2, 1], padding: [0, 1, 1], groups: 2 } },
  { x: [1, 130, 30, 30], weight: [20, 130, 3, 3], options: { stride: 2, padding: 1 } },
]

const title = ({ x, weight, options = {} }: Row): string => `x ${x.join('x')}, weight ${weight.join('x')}, ${JSON.stringify(options)}`

describe.each(['float32', 'float64'] as DType[])('%s', dtype => {
  it.each(CONVOLUTIONS.map(row => [title(row), row] as const))('convolution is its composition, with its gradients: %s', (_, { x, weight, options }) => {
    expectComposition({ dtype, shapes: [x, weight, [weight[0]!]], run: ([a, w, b]) => convolution(a!, w!, b!, options) })
    expectComposition({ dtype, shapes: [x, weight], run: ([a, w]) => convolution(a!, w!, null, options) })
  })

  it.each([
    { x: [2, 4, 9, 8], weight: [4, 3, 3, 2], options: { stride: [2, 3], padding: 1, outputPadding: [1, 2], groups: 2 } },
    { x: [5, 6, 7, 7], weight: [6, 5, 4, 4], options: { stride: 2, padding: 1 } },
    { x: [3, 8, 31], weight: [8, 3, 3], options: { dilation: 2 } },
    { x: [2, 2, 4, 3, 5], weight: [2, 3, 2, 2, 2], options: { stride: 2 } },
  ].map(row => [title(row), row] as const))('a transposed convolution is its composition, with its gradients: %s', (_, { x, weight, options }) => {
    const out = weight[1]! * ((options as ConvolutionOptions).groups ?? 1)
    expectComposition({ dtype, shapes: [x, weight, [out]], run: ([a, w, b]) => convolutionTranspose(a!, w!, b!, options) })
  })
})

it('a convolution of whole numbers is exact, and wraps', () => {
  for (const dtype of ['int32', 'uint8', 'int8'] as const) {
    const data = [numbers([2, 3, 12, 12]).map(n => Math.trunc(n * 90)), numbers([4, 3, 3, 3], 3).map(n => Math.trunc(n * 90)), [1, 2, 3, 100]]
    const unsigned = data.map(list => list.map(n => (dtype === 'uint8' ? Math.abs(n) : Math.max(n, -128))))
    expectComposition({ dtype, data: unsigned, tolerance: 0, shapes: [[2, 3, 12, 12], [4, 3, 3, 3], [4]], run: ([a, w, b]) => convolution(a!, w!, b!, { padding: 1 }) })
  }
})

it('NaN and infinities reach those windows that see them, and an infinite weight makes padding NaN', () => {
  const x = numbers([2, 3, 12, 12])
  x[17] = NaN
  x[150] = Infinity
  const weight = numbers([4, 3, 3, 3])
  weight[30] = -Infinity
  expectComposition({ data: [x, weight], shapes: [[2, 3, 12, 12], [4, 3, 3, 3]], run: ([a, w]) => convolution(a!, w!, null, { padding: 1 }) })
})

it('nothing, convolved, is nothing, and another shape would be noticed', () => {
  expectComposition({ shapes: [[0, 3, 12, 12], [4, 3, 3, 3], [4]], run: ([a, w, b]) => convolution(a!, w!, b!) })
  expect(() => expectComposition({ shapes: [[2, 3, 12, 12], [4, 3, 3, 3]], run: ([a, w]) => convolution(a!, w!, null, { padding: a!.context.deviceType === 'cpu' ? 1 : 0 }) })).toThrow()
})
