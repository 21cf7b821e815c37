import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { autograd, np, seed } from '@ashlar/core'
import type { Block } from '@ashlar/nn'
import * as nn from '@ashlar/nn'
import type { GoldenLayers } from '../support.ts'
import { expectArray, freshProcess, goldenPath, numbers, position, toArray } from '../support.ts'

const golden = JSON.parse(readFileSync(goldenPath('more-layers.json'), 'utf8')) as Pick<GoldenLayers, 'default_init' | 'layers'> & { reprs: string[] }

/** What the golden keys, which are Python, say in TypeScript. */
const LAYERS: Record<string, () => Block> = {
  'Conv2D(2,3,in_channels=2)': () => new nn.Conv2D(2, 3, { inChannels: 2 }),
  'Conv1D(2,3,in_channels=2)': () => new nn.Conv1D(2, 3, { inChannels: 2 }),
  'Conv2D(4,(1,2),groups=2,in_channels=4)': () => new nn.Conv2D(4, [1, 2], { groups: 2, inChannels: 4 }),
  'Conv2DTranspose(2,2,in_channels=3)': () => new nn.Conv2DTranspose(2, 2, { inChannels: 3 }),
  'Conv2D(2,2,dilation=2)': () => new nn.Conv2D(2, { kernelSize: 2, dilation: 2 }),
  'MaxPool2D(3,2,ceil_mode=True)': () => new nn.MaxPool2D(3, { strides: 2, ceilMode: true }),
  'AvgPool2D(2,padding=1)': () => new nn.AvgPool2D(2, { padding: 1 }),
  'AvgPool2D(2,padding=1,count_include_pad=False)': () => new nn.AvgPool2D({ poolSize: 2, padding: 1, countIncludePad: false }),
  'GlobalAvgPool2D()': () => new nn.GlobalAvgPool2D(),
  'GlobalMaxPool2D()': () => new nn.GlobalMaxPool2D(),
  'BatchNorm()': () => new nn.BatchNorm(),
  'BatchNorm() images': () => new nn.BatchNorm(),
  'BatchNorm(scale=False,center=False)': () => new nn.BatchNorm({ scale: false, center: false }),
  'BatchNorm(in_channels=3)': () => new nn.BatchNorm({ inChannels: 3 }),
  'LayerNorm()': () => new nn.LayerNorm(),
  'LayerNorm(in_channels=3)': () => new nn.LayerNorm({ inChannels: 3 }),
  'InstanceNorm(in_channels=3)': () => new nn.InstanceNorm({ inChannels: 3 }),
  'Embedding(5,3)': () => new nn.Embedding(5, 3),
  'PReLU()': () => new nn.PReLU(),
  'Dropout(.5)': () => new nn.Dropout(0.5),
  'Flatten()': () => new nn.Flatten(),
  'ELU(1)': () => new nn.ELU(1),
  'GELU()': () => new nn.GELU(),
  'Swish(1)': () => new nn.Swish(1),
  'LSTM(3,input_size=2)': () => new nn.rnn.LSTM(3, { inputSize: 2 }),
  'GRU(3,input_size=2)': () => new nn.rnn.GRU(3, { inputSize: 2 }),
  'RNN(3,input_size=2)': () => new nn.rnn.RNN(3, { inputSize: 2 }),
  'LSTM(2,2,bidirectional,input_size=2)': () => new nn.rnn.LSTM(2, 2, { bidirectional: true, inputSize: 2 }),
  'GRU(2)': () => new nn.rnn.GRU(2),
  'RNN(2)': () => new nn.rnn.RNN(2),
}

const make = (key: string): Block => (LAYERS[key] ?? expect.fail(`no layer for ${key}`))()

describe('more layers against MXNet', () => {
  freshProcess()

  it.each(Object.keys(golden.default_init))('B-10.2, B-10.3, initialize: %s', key => {
    const row = golden.default_init[key]!
    const [, value, layerKey] = /^seed (\d) (.*)$/.exec(key)!
    seed(Number(value))
    const layer = make(layerKey!)
    layer.initialize()
    expect(position()).toBe(row.pos)
    // Upstream shows the channels of a transposed convolution the wrong way round.
    expect(layer.repr()).toBe(layerKey!.includes('Transpose') ? row.repr.replace('2 -> 3', '3 -> 2') : row.repr)
    const parameters = [...layer.collectParams().values()]
    expect(parameters.map(p => p.name.slice(layer.prefix.length))).toEqual(row.params.map(p => p.name))
    parameters.forEach((p, i) => {
      expect(numbers(p.data())).toEqual(row.params[i]!.data.map(Math.fround))
      expect([p.shape, p.dtype, p.gradReq]).toEqual([row.params[i]!.shape, row.params[i]!.dtype, row.params[i]!.grad_req])
    })
  })

  it.each(Object.keys(golden.layers))('B-10.3 to B-10.5, outputs, gradients and running statistics: %s', key => {
    const row = golden.layers[key]!
    const layer = make(key)
    layer.initialize()
    const x = toArray(row.x)
    x.attachGrad()
    const y = autograd.record(() => layer(x) as NDArray)
    // Where a normalization's gradient vanishes, what is left is rounding, in MXNet and here.
    const near = (actual: NDArray, expected: typeof row.x): void => {
      if (expected.data.every(value => Math.abs(value) < 1e-6)) expect(Math.max(...numbers(np.abs(actual)))).toBeLessThan(1e-6)
      else expectArray(actual, expected, 2e-5)
    }
    near(y, row.out_train)
    y.backward()
    near(x.grad!, row.grad_x)
    near(layer(x) as NDArray, row.out_predict_after)
    const parameters = [...layer.collectParams().values()]
    expect(parameters.map(p => p.name.slice(layer.prefix.length))).toEqual(row.params.map(p => p.name))
    parameters.forEach((p, i) => {
      near(p.data(), row.params[i]!)
      if ((row.params[i]!.grad as unknown) === null) expect(() => p.grad()).toThrow(/grad_req='null'/)
      else near(p.grad(), row.params[i]!.grad)
    })
  })

  const tanh = (x: NDArray): NDArray => np.tanh(x)

  it('B-10.2, Q-5: printed forms', () => {
    const settled = new nn.Conv2D(4, 3, { strides: 2, padding: 1, dilation: 2, groups: 2, inChannels: 4, useBias: false, activation: 'relu' })
    const layers: Block[] = [
      new nn.Dropout(0.5), new nn.Dropout(0.2, { axes: [0] }), new nn.BatchNorm(), new nn.Embedding(10, 100), new nn.LeakyReLU(0.1), new nn.PReLU(), new nn.ELU(),
      new nn.SELU(), new nn.GELU(), new nn.Lambda('tanh'), new nn.HybridLambda(tanh), new nn.LayerNorm(), new nn.LayerNorm({ inChannels: 10 }), new nn.InstanceNorm(),
      new nn.Conv1D(2, 3), settled, new nn.Conv3D(2, 3), new nn.Conv2DTranspose(4, 3, { strides: 2, inChannels: 2 }), new nn.MaxPool2D(), new nn.AvgPool2D(), new nn.AvgPool1D(),
      new nn.GlobalAvgPool2D(), new nn.GlobalMaxPool2D(), new nn.ReflectionPad2D(), new nn.rnn.RNN(3),
      new nn.rnn.LSTM(4, 2, { dropout: 0.5, bidirectional: true, layout: 'NTC', inputSize: 3 }),
    ]
    const expected = golden.reprs.map(text => (text.includes('Transpose') ? text.replace('4 -> 2', '2 -> 4') : text))
    expect(layers.map(String)).toEqual(expected)
  })

  it.each([
    [new nn.Flatten(), 'Flatten'],
    [new nn.GroupNorm({ numGroups: 2 }), 'GroupNorm(eps=1e-05, num_groups=2, center=True, scale=True)'],
    [new nn.BatchNorm({ scale: false, useGlobalStats: true, epsilon: 2e-5, momentum: 0.99, axis: -1 }), 'BatchNorm(axis=-1, eps=2e-05, momentum=0.99, fix_gamma=True, use_global_stats=True, in_channels=-1)'],
    [new nn.LayerNorm({ epsilon: 1e-12, center: false }), 'LayerNorm(eps=1e-12, axis=-1, center=False, scale=True, in_channels=-1)'],
    [new nn.LayerNorm({ epsilon: 0.001 }), 'LayerNorm(eps=0.001, axis=-1, center=True, scale=True, in_channels=-1)'],
    [new nn.Conv1DTranspose(2, 3, { outputPadding: 1, strides: 2, padding: 1 }), 'Conv1DTranspose(-1 -> 2, kernel_size=(3,), stride=(2,), padding=(1,), output_padding=(1,))'],
    [new nn.MaxPool3D([1, 2, 3], { strides: 1, ceilMode: true, layout: 'NDHWC' }), 'MaxPool3D(size=(1, 2, 3), stride=(1, 1, 1), padding=(0, 0, 0), ceil_mode=True, global_pool=False, pool_type=max, layout=NDHWC)'],
    [new nn.Lambda((x: NDArray) => x), 'Lambda(<lambda>)'],
    [new nn.rnn.GRU(2, { numLayers: 3, layout: 'NTC' }), 'GRU(-1 -> 2, NTC, num_layers=3)'],
    [new nn.Dropout(0.00001, { axes: [0, 1] }), 'Dropout(p = 1e-05, axes=(0, 1))'],
  ])('B-10.2, printed forms by hand: %s', (layer, text) => {
    expect(layer.repr()).toBe(text)
  })
})
