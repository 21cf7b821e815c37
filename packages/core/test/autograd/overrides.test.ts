import { describe, expect, it } from 'vitest'
import * as core from '@ashlar/core'
import { Context, array, autograd, listBackends, registerBackend } from '@ashlar/core'
import type { Device, NDArray, Override } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { expectClose, flat } from '../support/close.ts'
import { points } from '../support/points.ts'

const CPU = new Context('cpu', 0)

/** The CPU under another name, with one override, which says how often it was asked for something that is being recorded. */
class Overriding {
  recorded = 0
  readonly context: Context
  constructor(name: string, run: (inputs: readonly NDArray[]) => NDArray) {
    const device: Device = listBackends().find(backend => backend.name === 'cpu')!.open(0)
    const override: Override = (inputs, _, out) => {
      const arrays = inputs as unknown as readonly NDArray[]
      if (autograd.isRecording() && arrays.some(({ node }) => node !== null)) this.recorded++
      return device.upload(autograd.pause(() => run(arrays.map(x => x.copyto(CPU))).toTypedArray()), out)
    }
    registerBackend({ name: 'overriding', type: 'overriding', count: 1, open: () => ({ ...device, overrides: { [name]: override } }) })
    this.context = new Context('overriding')
  }
}

interface Found {
  readonly y: NDArray
  readonly first: readonly NDArray[]
  readonly second: readonly NDArray[]
}

function differentiate(run: (...inputs: NDArray[]) => NDArray, shapes: readonly (readonly number[])[], ctx: Context): Found {
  const inputs = shapes.map((shape, i) => array(points(shape.reduce((a, b) => a * b, 1), 0.3, 2, i + 1), { dtype: 'float64', ctx }).reshape(shape))
  for (const x of inputs) x.attachGrad()
  const y = autograd.record(() => run(...inputs))
  const first = autograd.record(() => autograd.grad(core.square(y), inputs, { createGraph: true }))
  const total = autograd.record(() => first.map(each => core.square(each).sum()).reduce((a, b) => a.add(b)))
  return { y, first, second: autograd.grad(total, inputs) }
}

// Some have a gradient of their own, some leave it to the composition.
const CASES: readonly (readonly [name: string, run: (...inputs: NDArray[]) => NDArray, shapes: readonly (readonly number[])[]])[] = [
  ['outer', core.outer, [[2], [3]]], ['hypot', core.hypot, [[2, 3], [3]]], ['dot', core.dot, [[2, 3], [3, 2]]],
  ['einsum', (a, b) => core.einsum('ij,kj->ik', a, b), [[2, 3], [2, 3]]], ['tensordot', (a, b) => core.tensordot(a, b, 1), [[2, 3], [3, 2]]], ['trace', x => core.trace(x), [[3, 3]]],
  ['stack', (a, b) => core.stack([a, b]), [[3], [3]]], ['roll', x => core.roll(x, 1), [[4]]], ['sort', x => core.sort(x), [[2, 3]]],
  ['softmax', x => core.softmax(x), [[2, 3]]], ['linear', (x, w, b) => core.linear(x, w, b), [[2, 3], [4, 3], [4]]],
  ['convolution', (x, w, b) => core.convolution(x, w, b), [[1, 2, 3, 3], [2, 2, 2, 2], [2]]], ['convolutionTranspose', (x, w) => core.convolutionTranspose(x, w), [[1, 2, 2], [2, 1, 2]]],
  ['maxPool', x => core.maxPool(x, { kernel: 2, stride: 1 }), [[1, 1, 3, 3]]], ['avgPool', x => core.avgPool(x, { kernel: 2 }), [[1, 1, 4]]],
  ['sgdStep', (w, g) => core.sgdStep(w, g, { learningRate: 0.1, wd: 0.1 }), [[2, 3], [2, 3]]], ['adamSquare', (w, g, v) => core.adamSquare(w, g, v, { beta: 0.9 }), [[3], [3], [3]]],
  ['softmaxCrossEntropy', x => core.softmaxCrossEntropy(x, core.array([2, 0], { ctx: x.context })), [[2, 3]]],
  ['reluGradient', core.reluGradient, [[3], [3]]], ['tanhGradient', core.tanhGradient, [[3], [3]]],
  ['layerNorm', (x, g, b) => core.layerNorm(x, g, b), [[2, 3], [3], [3]]], ['split', x => core.split(x, 2)[1]!, [[4]]],
]

describe('overrides while recording', () => {
  cleanState()

  it.each(CASES)('%s is asked for, and has the gradients of its composition', (name, run, shapes) => {
    const device = new Overriding(name, inputs => run(...inputs))
    const found = differentiate(run, shapes, device.context)
    expect(device.recorded).toBeGreaterThan(0)
    const expected = differentiate(run, shapes, CPU)
    for (const [i, each] of [found.y, ...found.first, ...found.second].entries()) {
      const wanted = [expected.y, ...expected.first, ...expected.second][i]!
      expectClose(each, wanted.shape, flat(wanted), { rtol: 1e-9, atol: 1e-12 })
    }
  })

  it('batchNormTraining is handed the statistics', () => {
    const device = new Overriding('batchNormTraining', ([x, gamma, beta, mean, variance]) => core.batchNorm(x!, gamma!, beta!, mean!, variance!))
    const run = (x: NDArray, gamma: NDArray, beta: NDArray): NDArray => core.batchNormTraining(x, gamma, beta).output
    const [found, expected] = [device.context, CPU].map(ctx => differentiate(run, [[4, 2], [2], [2]], ctx))
    expect(device.recorded).toBe(1)
    expectClose(found!.second[0]!, [4, 2], flat(expected!.second[0]!), { rtol: 1e-9, atol: 1e-12 })
  })

  it('a gradient that nobody asks for is not computed', () => {
    const device = new Overriding('outer', ([a, b]) => core.outer(a!, b!))
    const [a, b] = [array([1, 2], { ctx: device.context }), array([3, 4], { ctx: device.context })]
    a.attachGrad()
    autograd.record(() => core.outer(a, b)).backward()
    expect(a.grad!.tolist()).toEqual([7, 7])
  })

  it('predicates of what is recorded are constants', () => {
    const x = array([[1, 2], [3, 4]])
    x.attachGrad()
    autograd.record(() => {
      for (const y of [core.isnan(x), core.isfinite(x), core.any(x), core.all(x), core.logicalAnd(x, x), core.logicalNot(x), core.isclose(x, 1), core.argsort(x), core.countNonzero(x)]) expect(y.node).toBeNull()
      expect(core.topk(x).indices.node).toBeNull()
    })
  })
})
