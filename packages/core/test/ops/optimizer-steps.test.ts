import { describe, expect, it } from 'vitest'
import type { NDArray } from '@ashlar/core'
import { adamMean, adamSquare, adamStep, array, checkGradients, memory, nagStep, sgdStep, sgdVelocity } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, flat } from '../support/close.ts'
import { thrownBy } from '../support/thrown.ts'

const W = [0.5, -1.25, 2, -0.1, 3, 0]
const G = [0.3, -4, 0.02, 1.5, -0.7, 2.5]
const S = [0.25, 1, -0.5, 0.125, 0, 2]
const V = [0.25, 1, 0.5, 0.125, 0.0625, 2]
const TIGHT = { rtol: 1e-14, atol: 1e-15 }

const double = (values: readonly number[]): NDArray => array([...values], { dtype: 'float64' }).reshape(2, 3)
const cut = (x: number, limit: number | null): number => (limit === null ? x : Math.min(Math.max(x, -limit), limit))

/** How gradients are brought to a step. */
const HOW: readonly (readonly [string, { rescaleGrad: number; clipGradient: number | null; wd: number }])[] = [
  ['as they are', { rescaleGrad: 1, clipGradient: null, wd: 0 }],
  ['rescaled', { rescaleGrad: 0.125, clipGradient: null, wd: 0 }],
  ['with decay', { rescaleGrad: 0.5, clipGradient: null, wd: 0.01 }],
  ['cut', { rescaleGrad: 2, clipGradient: 1.25, wd: 0 }],
  ['cut, with decay', { rescaleGrad: 2, clipGradient: 0.75, wd: 0.25 }],
]

describe('steps of optimizers', () => {
  cleanState()

  it.each(HOW)('sgdStep and sgdVelocity follow their formulas, gradients %s', (_, how) => {
    const { rescaleGrad, clipGradient, wd } = how
    const pull = W.map((w, i) => 0.1 * (cut(rescaleGrad * G[i]!, clipGradient) + wd * w))
    expectClose(sgdStep(double(W), double(G), { learningRate: 0.1, ...how }), [2, 3], W.map((w, i) => w - pull[i]!), TIGHT)
    expectClose(sgdVelocity(double(W), double(G), double(S), { learningRate: 0.1, momentum: 0.9, ...how }), [2, 3], S.map((v, i) => 0.9 * v - pull[i]!), TIGHT)
  })

  it.each(HOW)('adamMean and adamSquare follow their formulas, gradients %s', (_, how) => {
    const g = W.map((w, i) => cut(how.rescaleGrad * G[i]! + how.wd * w, how.clipGradient))
    expectClose(adamMean(double(W), double(G), double(S), { beta: 0.9, ...how }), [2, 3], S.map((m, i) => 0.9 * m + (1 - 0.9) * g[i]!), TIGHT)
    expectClose(adamSquare(double(W), double(G), double(V), { beta: 0.99, ...how }), [2, 3], V.map((v, i) => 0.99 * v + (1 - 0.99) * g[i]! ** 2), TIGHT)
  })

  it('nagStep looks ahead', () => {
    expectClose(nagStep(double(W), double(G), double(S), { momentum: 0.75 }), [2, 3], W.map((w, i) => w + 1.75 * G[i]! - 0.75 * S[i]!), TIGHT)
  })

  it.each([0, 0.01])('adamStep follows its formula, with a decay of %s', decay => {
    const expected = W.map((w, i) => w - ((0.1 * S[i]!) / (Math.sqrt(V[i]!) + 1e-3) + decay * w))
    expectClose(adamStep(double(W), double(S), double(V), { rate: 0.1, epsilon: 1e-3, decay }), [2, 3], expected, TIGHT)
  })

  it('options that may be left out change nothing', () => {
    expectClose(sgdStep(double(W), double(G), { learningRate: 1 }), [2, 3], W.map((w, i) => w - G[i]!), TIGHT)
    expectClose(adamStep(double(W), double(S), double(V), { rate: 1, epsilon: 0 }), [2, 3], W.map((w, i) => w - S[i]! / Math.sqrt(V[i]!)), TIGHT)
  })

  it.each<[string, (...inputs: NDArray[]) => NDArray, (readonly number[])[]]>([
    ['sgdStep', (w, g) => sgdStep(w, g, { learningRate: 0.1, wd: 0.1, rescaleGrad: 2, clipGradient: 1 }), [W, G]],
    ['sgdVelocity', (w, g, v) => sgdVelocity(w, g, v, { learningRate: 0.1, momentum: 0.9, wd: 0.1 }), [W, G, S]],
    ['nagStep', (w, v, before) => nagStep(w, v, before, { momentum: 0.9 }), [W, G, S]],
    ['adamMean', (w, g, m) => adamMean(w, g, m, { beta: 0.9, wd: 0.1 }), [W, G, S]],
    ['adamSquare', (w, g, v) => adamSquare(w, g, v, { beta: 0.9, wd: 0.1 }), [W, G, V]],
    ['adamStep', (w, m, v) => adamStep(w, m, v, { rate: 0.1, epsilon: 0.1, decay: 0.2 }), [W, G, V]],
  ])('%s can be differentiated', (_, run, inputs) => {
    checkGradients(run, inputs.map(double))
  })

  it('the dtype is that of the weight', () => {
    const half = sgdStep(array([1, 2], { dtype: 'float16' }), array([1, 1]), { learningRate: 0.5 })
    expect([half.dtype, flat(half)]).toEqual(['float16', [0.5, 1.5]])
    const whole = sgdStep(array([1, 2], { dtype: 'int32' }), array([1, 1], { dtype: 'float64' }), { learningRate: 0.5 })
    expect([whole.dtype, flat(whole)]).toEqual(['float32', [0.5, 1.5]])
  })

  it('leaves nothing in memory but the result', () => {
    const [w, g, m] = [double(W), array(G).reshape(2, 3), double(S)]
    const before = memory().buffers
    adamMean(w, g, m, { beta: 0.9, wd: 0.1, rescaleGrad: 2, clipGradient: 1 }).dispose()
    expect(memory().buffers).toBe(before)
  })

  it('refuses other shapes, and options that are no numbers', () => {
    const error = thrownBy(() => sgdStep(double(W), array([1, 2, 3]), { learningRate: 0.1 }))
    expect(error.message).toBe('[sgdStep] a weight of shape (2, 3) goes with arrays of its shape, got (3,)')
    expect(thrownBy(() => sgdStep(double(W), double(G), {} as never)).message).toContain('[sgdStep] learningRate is a number, got undefined')
    expect(thrownBy(() => adamSquare(double(W), double(G), double(V), { beta: 0.9, wd: '1' as never })).message).toContain('[adamSquare] wd is a number')
    expect(thrownBy(() => nagStep(double(W), double(G), double(V), 0.9 as never)).message).toContain('[nagStep] options are an object')
  })
})
