import * as core from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { expectComposition, numbers } from './overrides-support.ts'

/** Below and above what goes to vectors, with ends of each length within a vector. */
const SIZES = [1, 250, 257, 1027, 4102] as const
const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1e-30, 3, -3, 60, -60, 100, -100]

const FUNCTIONS: Readonly<Record<string, (x: NDArray) => NDArray>> = {
  relu: core.relu, sigmoid: core.sigmoid, tanh: core.tanh, gelu: x => core.gelu(x), 'gelu approximate': x => core.gelu(x, { approximate: true }),
}

describe.each(['float32', 'float64'] as DType[])('%s', dtype => {
  it.each(Object.entries(FUNCTIONS))('%s is its composition, with its gradient', (_, fn) => {
    for (const size of SIZES) expectComposition({ dtype, shapes: [[size]], run: ([x]) => fn(x!) })
    for (const count of [1, 30]) expectComposition({ dtype, data: [Array.from({ length: count }, () => SPECIAL).flat()], shapes: [[12 * count]], run: ([x]) => fn(x!) })
  })

  it('gradients of activations have gradients', () => {
    for (const fn of [core.relu, core.sigmoid, core.tanh]) {
      expectComposition({ dtype, shapes: [[301]], run: ([x]) => core.autograd.grad(core.square(fn(x!)), [x!], { createGraph: true })[0]! })
    }
  })

  const steps: Readonly<Record<string, (arrays: readonly NDArray[], options: core.GradientOptions) => NDArray>> = {
    sgdStep: ([w, g], options) => core.sgdStep(w!, g!, { learningRate: 0.1, ...options }),
    sgdVelocity: ([w, g, v], options) => core.sgdVelocity(w!, g!, v!, { learningRate: 0.1, momentum: 0.9, ...options }),
    nagStep: ([w, g, v]) => core.nagStep(w!, g!, v!, { momentum: 0.9 }),
    adamMean: ([w, g, v], options) => core.adamMean(w!, g!, v!, { beta: 0.9, ...options }),
    adamSquare: ([w, g, v], options) => core.adamSquare(w!, g!, v!, { beta: 0.99, ...options }),
    adamStep: ([w, g, v], { wd = 0 }) => core.adamStep(w!, g!, core.square(v!), { rate: 0.01, epsilon: 1e-3, decay: wd }),
  }

  it.each(Object.entries(steps))('%s is its composition, with and without decay and clipping', (_, step) => {
    for (const size of SIZES) {
      for (const options of [{}, { wd: 0.01, rescaleGrad: 0.25 }, { clipGradient: 0.5, wd: 0.01 }, { clipGradient: 0.1 }]) {
        expectComposition({ dtype, shapes: [[size], [size], [size]].slice(0, step === steps['sgdStep'] ? 2 : 3), run: arrays => step(arrays, options) })
      }
    }
  })

  it('a weight that does not decay may be infinite, and what is cut may be NaN', () => {
    const data = [[Infinity, 1, 2].concat(numbers([300])), [1, NaN, -Infinity].concat(numbers([300], 7))]
    for (const options of [{}, { clipGradient: 0.5 }]) {
      expectComposition({ dtype, data, shapes: [[303], [303]], run: ([w, g]) => core.sgdStep(w!, g!, { learningRate: 0.1, ...options }) })
    }
  })

  it.each([[3, 5, 4], [40, 30, 17], [2, 2000, 3], [64, 7, 1]])('a linear layer of %i rows from %i to %i is its composition', (rows, from, to) => {
    expectComposition({ dtype, shapes: [[rows, from], [to, from], [to]], run: ([x, w, b]) => core.linear(x!, w!, b!) })
  })

  it('layer normalization is its composition, along any axis', () => {
    for (const [shape, axis] of [[[5, 7], -1], [[9, 3, 131], -1], [[4, 33, 6], 1], [[300, 1], -1]] as const) {
      const n = shape.at(axis)!
      expectComposition({ dtype, tolerance: 2e-5, shapes: [shape, [n], [n]], run: ([x, g, b]) => core.layerNorm(x!, g!, b!, { axis, epsilon: 1e-3 }) })
    }
    const rows = [...numbers([64]), ...Array.from({ length: 64 }, () => 3.3), NaN, ...numbers([63]), ...numbers([63]), Infinity, ...numbers([64]).map(n => n + 1000)]
    expectComposition({ dtype, data: [rows, numbers([64]), numbers([64], 3)], shapes: [[5, 64], [64], [64]], run: ([x, g, b]) => core.layerNorm(x!, g!, b!) })
  })

  it('batch normalization is its composition, with the batch\'s statistics and with given ones', () => {
    for (const [shape, axis] of [[[4, 6, 7, 5], 1], [[64, 9], -1], [[3, 4, 5, 11], -1], [[2, 3], 1]] as const) {
      const n = shape.at(axis)!
      expectComposition({ dtype, tolerance: 2e-5, shapes: [shape, [n], [n]], run: ([x, g, b]) => core.batchNormTraining(x!, g!, b!, { axis }).output })
      expectComposition({ dtype, shapes: [shape, [n], [n]], run: ([x, g, b]) => core.batchNorm(x!, g!, b!, core.full([n], 0.3, { dtype, ctx: x!.context }), core.full([n], 2, { dtype, ctx: x!.context }), { axis }) })
    }
  })

  it.each([[2, 10], [64, 10], [30, 301]])('the cross entropy of %i rows of %i classes is its composition', (rows, classes) => {
    const labels = (x: NDArray): NDArray => core.array(Array.from({ length: rows }, (_, i) => (i * 7) % classes), { dtype: 'int32', ctx: x.context })
    expectComposition({ dtype, shapes: [[rows, classes]], run: ([x]) => core.softmaxCrossEntropy(x!, labels(x!)) })
    const data = [numbers([rows * classes]).map((n, i) => (i === 3 ? 1000 : i === classes + 1 ? -1000 : n))]
    expectComposition({ dtype, data, shapes: [[rows, classes]], run: ([x]) => core.softmaxCrossEntropy(x!, labels(x!), { keepdims: true }) })
  })
})

it('relu and linear take whole numbers', () => {
  const integers = (shape: readonly number[], seed = 0): number[] => numbers(shape, seed).map(n => Math.trunc(n * 50))
  for (const dtype of ['int32', 'int8'] as const) {
    expectComposition({ dtype, tolerance: 0, data: [integers([301])], shapes: [[301]], run: ([x]) => core.relu(x!) })
    expectComposition({ dtype, tolerance: 0, data: [integers([40, 9]), integers([8, 9], 4), integers([8])], shapes: [[40, 9], [8, 9], [8]], run: ([x, w, b]) => core.linear(x!, w!, b!) })
  }
})

it('gelu is within 1e-6 of x Φ(x), relative to its size where that is no smaller than 1e-4', () => {
  // By the definition, x erfc(-x / √2) / 2, in double precision of another library.
  const table = [[-3, -0.004049694094890287], [-1, -0.15865525393145707], [-0.1, -0.0460172162722971], [0, 0], [0.5, 0.34573123063700656], [2, 1.9544997361036416], [6, 5.999999994080474]] as const
  const x = core.array(Array.from({ length: 50 }, () => table.map(([value]) => value)).flat(), { dtype: 'float32' })
  const y = core.gelu(x).toTypedArray() as Float32Array
  table.forEach(([argument, value], i) => expect(Math.abs(y[i]! - value), `gelu(${argument})`).toBeLessThanOrEqual(1e-6 * Math.max(Math.abs(value), 1e-4)))
})
