import { describe, expect, it } from 'vitest'
import { autograd, np, seed } from '@ashlar/core'
import type { ActivationName, DenseOptions } from '@ashlar/nn'
import { Activation, Dense } from '@ashlar/nn'
import { expectArray, expectRefusal, freshProcess, golden, numbers, position, toArray } from './support.ts'

const OPTIONS: Record<string, DenseOptions> = {
  'Dense(3)': {},
  "Dense(3,'relu')": { activation: 'relu' },
  "Dense(3,'tanh')": { activation: 'tanh' },
  'Dense(3,flatten=False)': { flatten: false },
  'Dense(3) on 3-d': {},
  'Dense(3,in_units=4)': { inUnits: 4 },
  "Dense(3,activation='relu',use_bias=False,in_units=2)": { activation: 'relu', useBias: false, inUnits: 2 },
}

function make(key: string): Dense | Activation {
  const activation = /^Activation\('(\w+)'\)$/.exec(key)
  if (activation !== null) return new Activation(activation[1] as ActivationName)
  return new Dense(3, OPTIONS[key] ?? expect.fail(`no options for ${key}`))
}

describe('layers against MXNet', () => {
  freshProcess()

  it.each(Object.keys(golden.default_init))('initialize: %s', key => {
    const row = golden.default_init[key]!
    const [, value, layerKey] = /^seed (\d) (.*)$/.exec(key)!
    seed(Number(value))
    const layer = make(layerKey!)
    layer.initialize()
    expect(position()).toBe(row.pos)
    expect(layer.repr()).toBe(row.repr)
    const parameters = [...layer.collectParams().values()]
    expect(parameters.map(p => p.name.slice(layer.prefix.length))).toEqual(row.params.map(p => p.name))
    parameters.forEach((p, i) => {
      expect(numbers(p.data())).toEqual(row.params[i]!.data.map(Math.fround))
      expect([p.shape, p.dtype, p.gradReq]).toEqual([row.params[i]!.shape, row.params[i]!.dtype, row.params[i]!.grad_req])
    })
  })

  it.each(Object.keys(golden.layers))('B-10.1, outputs and gradients: %s', key => {
    const row = golden.layers[key]!
    const layer = make(key)
    layer.initialize()
    const x = toArray(row.x)
    x.attachGrad()
    const y = autograd.record(() => layer(x))
    expectArray(y, row.out_train)
    y.backward()
    expectArray(x.grad!, row.grad_x)
    expectArray(layer(x), row.out_predict_after)
    const parameters = [...layer.collectParams().values()]
    expect(parameters.length).toBe(row.params.length)
    parameters.forEach((p, i) => {
      expect(numbers(p.data())).toEqual(row.params[i]!.data.map(Math.fround))
      expectArray(p.grad(), row.params[i]!.grad)
    })
  })

  it.each([['sigmoid', [0.26894142, 0.5, 0.8807971]], ['tanh', [-0.7615942, 0, 0.9640276]], ['relu', [0, 0, 2]]] as const)('Activation(%s) by formula', (name, expected) => {
    expectArray(new Activation(name)(np.array([-1, 0, 2])), { shape: [3], dtype: 'float32', data: [...expected] })
  })
})

describe('Dense', () => {
  freshProcess()

  it('B-10.1: without bias the field is null and there is one parameter', () => {
    const layer = new Dense(2, { useBias: false })
    expect(layer.bias).toBeNull()
    expect([...layer.collectParams().keys()]).toEqual(['dense0_weight'])
  })

  it('B-10.1, B-4.3: its activation is the child `act`, named after the layer', () => {
    const layer = new Dense(2, { activation: 'relu' })
    expect([...layer.children.keys()]).toEqual(['act'])
    expect(layer.act!.name).toBe('dense0_relu')
  })

  it('B-10.1: flatten collapses all axes but the first, of one-dimensional and empty input too', () => {
    const sizes = [[[4], 1, [4, 2]], [[4, 3], 3, [4, 2]], [[4, 3, 2, 2], 12, [4, 2]], [[0, 3, 2], 6, [0, 2]]] as const
    for (const [shape, features, out] of sizes) {
      const layer = new Dense(2)
      layer.initialize()
      expect(layer(np.ones(shape)).shape).toEqual(out)
      expect(layer.weight.shape).toEqual([2, features])
    }
  })

  it('B-10.1: without flatten the last axis counts', () => {
    const layer = new Dense(2, { flatten: false })
    layer.initialize()
    expect(layer(np.ones([4, 3, 5])).shape).toEqual([4, 3, 2])
    expect(layer.weight.shape).toEqual([2, 5])
  })

  it('its own initializers win over the network\'s', () => {
    const layer = new Dense(2, { inUnits: 1, weightInitializer: 'ones', biasInitializer: 'one' })
    layer.initialize('zeros')
    expect([numbers(layer.weight.data()), numbers(layer.bias!.data())]).toEqual([[1, 1], [1, 1]])
  })

  it('another dtype', () => {
    const layer = new Dense(2, { inUnits: 3, dtype: 'float64' })
    layer.initialize()
    expect(layer(np.ones([1, 3], { dtype: 'float64' })).dtype).toBe('float64')
  })

  it.each([0, -1, 1.5, NaN])('refuses %s units', units => {
    expect(() => new Dense(units)).toThrow(expect.objectContaining({ name: 'ValueError' }))
  })

  it.each([-2, 1.5, NaN])('refuses %s features', inUnits => {
    expect(() => new Dense(1, { inUnits })).toThrow(expect.objectContaining({ name: 'ValueError', message: expect.stringContaining('inUnits is a whole number') }))
  })

  it('refuses input that is no array, or has no axis, and stays as it was', () => {
    const layer = new Dense(2)
    layer.initialize()
    expectRefusal(layer, () => layer([[1]] as never), 'TypeError', '[dense0] expected an NDArray')
    expectRefusal(layer, () => layer(np.array(1)), 'ValueError', 'at least one axis, got a 0-d array')
  })

  it('refuses an unknown activation', () => {
    expect(() => new Dense(2, { activation: 'step' as never })).toThrow(`Invalid Input: 'step', valid values are: {'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}`)
  })

  it('E5.3-2: refuses input of another size and stays as it was', () => {
    const layer = new Dense(2, { inUnits: 3 })
    layer.initialize()
    expectRefusal(layer, () => layer(np.ones([1, 4])), 'MXNetError', 'Shape inconsistent, Provided = [2,3], inferred shape=(2,4)')
  })
})
