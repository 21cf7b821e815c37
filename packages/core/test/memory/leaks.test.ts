import type { DType, NDArray } from '@ashlar/core'
import { array, autograd, memory } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { goldenNumber, readGolden } from '../golden/read.ts'
import { FUNCTIONS } from '../ops/torch-functions.ts'
import type { Options } from '../ops/torch-functions.ts'
import { cleanState } from '../support/clean-state.ts'

interface Case {
  id: string
  op: string
  options: Options
  inputs: { shape: number[]; dtype?: DType; data: (number | 'nan' | 'inf' | '-inf')[] }[]
  grads?: (object | null)[]
}

/** Losses that the table composes as a user would: what a user makes on the way is the user's. */
const WRITTEN_BY_USERS = new Set(['crossEntropy', 'crossEntropyDense', 'sigmoidBce', 'huber'])

// Batch normalization in training gives its statistics too, which the table leaves lying.
const cases = (readGolden('torch-ops.json') as { cases: Case[] }).cases.filter(({ op, options }) => op in FUNCTIONS && !WRITTEN_BY_USERS.has(op) && options['training'] !== true)

function load(test: Case): NDArray[] {
  return test.inputs.map(({ shape, dtype, data }) => {
    const flat = array(data.map(goldenNumber), { dtype: dtype ?? 'float32' })
    const x = flat.reshape(shape)
    flat.dispose()
    return x
  })
}

function dispose(...arrays: (NDArray | readonly NDArray[])[]): void {
  for (const x of arrays.flat() as NDArray[]) x.dispose()
}

describe('an operation leaves nothing behind but its result', () => {
  cleanState()

  it.each(cases)('$id', test => {
    const before = memory().buffers
    const inputs = load(test)
    dispose(FUNCTIONS[test.op]!(inputs, test.options) as NDArray | readonly NDArray[], inputs)
    expect(memory().buffers).toBe(before)
  })

  it.each(cases.filter(({ grads }) => grads !== undefined))('$id, with its gradients', test => {
    const before = memory().buffers
    const inputs = load(test)
    const leaves = inputs.filter((_, i) => test.grads![i] !== null)
    for (const leaf of leaves) leaf.attachGrad('null')
    const out = autograd.record(() => FUNCTIONS[test.op]!(inputs, test.options))
    const heads = (Array.isArray(out) ? out : [out]) as NDArray[]
    dispose(autograd.grad(heads.filter(({ node }) => node !== null), leaves), heads, inputs)
    expect(memory().buffers).toBe(before)
  })
})
