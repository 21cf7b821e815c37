import { describe, expect, it } from 'vitest'
import { np } from '@ashlar/core'
import type { Convolution } from '../../src/layers/convolution.ts'
import { Conv1D, Conv1DTranspose, Conv2D, Conv2DTranspose, Conv3D, Conv3DTranspose, Sequential } from '@ashlar/nn'
import { expectRefusal, freshProcess, numbers, position } from '../support.ts'
import type { Windows } from './reference.ts'
import { checkLayer, convolution, distance, plain, scatter, scattered, transposedConvolution } from './reference.ts'

const windows = (rank: number, changes: Partial<Windows> = {}): Windows => {
  const each = (n: number): number[] => new Array<number>(rank).fill(n)
  return { stride: each(1), padding: each(0), dilation: each(1), groups: 1, outputPadding: each(0), ...changes }
}

const CASES: [string, Convolution, number[], Windows][] = [
  ['1D', new Conv1D(3, 2), [2, 4, 5], windows(1)],
  ['1D, stride, padding, dilation', new Conv1D(2, { kernelSize: [3], strides: 2, padding: 3, dilation: [2] }), [2, 1, 6], windows(1, { stride: [2], padding: [3], dilation: [2] })],
  ['2D', new Conv2D(2, [2, 3]), [1, 3, 4, 5], windows(2)],
  ['2D, every axis another', new Conv2D(2, [3, 2], { strides: [1, 2], padding: [2, 0], dilation: [1, 3] }), [2, 2, 4, 7], windows(2, { stride: [1, 2], padding: [2, 0], dilation: [1, 3] })],
  ['2D, groups', new Conv2D(6, 2, { groups: 3 }), [1, 3, 3, 4], windows(2, { groups: 3 })],
  ['2D, depthwise without bias', new Conv2D(4, { kernelSize: 3, groups: 4, padding: 1, useBias: false }), [1, 4, 3, 3], windows(2, { groups: 4, padding: [1, 1] })],
  ['3D', new Conv3D(2, [1, 2, 2], { strides: [1, 2, 1], padding: [0, 1, 0] }), [1, 2, 2, 3, 3], windows(3, { stride: [1, 2, 1], padding: [0, 1, 0] })],
  ['1D transposed', new Conv1DTranspose(3, 2), [2, 4, 5], windows(1)],
  ['1D transposed, all options', new Conv1DTranspose(2, 3, { strides: 3, padding: 1, dilation: 2, outputPadding: 2 }), [1, 2, 4], windows(1, { stride: [3], padding: [1], dilation: [2], outputPadding: [2] })],
  ['2D transposed, every axis another', new Conv2DTranspose(2, [3, 2], { strides: [2, 1], padding: [1, 0], outputPadding: [1, 0] }), [2, 3, 2, 3], windows(2, { stride: [2, 1], padding: [1, 0], outputPadding: [1, 0] })],
  ['2D transposed, groups', new Conv2DTranspose(4, 2, { strides: 2, groups: 2 }), [1, 6, 2, 2], windows(2, { stride: [2, 2], groups: 2 })],
  ['3D transposed, padding beyond the kernel', new Conv3DTranspose(1, 2, { padding: [0, 1, 0], strides: 2 }), [1, 2, 1, 3, 2], windows(3, { stride: [2, 2, 2], padding: [0, 1, 0] })],
]

describe('convolutions', () => {
  freshProcess()

  it.each(CASES)('B-10.3: %s is what the definition says', (name, layer, shape, options) => {
    const x = scattered(shape)
    layer.initialize()
    layer(x)
    layer.cast('float64')
    scatter(layer)
    const bias = layer.bias === null ? new Array<number>(99).fill(0) : numbers(layer.bias.data())
    const expected = (name.includes('transposed') ? transposedConvolution : convolution)(plain(x), plain(layer.weight.data()), bias, options)
    const y = layer(x)
    expect(y.shape).toEqual(expected.shape)
    expect(distance(numbers(y), expected.data)).toBeLessThan(1e-12)
  })

  it.each(CASES)('B-10.3: gradients of %s are what differences give', (_, layer, shape) => {
    checkLayer(layer, scattered(shape))
  })

  it.each([
    ['NWC', (o: object) => new Conv1D(4, 2, { ...o, groups: 2 }), [2, 4, 5], [4, 2, 2], [4, 2, 2]],
    ['NHWC', (o: object) => new Conv2D(3, [2, 3], { ...o, strides: [1, 2] }), [1, 2, 4, 5], [3, 2, 2, 3], [3, 2, 3, 2]],
    ['NDHWC', (o: object) => new Conv3D(3, [1, 2, 2], o), [1, 2, 2, 3, 3], [3, 2, 1, 2, 2], [3, 1, 2, 2, 2]],
    ['NHWC', (o: object) => new Conv2DTranspose(3, [2, 3], o), [1, 2, 4, 5], [2, 3, 2, 3], [2, 2, 3, 3]],
  ] as const)('B-10.3: layout %s computes what channels first does', (layout, make, shape, firstShape, lastShape) => {
    const [first, last] = [make({}), make({ layout })] as [Convolution, Convolution]
    const toLast = [0, ...shape.map((_, i) => i).slice(2), 1]
    const x = scattered(shape)
    for (const [layer, input] of [[first, x], [last, x.transpose(toLast)]] as const) {
      layer.initialize()
      layer(input)
    }
    expect([first.weight.shape, last.weight.shape]).toEqual([firstShape, lastShape])
    last.weight.setData(first.weight.data().transpose(toLast))
    const [y, z] = [first(x), last(x.transpose(toLast))]
    expect(z.shape).toEqual(y.transpose(toLast).shape)
    expect(numbers(z)).toEqual(numbers(y.transpose(toLast)))
  })

  it('B-4.1: all are named conv, and the activation is a child named after its layer', () => {
    const layers = [new Conv1D(1, 1), new Conv2D(1, 1), new Conv3D(1, 1), new Conv1DTranspose(1, 1), new Conv2DTranspose(1, 1), new Conv3DTranspose(1, 1)]
    expect(layers.map(layer => layer.name)).toEqual(['conv0', 'conv1', 'conv2', 'conv3', 'conv4', 'conv5'])
    const active = new Conv2D(1, 1, { activation: 'tanh' })
    expect(active.act!.name).toBe('conv6_tanh')
    expect([...active.collectParams().keys()]).toEqual(['conv6_weight', 'conv6_bias'])
    active.initialize('ones')
    expect(numbers(active(np.ones([1, 1, 1, 1])))[0]).toBeCloseTo(Math.tanh(1), 6)
  })

  it('B-10.3: the first input tells the channels, the weight is drawn then, and nothing waits that is known', () => {
    const net = new Sequential(new Conv2D(2, 3), new Conv2D(3, 1, { inChannels: 2 }))
    net.initialize()
    expect(position()).toBe(6)
    expect(net[0]!.weight.shape).toEqual([2, -1, 3, 3])
    net(np.ones([1, 4, 3, 3]))
    expect(position()).toBe(6 + 72)
    expect(net[0]!.weight.shape).toEqual([2, 4, 3, 3])
  })

  it('E5.3-2, B-10.3: refuses other channels and stays as it was', () => {
    const layer = new Conv2D(4, 3, { inChannels: 2 })
    layer.initialize()
    expectRefusal(layer, () => layer(np.ones([1, 3, 5, 5])), 'MXNetError', 'Shape inconsistent, Provided = [4,2,3,3], inferred shape=(4,3,3,3)')
    const transposed = new Conv1DTranspose(4, 3, { inChannels: 2 })
    transposed.initialize()
    expectRefusal(transposed, () => transposed(np.ones([1, 3, 5])), 'MXNetError', 'Shape inconsistent, Provided = [2,4,3], inferred shape=(3,4,3)')
  })

  it.each([
    ['another rank', () => new Conv2D(1, 1), [1, 1, 1], 'the input is (N, C, H, W), got (1, 1, 1)'],
    ['a window that does not fit', () => new Conv2D(1, [1, 3]), [1, 1, 5, 2], 'a window of (1, 3) does not fit into (5, 2)'],
    ['channels that groups do not divide', () => new Conv1D(4, 1, { groups: 2 }), [1, 3, 5], '3 channels do not divide into 2 groups'],
    ['no channels', () => new Conv1D(4, 1), [1, 0, 5], '0 channels'],
    ['a transposed result of nothing', () => new Conv1DTranspose(1, 1, { padding: 2 }), [1, 1, 3], 'does not fit into (3,) with padding (2,)'],
  ] as const)('a first input with %s leaves shapes open', (_, make, shape, text) => {
    const layer = make() as Convolution
    layer.initialize()
    expectRefusal(layer, () => layer(np.ones(shape)), 'ValueError', text)
    expect(position()).toBe(0)
  })

  it.each([
    ['no channels', () => new Conv2D(0, 1), 'ValueError', 'channels is a whole number from 1, got 0'],
    ['no kernel', () => new Conv2D(1, {}), 'ValueError', 'kernelSize is a whole number from 1, or 2 of them, got []'],
    ['too few extents', () => new Conv3D(1, [1, 2]), 'ValueError', 'kernelSize is a whole number from 1, or 3 of them, got [1, 2]'],
    ['a stride of 0', () => new Conv1D(1, 1, { strides: 0 }), 'ValueError', 'strides is a whole number from 1'],
    ['negative padding', () => new Conv1D(1, 1, { padding: -1 }), 'ValueError', 'padding is a whole number from 0'],
    ['a fraction', () => new Conv1D(1, 1, { dilation: 1.5 }), 'ValueError', 'dilation is a whole number from 1'],
    ['groups', () => new Conv1D(3, 1, { groups: 2 }), 'ValueError', '3 channels do not divide into 2 groups'],
    ['groups of the input', () => new Conv1D(2, 1, { groups: 2, inChannels: 3 }), 'ValueError', '3 channels do not divide into 2 groups'],
    ['a layout', () => new Conv2D(1, 1, { layout: 'NCW' as never }), 'ValueError', `unknown layout 'NCW'`],
    ['an unknown option', () => new Conv2D(1, 1, { stride: 1 } as never), 'TypeError', `unknown option 'stride'`],
    ['what only transposed ones take', () => new Conv2D(1, 1, { outputPadding: 1 } as never), 'TypeError', `unknown option 'outputPadding'`],
    ['options twice', () => new Conv2D(1, { kernelSize: 1 }, {}), 'TypeError', 'kernelSize comes before the options'],
    ['an activation', () => new Conv2D(1, 1, { activation: 'step' as never }), 'ValueError', "'step'"],
  ])('refuses %s', (_, make, name, text) => {
    expect(make).toThrow(expect.objectContaining({ name, message: expect.stringContaining(text) }))
  })
})
