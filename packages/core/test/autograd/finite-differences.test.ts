import { describe, expect, it } from 'vitest'
import * as core from '@ashlar/core'
import { array, autograd } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectList } from '../support/close.ts'
import type { Argument } from './finite-differences.ts'
import { gradientError } from './finite-differences.ts'

type Case = readonly [name: string, run: (...inputs: NDArray[]) => NDArray, ...args: Argument[]]

const any: Argument = { shape: [2, 3] }
const positive: Argument = { shape: [2, 3], low: 0.3, high: 2 }
const row: Argument = { shape: [3], low: 0.3, high: 2 }
const inside: Argument = { shape: [2, 3], low: -0.9, high: 0.9 }
const above: Argument = { shape: [2, 3], low: 1.1, high: 3 }
const cube: Argument = { shape: [2, 3, 4] }

const UNARY: readonly Case[] = [
  ['neg', core.neg, any], ['abs', core.abs, any], ['exp', core.exp, any], ['expm1', core.expm1, any], ['log', core.log, positive],
  ['log1p', core.log1p, inside], ['sqrt', core.sqrt, positive], ['square', core.square, any], ['sin', core.sin, any], ['cos', core.cos, any],
  ['tan', core.tan, any], ['arcsin', core.arcsin, inside], ['arccos', core.arccos, inside], ['arctan', core.arctan, any],
  ['sinh', core.sinh, any], ['cosh', core.cosh, any], ['tanh', core.tanh, any], ['arcsinh', core.arcsinh, any],
  ['arccosh', core.arccosh, above], ['arctanh', core.arctanh, inside], ['erf', core.erf, any], ['relu', core.relu, any],
  ['sigmoid', core.sigmoid, any], ['softplus', core.softplus, any], ['softsign', core.softsign, any], ['sign', core.sign, any],
  ['floor', core.floor, any], ['ceil', core.ceil, any], ['rint', core.rint, { shape: [2, 3], low: 0.1, high: 0.4 }], ['round', x => core.round(x, -1), inside], ['trunc', core.trunc, inside],
  ['clip', x => core.clip(x, -0.3, 0.4), any], ['clip below', x => core.clip(x, -0.3, null), any],
]

const BINARY: readonly Case[] = [
  ['add', core.add, any, row], ['sub', core.sub, any, row], ['mul', core.mul, any, row], ['div', core.div, any, row],
  ['div of a column', core.div, { shape: [2, 1] }, row], ['power', core.power, positive, row], ['mod', core.mod, { shape: [2, 3], low: 3, high: 4 }, { shape: [2, 3], low: 1.1, high: 1.4 }],
  ['maximum', core.maximum, any, { shape: [3] }], ['minimum', core.minimum, any, { shape: [3] }],
  ['a number on the left', x => core.div(2, x), positive], ['a number on the right', x => core.sub(x, 2), any],
  ['where', (a, b) => core.where(array([true, false, true]), a, b), any, row],
  ['where with a broadcast condition', (a, b) => core.where(array([[true], [false]], { dtype: 'bool' }), a, b), { shape: [3] }, { shape: [1] }],
]

const REDUCE: readonly Case[] = [
  ['sum', x => core.sum(x), cube], ['sum over an axis', x => core.sum(x, { axis: 1 }), cube],
  ['sum over two, kept', x => core.sum(x, { axis: [0, -1], keepdims: true }), cube], ['mean', x => core.mean(x, { axis: 2 }), cube],
  ['variance', x => core.variance(x, { axis: 1 }), cube], ['variance with ddof', x => core.variance(x, { axis: [0, 2], ddof: 1 }), cube],
  ['std', x => core.std(x, { axis: 0 }), cube], ['norm', x => core.norm(x, { axis: 2 }), cube], ['norm of all', x => core.norm(x), cube],
  ['max', x => core.max(x, { axis: 1 }), cube], ['min, kept', x => core.min(x, { axis: [0, 2], keepdims: true }), cube],
  ['softmax', x => core.softmax(x), cube], ['softmax over axis 0', x => core.softmax(x, { axis: 0 }), cube],
  ['logSoftmax', x => core.logSoftmax(x, { axis: 1 }), cube],
]

const MOVEMENT: readonly Case[] = [
  ['reshape', x => core.reshape(x, [4, -1]), cube], ['transpose', x => core.transpose(x), cube], ['transpose by axes', x => core.transpose(x, [1, 2, 0]), cube],
  ['swapaxes', x => core.swapaxes(x, 0, -1), cube], ['expandDims', x => core.expandDims(x, 1), cube], ['squeeze', x => core.squeeze(x), { shape: [2, 1, 3, 1] }],
  ['broadcastTo', x => core.broadcastTo(x, [4, 2, 3]), { shape: [2, 1] }], ['sumTo', x => core.sumTo(x, [3, 1]), cube],
  ['concatenate', (a, b) => core.concatenate([a, b, a], { axis: 1 }), any, { shape: [2, 2] }], ['stack', (a, b) => core.stack([a, b], { axis: 1 }), any, any],
  ['flip', x => core.flip(x), cube], ['flip of an axis', x => core.flip(x, 1), cube], ['copy', x => core.copy(x), cube], ['astype', x => core.astype(x, 'float64'), cube],
]

const INDEXING: readonly Case[] = [
  ['get a row', x => x.get(1), cube], ['get from the end', x => x.get(-1, ':', -2), cube], ['get a slice', x => x.get(':', '1:'), cube],
  ['get every second', x => x.get('...', '::2'), { shape: [3, 5] }], ['get every third from 1', x => x.get('1::3'), { shape: [9, 2] }],
  ['get backwards', x => x.get('::-1', ':', '::-2'), { shape: [2, 3, 5] }], ['get backwards by 3', x => x.get('7:1:-3'), { shape: [9] }],
  ['get nothing', x => x.get('1:1').sum(), { shape: [4] }], ['get with a new axis', x => x.get(core.newaxis, 0), cube],
  ['get a list, twice the same', x => x.get([1, 0, 1, -1]), any], ['get an array', x => x.get(':', array([[0, 2], [2, 2]], { dtype: 'int32' })), any],
  ['take', x => core.take(x, array([2, 0, 2]), { axis: 1 }), any], ['take of all', x => core.take(x, array([5, 0])), any],
  ['take, clipped', x => core.take(x, array([-7, 99]), { axis: 0, mode: 'clip' }), any], ['take, wrapped', x => core.take(x, array([-1, 4]), { axis: 1, mode: 'wrap' }), any],
  ['scatterAdd', x => core.scatterAdd(x, array([3, 0], { dtype: 'int32' }), [5, 3]), any],
  ['pick', x => core.pick(x, array([2, 0])), any], ['pick along axis 0, kept', x => core.pick(x, array([1, 0, 1]), { axis: 0, keepdims: true }), any],
]

const PRODUCTS: readonly Case[] = [
  ['matmul', (a, b) => core.matmul(a, b), any, { shape: [3, 4] }], ['matmul, a transposed', (a, b) => core.matmul(a, b, { transposeA: true }), { shape: [3, 2] }, { shape: [3, 4] }],
  ['matmul, b transposed', (a, b) => core.matmul(a, b, { transposeB: true }), any, { shape: [4, 3] }],
  ['matmul, both transposed', (a, b) => core.matmul(a, b, { transposeA: true, transposeB: true }), { shape: [3, 2] }, { shape: [4, 3] }],
  ['matmul of batches', (a, b) => core.matmul(a, b), { shape: [2, 1, 2, 3] }, { shape: [4, 3, 2] }],
  ['matmul of batches, transposed', (a, b) => core.matmul(a, b, { transposeA: true, transposeB: true }), { shape: [2, 3, 2] }, { shape: [1, 4, 3] }],
  ['matmul of vectors', (a, b) => core.matmul(a, b), { shape: [3] }, { shape: [3] }], ['matmul, vector first', (a, b) => core.matmul(a, b), { shape: [3] }, { shape: [2, 3, 2] }],
  ['matmul, vector last', (a, b) => core.matmul(a, b), { shape: [2, 2, 3] }, { shape: [3] }],
  ['dot', (a, b) => core.dot(a, b), any, { shape: [3, 4] }], ['dot of more axes', (a, b) => core.dot(a, b), cube, { shape: [2, 4, 3] }],
  ['linear', (x, w, b) => core.linear(x, w, b), { shape: [5, 3] }, { shape: [4, 3] }, { shape: [4] }],
  ['linear without bias', (x, w) => core.linear(x, w), { shape: [2, 2, 3] }, { shape: [4, 3] }],
  ['linear of more axes', (x, w, b) => core.linear(x, w, b), { shape: [2, 2, 3] }, { shape: [4, 3] }, { shape: [4] }],
  ['linear of a vector', (x, w, b) => core.linear(x, w, b), { shape: [3] }, { shape: [4, 3] }, { shape: [4] }],
]

/** Their gradient is a constant 0, so that there is nothing to differentiate a second time. */
const FLAT = new Set(['sign', 'floor', 'ceil', 'rint', 'round', 'trunc'])

describe.each([['one argument', UNARY], ['two arguments', BINARY], ['reductions', REDUCE], ['movement', MOVEMENT], ['indexing', INDEXING], ['products', PRODUCTS]] as const)(
  'gradients against central differences: %s', (_: string, cases: readonly Case[]) => {
    cleanState()
    it.each(cases)('%s', (...each) => {
      const [, run, ...args] = each as unknown as Case
      expect(gradientError(run, args)).toBeLessThan(1e-6)
    })

    it.each(cases.filter(([name]) => !FLAT.has(name)))('%s, second order', (...each) => {
      const [, run, ...args] = each as unknown as Case
      // The gradient's own gradient, where it has one: a linear function's is a constant.
      const gradientOf = (...inputs: NDArray[]): NDArray => {
        for (const input of inputs) if (input.node === null) input.attachGrad()
        const gradients = autograd.record(() => autograd.grad(core.sum(core.mul(run(...inputs), run(...inputs))), inputs, { createGraph: true }))
        return core.concatenate(gradients.map(gradient => gradient.reshape(-1)))
      }
      expect(gradientError(gradientOf, args)).toBeLessThan(1e-5)
    })
  })

describe('gradients at ties and borders', () => {
  cleanState()

  function gradientAt(values: number[], run: (x: NDArray) => NDArray): NDArray {
    const x = array(values, { dtype: 'float64' })
    x.attachGrad()
    autograd.record(() => run(x)).backward()
    return x.grad!
  }

  it('equals share the gradient of max and of min', () => {
    expectList(gradientAt([1, 3, 3, 2], x => x.max()), [0, 0.5, 0.5, 0])
    expectList(gradientAt([1, 1, 1, 2], x => x.min()), [1 / 3, 1 / 3, 1 / 3, 0])
  })

  it('equals share the gradient of maximum and of minimum', () => {
    expectList(gradientAt([1, 2], x => core.maximum(x, array([1, 1], { dtype: 'float64' }))), [0.5, 1])
    expectList(gradientAt([1, 2], x => core.minimum(x, array([1, 1], { dtype: 'float64' }))), [0.5, 0])
  })

  it('relu is flat at 0, abs has 0 there, and clip passes the gradient on its limits', () => {
    expectList(gradientAt([0, -1, 2], core.relu), [0, 0, 1])
    expectList(gradientAt([0, -1, 2], core.abs), [0, -1, 1])
    expectList(gradientAt([-1, 0, 1, 1.5], x => core.clip(x, -1, 1)), [1, 1, 1, 0])
  })

  it('power: x^0 is flat also at 0, and the exponent has no gradient at base 0', () => {
    expectList(gradientAt([0, 2], x => core.power(x, 0)), [0, 0])
    expectList(gradientAt([0, 2], x => core.power(x, 2)), [0, 4])
    expectList(gradientAt([2, 3], b => core.power(0, b)), [0, 0])
  })

  it('comparisons, positions and casts to integers are constants', () => {
    const x = array([1, 2])
    x.attachGrad()
    for (const run of [core.eq, core.lt, core.ge]) expect(autograd.record(() => run(x, 1)).node).toBeNull()
    expect(autograd.record(() => core.argmax(x)).node).toBeNull()
  })
})
