import { Context, array, autograd, avgPool, batchNorm, convolution, convolutionTranspose, linear, logSoftmax, maxPool, registerBackend, scope, sizeOf, softmax, softmaxCrossEntropy, unregisterBackend } from '@ashlar/core'
import type { Device, NDArray, Override, PoolingOptions, Shape, Spec, Tensor } from '@ashlar/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDevice } from '../src/device.ts'
import type { Engine, Handle } from '../src/engine.ts'
import { convolution as convolve, convolutionGradWeight, convolutionTranspose as spread } from '../src/overrides/convolution.ts'
import { overridesOf } from '../src/overrides/index.ts'
import { batchNorm as normalize } from '../src/overrides/normalization.ts'
import type { Composed } from '../src/overrides/override.ts'
import { softmax as exponential } from '../src/overrides/softmax.ts'
import { foldWindows, unfoldWindows } from '../src/overrides/windows.ts'
import { testEngines } from './engines.ts'
import type { Convolved } from './float64.ts'
import { convolved, convolvedBack, convolvedWeight, pooled, pooledBack } from './float64.ts'
import { NO_NATIVE } from './native.ts'

/** Numbers of either sign that are no multiples of each other. */
const numbers = (shape: Shape, seed = 0): number[] => Array.from({ length: sizeOf(shape) }, (_, i) => (((i + seed) * 7919) % 2003) / 701 - 1.4)

function expectClose(actual: NDArray, expected: readonly number[], label: string, tolerance = 2e-5): void {
  const values = Array.from(actual.toTypedArray() as Float32Array)
  const scale = Math.max(1, ...expected.filter(Number.isFinite).map(Math.abs))
  expect(values.length, label).toBe(expected.length)
  values.forEach((value, i) => {
    if (Number.isFinite(expected[i]!)) expect(Math.abs(value - expected[i]!), `${label}, element ${i}: ${value} for ${expected[i]}`).toBeLessThanOrEqual(tolerance * scale)
    else expect(value, `${label}, element ${i}`).toBe(expected[i])
  })
}

/** A device with every override that its engine can run, those that do not pay on it too. */
function withAll(engine: Engine): Device {
  const device = openDevice(engine)
  const more: Readonly<Record<string, Composed>> = {
    convolution: convolve, convolutionGradWeight, convolutionTranspose: spread, unfold: unfoldWindows, fold: foldWindows, softmax: exponential, batchNorm: normalize, batchNormTraining: normalize,
  }
  const run = (compose: Composed): Override<Handle> => (inputs: readonly Tensor<Handle>[], attributes: never, out: Spec) =>
    (out.size === 0 ? device.fill(0, out) : engine.run(steps => compose(steps, inputs, attributes, out)))
  return { ...device, overrides: { ...device.overrides, ...Object.fromEntries(Object.entries(more).map(([name, compose]) => [name, run(compose)])) } } as Device
}

interface Row extends Convolved {
  readonly title: string
}

const CONVOLUTIONS: readonly Row[] = [
  { title: 'plain', x: [2, 3, 6, 5], weight: [4, 3, 3, 2], stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 },
  { title: 'strided and padded', x: [2, 3, 7, 6], weight: [4, 3, 3, 3], stride: [2, 1], padding: [1, 2], dilation: [1, 1], groups: 1 },
  { title: 'with elements that no window sees', x: [1, 2, 8, 8], weight: [3, 2, 3, 3], stride: [3, 3], padding: [0, 1], dilation: [1, 1], groups: 1 },
  { title: 'dilated', x: [1, 2, 8, 7], weight: [3, 2, 3, 2], stride: [1, 2], padding: [2, 1], dilation: [2, 3], groups: 1 },
  { title: 'of one channel', x: [3, 1, 6, 6], weight: [2, 1, 3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 },
  { title: 'of single places', x: [2, 3, 4, 4], weight: [5, 3, 1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 },
  { title: 'of single places, strided', x: [2, 3, 5, 4], weight: [5, 3, 1, 1], stride: [2, 2], padding: [0, 0], dilation: [2, 2], groups: 1 },
  { title: 'in groups', x: [2, 4, 5, 5], weight: [6, 2, 3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 2 },
  { title: 'channel by channel', x: [2, 3, 6, 6], weight: [6, 1, 3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 3 },
  { title: 'channel by channel, strided', x: [2, 3, 7, 6], weight: [3, 1, 3, 2], stride: [2, 2], padding: [0, 1], dilation: [1, 1], groups: 3 },
  { title: 'channel by channel, in unequal strides', x: [2, 3, 7, 6], weight: [3, 1, 3, 2], stride: [2, 1], padding: [0, 1], dilation: [1, 1], groups: 3 },
  { title: 'of one axis', x: [2, 3, 9], weight: [4, 3, 3], stride: [2], padding: [1], dilation: [1], groups: 1 },
  { title: 'of one axis, channel by channel', x: [2, 4, 9], weight: [4, 1, 3], stride: [1], padding: [1], dilation: [1], groups: 4 },
  { title: 'of three axes', x: [1, 2, 5, 4, 3], weight: [3, 2, 2, 3, 2], stride: [2, 1, 1], padding: [1, 0, 1], dilation: [1, 1, 1], groups: 1 },
]

const POOLS: readonly { readonly x: Shape; readonly options: PoolingOptions }[] = [
  { x: [2, 3, 6, 4], options: { kernel: 2 } },
  { x: [2, 3, 7, 5], options: { kernel: 2 } },
  { x: [2, 3, 7, 5], options: { kernel: 2, ceilMode: true } },
  { x: [2, 3, 7, 6], options: { kernel: [3, 2], stride: [2, 1], padding: 1 } },
  { x: [1, 2, 9, 9], options: { kernel: 3, stride: 2, padding: 1, ceilMode: true } },
  { x: [2, 3, 11], options: { kernel: 3, stride: 2 } },
  { x: [1, 2, 4, 5, 6], options: { kernel: [2, 2, 3], stride: [2, 1, 3] } },
]

const engines = await testEngines()

describe.each(engines)('overrides on %s, against sums in float64', (name, engine) => {
  const type = `overridden-${engine.name}`
  const on = (values: readonly number[], shape: Shape): NDArray => array([...values], { ctx: new Context(type) }).reshape(shape)
  const recorded = (inputs: readonly NDArray[], run: () => NDArray, heads: readonly number[]): [NDArray, NDArray[]] => {
    for (const input of inputs) input.attachGrad('null')
    const y = autograd.record(run)
    return [y, autograd.grad(y, inputs, { headGrads: on(heads.slice(0, y.size), y.shape) })]
  }
  beforeAll(() => registerBackend({ name: type, type, count: 1, open: () => withAll(engine) }))
  afterAll(() => unregisterBackend(type))

  it.each(CONVOLUTIONS.map(row => [row.title, row] as const))('a convolution %s, and its gradients', (_, row) => scope(() => {
    const [x, w, b] = [numbers(row.x), numbers(row.weight, 31), numbers([row.weight[0]!], 77)]
    const { stride, padding, dilation, groups } = row
    const arrays = [on(x, row.x), on(w, row.weight), on(b, [b.length])] as [NDArray, NDArray, NDArray]
    const expected = convolved(row, x, w, b)
    const heads = numbers([expected.length], 5)
    const [y, [gx, gw]] = recorded(arrays, () => convolution(...arrays, { stride, padding, dilation, groups }), heads)
    expectClose(y, expected, 'output')
    expectClose(gx!, convolvedBack(row, heads, w), 'gradient of x')
    expectClose(gw!, convolvedWeight(row, x, heads), 'gradient of the weight')
  }))

  it('a transposed convolution is the gradient of a convolution, with room behind it too', () => scope(() => {
    const row: Convolved = { x: [2, 3, 8, 9], weight: [4, 3, 3, 2], stride: [2, 3], padding: [1, 0], dilation: [1, 1], groups: 1 }
    const w = numbers(row.weight, 3)
    // (2, 4, 4, 3) windows; one row and one column of x are behind the last of them.
    const g = numbers([2, 4, 4, 3], 9)
    const y = convolutionTranspose(on(g, [2, 4, 4, 3]), on(w, row.weight), null, { stride: [2, 3], padding: [1, 0], outputPadding: [1, 1] })
    expect(y.shape).toEqual(row.x)
    expectClose(y, convolvedBack(row, g, w), 'output')
  }))

  it.each(POOLS.map(row => [`${row.x.join(' x ')} ${JSON.stringify(row.options)}`, row] as const))('pools of %s', (_, { x, options }) => scope(() => {
    const data = numbers(x)
    const heads = numbers([sizeOf(x)], 3)
    for (const [kind, own] of [['max', options], ['mean', { ...options, countIncludePad: true }], ['mean', { ...options, countIncludePad: false }]] as const) {
      const input = on(data, x)
      const [y, [gradient]] = recorded([input], () => (kind === 'max' ? maxPool : avgPool)(input, own), heads)
      expectClose(y, pooled(kind, x, data, own), kind)
      expectClose(gradient!, pooledBack(kind, x, data, heads, own), `gradient of the ${kind}`)
    }
  }))

  it('softmax and its logarithm along any axis', () => scope(() => {
    const [shape, x] = [[3, 4, 5], numbers([3, 4, 5]).map(value => 20 * value)] as const
    for (const axis of [0, 1, 2]) {
      const [extent, step] = [shape[axis]!, sizeOf(shape.slice(axis + 1))]
      const logs = x.map((value, i) => {
        const first = i - (Math.floor(i / step) % extent) * step
        const row = Array.from({ length: extent }, (_, k) => x[first + k * step]!)
        const best = Math.max(...row)
        return value - best - Math.log(row.reduce((sum, other) => sum + Math.exp(other - best), 0))
      })
      expectClose(logSoftmax(on(x, shape), { axis }), logs, `logSoftmax along ${axis}`)
      expectClose(softmax(on(x, shape), { axis }), logs.map(Math.exp), `softmax along ${axis}`)
    }
  }))

  it('cross entropy, and its gradient', () => scope(() => {
    const [x, labels] = [numbers([4, 3]), [2, 0, 1, 1]]
    const total = labels.map((_, row) => [0, 1, 2].reduce((sum, k) => sum + Math.exp(x[row * 3 + k]!), 0))
    const pred = on(x, [4, 3])
    const label = array(labels, { dtype: 'int32', ctx: new Context(type) })
    const [loss, [gradient]] = recorded([pred], () => softmaxCrossEntropy(pred, label), [1, 2, 3, 4])
    expectClose(loss, labels.map((k, row) => Math.log(total[row]!) - x[row * 3 + k]!), 'loss')
    expectClose(gradient!, x.map((value, i) => (Math.floor(i / 3) + 1) * (Math.exp(value) / total[Math.floor(i / 3)]! - (labels[Math.floor(i / 3)] === i % 3 ? 1 : 0))), 'gradient')
  }))

  it.each([[[2, 3, 4, 2], 1], [[6, 5], 1], [[4, 3, 5], 0]] as const)('batch normalization of %j along axis %i', (shape, axis) => scope(() => {
    const [x, n] = [numbers(shape), shape[axis]!]
    const [gamma, beta, mean, spread] = [numbers([n], 1), numbers([n], 2), numbers([n], 3), numbers([n], 4).map(value => value ** 2)]
    const after = sizeOf(shape.slice(axis + 1))
    const expected = x.map((value, i) => {
      const c = Math.floor(i / after) % n
      return ((value - mean[c]!) / Math.sqrt(spread[c]! + 1e-3)) * gamma[c]! + beta[c]!
    })
    const [g, b, m, v] = [gamma, beta, mean, spread].map(values => on(values, [n])) as [NDArray, NDArray, NDArray, NDArray]
    expectClose(batchNorm(on(x, shape), g, b, m, v, { axis, epsilon: 1e-3 }), expected, 'output')
  }))

  it('linear layers of nothing, of integers, and of floats', () => scope(() => {
    const ctx = new Context(type)
    const [empty, weight] = [array(new Float32Array(0), { ctx }).reshape(2, 0), array(new Float32Array(0), { ctx }).reshape(3, 0)]
    expect(linear(empty, weight, array([1, 2, 3], { ctx })).tolist()).toEqual([[1, 2, 3], [1, 2, 3]])
    const int = (values: number[], shape: Shape): NDArray => array(values, { dtype: 'int32', ctx }).reshape(shape)
    expect(linear(int([1, 2], [1, 2]), int([3, 4, 5, 6], [2, 2]), int([1, 16777216], [2])).tolist()).toEqual([[12, 16777233]])
    expect(linear(on([1, 2], [1, 2]), on([3, 4, 5, 6], [2, 2]), on([1, 2], [2])).tolist()).toEqual([[12, 19]])
  }))

  it('convolutions of integers stay exact, and of bools are whether any holds', () => scope(() => {
    const ctx = new Context(type)
    const x = array([16777217, 2, 3], { dtype: 'int32', ctx }).reshape(1, 1, 3)
    expect(convolution(x, array([1, 1], { dtype: 'int32', ctx }).reshape(1, 1, 2)).tolist()).toEqual([[[16777219, 5]]])
    const bits = array([true, false, false], { dtype: 'bool', ctx }).reshape(1, 1, 3)
    expect(convolution(bits, array([true, true], { dtype: 'bool', ctx }).reshape(1, 1, 2)).tolist()).toEqual([[[true, false]]])
  }))

  it(`are those that pay on ${name}`, () => {
    const names = Object.keys(overridesOf(engine))
    for (const always of ['sgdStep', 'adamStep', 'maxPool', 'avgPool']) expect(names).toContain(always)
    expect(names.includes('convolutionGradWeight')).toBe(engine.isNative)
  })

  it('leave out what needs kernels that a binding lacks', () => {
    const without = Object.create(engine, { has: { value: (...kernels: string[]) => !kernels.includes('Conv2D') } }) as Engine
    expect(Object.keys(overridesOf(without))).not.toContain('convolution')
  })
})

if (engines.length < 3) it('overrides on TensorFlow itself', ({ skip }) => skip(NO_NATIVE))
