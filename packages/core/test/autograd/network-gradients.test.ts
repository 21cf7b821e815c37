import { describe, expect, it } from 'vitest'
import * as core from '@ashlar/core'
import { array, autograd } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { points } from '../support/points.ts'
import type { Argument } from './finite-differences.ts'
import { gradientError } from './finite-differences.ts'

type Case = readonly [name: string, run: (...inputs: NDArray[]) => NDArray, ...args: Argument[]]

const line: Argument = { shape: [2, 2, 7] }
const image: Argument = { shape: [2, 2, 5, 4] }
const scale: Argument = { shape: [2], low: 0.5, high: 1.5 }
const matrix: Argument = { shape: [3, 4] }
const row: Argument = { shape: [4] }

const CONVOLUTIONS: readonly Case[] = [
  ['convolution', (x, w, b) => core.convolution(x, w, b), image, { shape: [3, 2, 2, 3] }, { shape: [3] }],
  ['convolution with stride and padding', (x, w) => core.convolution(x, w, null, { stride: [2, 3], padding: [1, 2] }), image, { shape: [3, 2, 3, 2] }],
  ['convolution that leaves elements unseen', (x, w) => core.convolution(x, w, null, { stride: 3 }), image, { shape: [1, 2, 2, 1] }],
  ['convolution with dilation and groups', (x, w, b) => core.convolution(x, w, b, { dilation: 2, padding: 2, groups: 2 }), image, { shape: [4, 1, 2, 3] }, { shape: [4] }],
  ['convolution over one axis', (x, w) => core.convolution(x, w, null, { stride: 2, padding: 3 }), line, { shape: [3, 2, 3] }],
  ['convolution over three axes', (x, w) => core.convolution(x, w, null, { padding: [1, 0, 1] }), { shape: [1, 1, 3, 3, 2] }, { shape: [2, 1, 2, 3, 2] }],
  ['convolutionTranspose', (x, w, b) => core.convolutionTranspose(x, w, b), { shape: [2, 2, 3, 2] }, { shape: [2, 3, 2, 3] }, { shape: [3] }],
  ['convolutionTranspose with stride, padding and output padding', (x, w) => core.convolutionTranspose(x, w, null, { stride: 2, padding: 1, outputPadding: 1 }), { shape: [1, 2, 3, 2] }, { shape: [2, 1, 3, 3] }],
  ['convolutionTranspose with more output padding than stride', (x, w) => core.convolutionTranspose(x, w, null, { stride: 2, outputPadding: 3 }), { shape: [1, 1, 3] }, { shape: [1, 2, 2] }],
  ['convolutionTranspose with dilation and groups', (x, w) => core.convolutionTranspose(x, w, null, { dilation: [2, 1], groups: 2, stride: [1, 2] }), { shape: [1, 2, 2, 3] }, { shape: [2, 2, 2, 2] }],
]

const POOLS: readonly Case[] = [
  ['maxPool', x => core.maxPool(x, { kernel: 2 }), image], ['maxPool of windows that overlap', x => core.maxPool(x, { kernel: 3, stride: 2, padding: 1 }), image],
  ['maxPool, rounded up', x => core.maxPool(x, { kernel: 2, stride: 3, ceilMode: true }), image], ['maxPool over one axis', x => core.maxPool(x, { kernel: 3, stride: 1 }), line],
  ['avgPool', x => core.avgPool(x, { kernel: 2 }), image], ['avgPool of windows that overlap', x => core.avgPool(x, { kernel: [3, 2], stride: 1, padding: 1 }), image],
  ['avgPool without padding in the count', x => core.avgPool(x, { kernel: 3, stride: 2, padding: 1, countIncludePad: false, ceilMode: true }), image],
  ['globalMaxPool', core.globalMaxPool, image], ['globalAvgPool', core.globalAvgPool, image],
]

const fixed = (values: number[]): NDArray => array(values, { dtype: 'float64' })

const NORMS: readonly Case[] = [
  ['layerNorm', (x, g, b) => core.layerNorm(x, g, b), matrix, row, row], ['layerNorm over axis 0', (x, g, b) => core.layerNorm(x, g, b, { axis: 0, epsilon: 0.1 }), matrix, { shape: [3] }, { shape: [3] }],
  ['instanceNorm', (x, g, b) => core.instanceNorm(x, g, b, { epsilon: 0.1 }), image, scale, scale], ['groupNorm', (x, g, b) => core.groupNorm(x, g, b, { groups: 2 }), { shape: [2, 4, 3] }, row, row],
  ['groupNorm, one group', (x, g, b) => core.groupNorm(x, g, b), image, scale, scale],
  ['batchNormTraining', (x, g, b) => core.batchNormTraining(x, g, b).output, image, scale, scale],
  ['batchNormTraining along the last axis', (x, g, b) => core.batchNormTraining(x, g, b, { axis: -1, epsilon: 0.1 }).output, matrix, row, row],
  ['batchNormTraining, all its outputs', (x, g, b) => {
    const { output, mean, variance } = core.batchNormTraining(x, g, b)
    return core.add(core.mul(output, core.reshape(mean, [1, 2, 1, 1])), core.reshape(variance, [1, 2, 1, 1]))
  }, image, scale, scale],
  ['batchNorm', (x, g, b) => core.batchNorm(x, g, b, fixed([0.1, -0.2]), fixed([0.5, 2])), image, scale, scale],
]

const ACTIVATIONS: readonly Case[] = [
  ...([['softsign', core.softsign], ['elu', x => core.elu(x, 0.7)], ['selu', core.selu], ['gelu', x => core.gelu(x)], ['gelu by tanh', x => core.gelu(x, { approximate: true })],
    ['hardSigmoid', x => core.hardSigmoid(x, { alpha: 1.4 })], ['cbrt', core.cbrt], ['degrees', core.degrees], ['radians', core.radians],
    ['leakyRelu', x => core.leakyRelu(x)], ['swish', x => core.swish(x, 1.5)],
  ] as const satisfies readonly (readonly [string, (x: NDArray) => NDArray])[]).map(([name, run]): Case => [name, run, matrix]),
  ['prelu', core.prelu, { shape: [2, 3, 2] }, { shape: [3] }], ['prelu of one slope', core.prelu, matrix, { shape: [1] }],
]

const PIECES: readonly Case[] = [
  ['split', x => core.add(...core.split(x, 2, { axis: 1 }) as [NDArray, NDArray]), matrix], ['split at positions', x => core.split(x, [1, 3], { axis: 1 })[1]!, matrix],
  ['einsum', (a, b) => core.einsum('ij,kj->ik', a, b), matrix, matrix], ['einsum of a diagonal', x => core.einsum('iij->j', x), { shape: [3, 3, 2] }],
  ['tensordot', (a, b) => core.tensordot(a, b, [[0, 1], [1, 0]]), matrix, { shape: [4, 3, 2] }], ['trace', x => core.trace(x, { offset: 1 }), matrix],
  ['diagonal', x => core.diagonal(x, { axis1: 2, axis2: 0, offset: -1 }), { shape: [3, 2, 3] }], ['diag of a vector', x => core.diag(x, -1), row],
  ['sort', x => core.sort(x, { axis: 0 }), matrix], ['topk', x => core.topk(x, { k: 2 }).values, matrix],
  ['takeAlongAxis', x => core.takeAlongAxis(x, array([[0], [3], [-1]], { dtype: 'int32' })), matrix],
  ['gatherNd', x => core.gatherNd(x, array([[0, 2, 0], [1, 3, 1]], { dtype: 'int32' })), matrix], ['scatterNd', x => core.scatterNd(x, array([[4, 0, 4]], { dtype: 'int32' }), [5, 4]), matrix],
  ['ifft', core.ifft, { shape: [3, 2] }], ['rfft', core.rfft, { shape: [5] }],
]

/** Gradients of all inputs of a sum that no output drops out of, one after the other; differentiable themselves. */
const gradientOf = (run: (...inputs: NDArray[]) => NDArray) => (...inputs: NDArray[]): NDArray => {
  for (const input of inputs) if (input.node === null) input.attachGrad()
  return autograd.record(() => {
    const y = run(...inputs)
    const head = core.sum(core.mul(core.mul(y, y), array(points(y.size, 0.5, 1.5, 7), { dtype: 'float64' }).reshape(y.shape)))
    return core.concatenate(autograd.grad(head, inputs, { createGraph: true }).map(gradient => gradient.reshape(-1)))
  })
}

describe.each([['convolutions', CONVOLUTIONS], ['pools', POOLS], ['norms', NORMS], ['activations', ACTIVATIONS], ['pieces', PIECES]] as const)('gradients of %s against central differences', (_: string, cases: readonly Case[]) => {
  cleanState()

  it.each(cases)('%s', (...each) => {
    const [, run, ...args] = each as unknown as Case
    expect(gradientError(run, args)).toBeLessThan(1e-6)
  })

  it.each(cases)('%s, second order', (...each) => {
    const [, run, ...args] = each as unknown as Case
    expect(gradientError(gradientOf(run), args)).toBeLessThan(1e-5)
  })
})

describe('third order', () => {
  cleanState()

  it.each<Case>([
    ['matmul', (a, b) => core.matmul(a, b), { shape: [2, 2] }, { shape: [2, 3] }], ['softmax', x => core.softmax(x), { shape: [2, 3] }],
    ['convolution', (x, w) => core.convolution(x, w, null, { stride: 2, padding: 1 }), { shape: [1, 1, 3, 3] }, { shape: [2, 1, 2, 2] }],
    ['convolutionTranspose', (x, w) => core.convolutionTranspose(x, w, null, { stride: 2 }), { shape: [1, 1, 3] }, { shape: [1, 2, 2] }],
    ['layerNorm', (x, g, b) => core.layerNorm(x, g, b, { epsilon: 0.1 }), { shape: [2, 3] }, { shape: [3] }, { shape: [3] }],
    ['batchNormTraining', (x, g, b) => core.batchNormTraining(x, g, b, { epsilon: 0.1 }).output, { shape: [3, 2] }, scale, scale],
    ['avgPool', x => core.avgPool(x, { kernel: 2, stride: 1 }), { shape: [1, 1, 3] }], ['gelu', x => core.gelu(x), { shape: [4] }], ['einsum', (a, b) => core.einsum('i,i->', a, b), { shape: [3] }, { shape: [3] }],
  ])('%s', (...each) => {
    const [, run, ...args] = each as unknown as Case
    expect(gradientError(gradientOf(gradientOf(run)), args)).toBeLessThan(1e-5)
  })
})
