import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { array, autograd, checkGradients, full, logSoftmax, mul, neg, pick, reluGradient, sigmoid, sigmoidGradient, softmaxCrossEntropy, square, tanh, tanhGradient } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, flat } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const TIGHT = { rtol: 1e-12, atol: 1e-14 }
const X = [0.5, -1.25, 2, -0.1, 3, 0.25]
const predictions = (): NDArray => array(X, { dtype: 'float64' }).reshape(2, 3)

/** Minus the logarithm of the label's share of the exponentials. */
function expected(rows: readonly (readonly number[])[], labels: readonly number[]): number[] {
  return rows.map((row, i) => Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[labels[i]!]!)
}

/** The slope of a function's square, recorded, so that checking it checks the second derivative. */
const slope = (fn: (x: NDArray) => NDArray) => (x: NDArray): NDArray => {
  x.attachGrad()
  return autograd.record(() => autograd.grad(square(fn(x)), x, { createGraph: true })[0]!)
}

describe('softmaxCrossEntropy', () => {
  cleanState()

  it('is minus the logarithm of the probability of the label', () => {
    const rows = [X.slice(0, 3), X.slice(3)]
    for (const dtype of ['int32', 'float32', 'uint8'] as const) {
      expectClose(softmaxCrossEntropy(predictions(), array([2, 0], { dtype })), [2], expected(rows, [2, 0]), TIGHT)
    }
    expectClose(softmaxCrossEntropy(predictions(), array([[1], [1]]), { keepdims: true }), [2, 1], expected(rows, [1, 1]), TIGHT)
    expectClose(softmaxCrossEntropy(predictions().reshape(1, 2, 3), array([[1, 1]])), [1, 2], expected(rows, [1, 1]), TIGHT)
    expectClose(softmaxCrossEntropy(array([0, 0]), array(1)), [], [Math.log(2)], { rtol: 1e-6, atol: 0 })
  })

  it('neither overflows nor underflows', () => {
    expect(flat(softmaxCrossEntropy(array([[1000, -1000], [-1000, 1000]]), array([0, 0]))).map(Math.abs)).toEqual([0, 2000])
  })

  it('has the gradient of its steps, and the second too', () => {
    const label = array([2, 0], { dtype: 'int32' })
    checkGradients(x => softmaxCrossEntropy(x, label), [predictions()])
    checkGradients(x => mul(softmaxCrossEntropy(x, label, { keepdims: true }), array([[2], [-3]], { dtype: 'float64' })), [predictions()])
    checkGradients(slope(x => softmaxCrossEntropy(x, label)), [predictions()])
    const gradients = [(x: NDArray) => softmaxCrossEntropy(x, label), (x: NDArray) => neg(pick(logSoftmax(x), label))].map(fn => {
      const x = predictions()
      x.attachGrad()
      autograd.record(() => fn(x)).backward()
      return flat(x.grad!)
    })
    expect(gradients[0]!.every((g, i) => Math.abs(g - gradients[1]![i]!) < 1e-15)).toBe(true)
  })

  it('refuses labels that do not fit, or are out of range', () => {
    expect(thrownBy(() => softmaxCrossEntropy(predictions(), array([1, 2, 0]))).message)
      .toBe('[softmaxCrossEntropy] one label for each of (2,) is needed, got labels of shape (3,)')
    expect(thrownBy(() => softmaxCrossEntropy(predictions(), array([0, 3]))).message)
      .toContain('[softmaxCrossEntropy] index 3 is out of bounds for axis 1 with size 3')
    expect(thrownBy(() => softmaxCrossEntropy(array(1), array(0))).message).toBe('[softmaxCrossEntropy] predictions have an axis of classes, got ()')
  })
})

describe('gradients of activations from their outputs', () => {
  cleanState()

  it.each<[string, (g: NDArray, y: NDArray) => NDArray, (g: number, y: number) => number]>([
    ['reluGradient', reluGradient, (g, y) => (y > 0 ? g : 0)],
    ['sigmoidGradient', sigmoidGradient, (g, y) => g * y * (1 - y)],
    ['tanhGradient', tanhGradient, (g, y) => g * (1 - y * y)],
  ])('%s follows its formula, can be differentiated, and refuses other shapes', (name, run, formula) => {
    const ys = [0.5, -0.25, 0.9, 0.125, -0.7, 0.3]
    const y = array(ys, { dtype: 'float64' }).reshape(2, 3)
    expectClose(run(predictions(), y), [2, 3], X.map((g, i) => formula(g, ys[i]!)), TIGHT)
    checkGradients(run, [predictions(), y])
    expect(run(array([1, 1]), array([0, 1], { dtype: 'int32' })).dtype).toBe('float32')
    expect(thrownBy(() => run(predictions(), full([3], 1))).message).toBe(`[${name}] a gradient has its output's shape (3,), got (2, 3)`)
  })

  it('at 0, and where the output is NaN, the gradient of relu is 0', () => {
    expect(flat(reluGradient(full([3], 7), array([0, Number.NaN, 1e-30])))).toEqual([0, 0, 7])
  })

  it('sigmoid and tanh have second derivatives', () => {
    for (const fn of [sigmoid, tanh]) checkGradients(slope(fn), [predictions()])
  })
})
