import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { np } from '@ashlar/core'
import * as nn from '@ashlar/nn'
import type { Block } from '@ashlar/nn'
import { freshProcess, numbers } from '../support.ts'
import { checkLayer, distance, plain, scattered, windowsOf } from './reference.ts'

interface Case { layer: Block; shape: number[]; kernel: number[]; stride: number[]; padding: number[]; ceil?: boolean; real?: boolean }

const CASES: Record<string, Case> = {
  'MaxPool1D by default': { layer: new nn.MaxPool1D(), shape: [2, 2, 5], kernel: [2], stride: [2], padding: [0] },
  'MaxPool1D with padding and overlap': { layer: new nn.MaxPool1D(3, { strides: 2, padding: 1 }), shape: [1, 2, 6], kernel: [3], stride: [2], padding: [1] },
  'MaxPool2D rounding up': { layer: new nn.MaxPool2D(3, { strides: 2, ceilMode: true }), shape: [1, 2, 6, 4], kernel: [3, 3], stride: [2, 2], padding: [0, 0], ceil: true },
  'MaxPool2D, every axis another': { layer: new nn.MaxPool2D([1, 3], { strides: [2, 1], padding: [0, 1] }), shape: [2, 1, 5, 4], kernel: [1, 3], stride: [2, 1], padding: [0, 1] },
  'MaxPool3D': { layer: new nn.MaxPool3D(2, { strides: 1 }), shape: [1, 1, 3, 2, 3], kernel: [2, 2, 2], stride: [1, 1, 1], padding: [0, 0, 0] },
  'AvgPool1D by default': { layer: new nn.AvgPool1D(), shape: [2, 2, 5], kernel: [2], stride: [2], padding: [0] },
  'AvgPool1D rounding up': { layer: new nn.AvgPool1D({ poolSize: 3, strides: 2, ceilMode: true }), shape: [1, 2, 6], kernel: [3], stride: [2], padding: [0], ceil: true },
  'AvgPool2D rounding up, padded': { layer: new nn.AvgPool2D(3, { strides: 2, padding: 1, ceilMode: true }), shape: [1, 2, 4, 6], kernel: [3, 3], stride: [2, 2], padding: [1, 1], ceil: true },
  'AvgPool2D of real elements': { layer: new nn.AvgPool2D([2, 3], { padding: 1, countIncludePad: false, ceilMode: true }), shape: [1, 2, 4, 6], kernel: [2, 3], stride: [2, 3], padding: [1, 1], ceil: true, real: true },
  'AvgPool3D': { layer: new nn.AvgPool3D([1, 2, 2]), shape: [1, 2, 2, 4, 2], kernel: [1, 2, 2], stride: [1, 2, 2], padding: [0, 0, 0] },
}

describe('pooling', () => {
  freshProcess()

  it.each(Object.entries(CASES))('B-10.3: %s is what the definition says', (name, { layer, shape, kernel, stride, padding, ceil = false, real = false }) => {
    const x = scattered(shape)
    const { shape: expectedShape, seen } = windowsOf(plain(x), kernel, stride, padding, ceil)
    const expected = seen.map(({ values, padded }) => (name.startsWith('Max') ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / (real ? values.length : padded)))
    const y = layer(x) as NDArray
    expect(y.shape).toEqual(expectedShape)
    expect(distance(numbers(y), expected)).toBeLessThan(1e-12)
  })

  it.each(Object.entries(CASES))('B-10.3: the gradient of %s is what differences give', (_, { layer, shape }) => {
    checkLayer(layer, scattered(shape))
  })

  it('B-10.3: floor leaves out what ceil keeps', () => {
    const x = np.arange(6).reshape([1, 1, 6])
    expect(numbers(new nn.MaxPool1D(4, { strides: 4 })(x))).toEqual([3])
    expect(numbers(new nn.MaxPool1D(4, { strides: 4, ceilMode: true })(x))).toEqual([3, 5])
  })

  it.each([
    [new nn.GlobalMaxPool1D(), new nn.GlobalAvgPool1D(), [2, 3, 4]],
    [new nn.GlobalMaxPool2D(), new nn.GlobalAvgPool2D(), [2, 3, 2, 2]],
    [new nn.GlobalMaxPool3D(), new nn.GlobalAvgPool3D(), [2, 3, 1, 2, 2]],
  ] as const)('B-10.3: %s and its mean, values and gradients', (max, mean, shape) => {
    const x = scattered(shape)
    const rows = Array.from({ length: 6 }, (_, i) => numbers(x).slice(i * 4, i * 4 + 4))
    const expected = [2, 3, ...shape.slice(2).map(() => 1)]
    expect(max(x).shape).toEqual(expected)
    expect(numbers(max(x))).toEqual(rows.map(row => Math.max(...row)))
    expect(mean(x).shape).toEqual(expected)
    expect(distance(numbers(mean(x)), rows.map(row => row.reduce((a, b) => a + b) / 4))).toBeLessThan(1e-12)
    checkLayer(max, x)
    checkLayer(mean, x)
  })

  it.each([
    [new nn.MaxPool1D(2), new nn.MaxPool1D(2, { layout: 'NWC' }), [2, 3, 4]],
    [new nn.AvgPool2D([1, 2]), new nn.AvgPool2D([1, 2], { layout: 'NHWC' }), [1, 3, 2, 4]],
    [new nn.GlobalMaxPool3D(), new nn.GlobalMaxPool3D({ layout: 'NDHWC' }), [2, 3, 1, 2, 2]],
  ] as const)('B-10.3: channels last gives what channels first gives: %s', (first, last, shape) => {
    const x = scattered(shape)
    const toLast = [0, ...shape.map((_, i) => i).slice(2), 1]
    expect(last(x.transpose(toLast)).tolist()).toEqual(first(x).transpose(toLast).tolist())
  })

  it('B-4.1: all are named pool', () => {
    const layers = [
      new nn.MaxPool1D(), new nn.MaxPool2D(), new nn.MaxPool3D(), new nn.AvgPool1D(), new nn.AvgPool2D(), new nn.AvgPool3D(), new nn.GlobalMaxPool1D(), new nn.GlobalMaxPool2D(),
      new nn.GlobalMaxPool3D(), new nn.GlobalAvgPool1D(), new nn.GlobalAvgPool2D(), new nn.GlobalAvgPool3D(),
    ]
    expect(layers.map(layer => layer.name)).toEqual(layers.map((_, i) => `pool${i}`))
  })

  it.each([
    ['a window of 0', () => new nn.MaxPool2D(0), 'ValueError', 'poolSize is a whole number from 1'],
    ['too many extents', () => new nn.AvgPool1D([1, 2]), 'ValueError', 'poolSize is a whole number from 1, or 1 of them'],
    ['a stride of 0', () => new nn.MaxPool2D(1, { strides: [1, 0] }), 'ValueError', 'strides'],
    ['an unknown layout', () => new nn.GlobalAvgPool2D({ layout: 'CHW' as never }), 'ValueError', `unknown layout 'CHW'`],
    ['what only means take', () => new nn.MaxPool2D(2, { countIncludePad: true } as never), 'TypeError', `unknown option 'countIncludePad'`],
    ['a window for all', () => new nn.GlobalMaxPool1D({ poolSize: 2 } as never), 'TypeError', `unknown option 'poolSize'`],
    ['another rank', () => new nn.MaxPool2D()(np.ones([1, 2, 2])), 'ValueError', 'the input is (N, C, H, W), got (1, 2, 2)'],
    ['a window that does not fit', () => new nn.MaxPool2D(3)(np.ones([1, 1, 2, 5])), 'ValueError', 'does not fit'],
  ])('refuses %s', (_, run, name, text) => {
    expect(run).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text) }))
  })
})
