import { describe, expect, it } from 'vitest'
import { array, autograd, np, npx } from '@ashlar/core'
import * as core from '@ashlar/core'
import type { DType, NDArray } from '@ashlar/core'
import { goldenNumber, readGolden } from '../golden/read.ts'
import { cleanState } from '../support/clean-state.ts'
import type { Tolerance } from '../support/close.ts'
import { expectClose } from '../support/close.ts'
import { FUNCTIONS, MISSING } from './torch-functions.ts'
import type { Options } from './torch-functions.ts'

interface TorchArray {
  shape: number[]
  dtype?: DType
  data: (number | 'nan' | 'inf' | '-inf')[]
}

interface TorchCase {
  id: string
  op: string
  options: Options
  inputs: TorchArray[]
  /** One array, or a list where the operation gives several. */
  out: TorchArray | TorchArray[]
  head?: TorchArray | TorchArray[]
  grads?: (TorchArray | null)[]
  second?: (TorchArray | null)[]
}

const { cases } = readGolden('torch-ops.json') as { cases: TorchCase[] }
const running = cases.filter(({ op }) => op in FUNCTIONS)

/** Most inputs are multiples of 2^-12 that the file writes with nine digits: rounding gives them back exactly. */
function exact(value: number): number {
  const rounded = Math.round(value * 4096) / 4096
  return Math.abs(rounded - value) < 1e-8 * Math.abs(value) ? rounded : value
}

function load({ shape, dtype, data }: TorchArray, float: DType): NDArray {
  const values = data.map(goldenNumber)
  return array(dtype === undefined ? values.map(exact) : values, { dtype: dtype ?? float }).reshape(shape)
}

function numbers({ data }: TorchArray): number[] {
  return data.map(goldenNumber)
}

const listOf = (value: TorchArray | TorchArray[]): TorchArray[] => (Array.isArray(value) ? value : [value])

/** Arrays whose gradient the case asks for, or none where it is about values only. */
function variables({ grads }: TorchCase, inputs: readonly NDArray[]): NDArray[] {
  return inputs.filter((_, i) => grads !== undefined && grads[i] !== null)
}

function check(test: TorchCase, float: DType, tolerance: Tolerance): void {
  const inputs = test.inputs.map(input => load(input, float))
  const run = FUNCTIONS[test.op]!
  const leaves = variables(test, inputs)
  for (const leaf of leaves) leaf.attachGrad()
  const out = autograd.record(() => run(inputs, test.options))
  const outputs: readonly NDArray[] = Array.isArray(out) ? out : [out as NDArray]
  const wanted = listOf(test.out)
  expect(outputs.length).toBe(wanted.length)
  for (const [i, output] of outputs.entries()) expectClose(output, wanted[i]!.shape, numbers(wanted[i]!), tolerance)
  if (leaves.length === 0) return
  // Positions have no gradient, so a case has heads for its first outputs only.
  const headGrads = listOf(test.head!).map(head => load(head, float))
  const heads = outputs.slice(0, headGrads.length)
  const gradients = autograd.record(() => autograd.grad(heads, leaves, { headGrads, createGraph: test.second !== undefined }))
  const expected = test.grads!.filter(gradient => gradient !== null)
  for (const [i, gradient] of gradients.entries()) {
    expect(gradient.dtype).toBe(float)
    expectClose(gradient, expected[i]!.shape, numbers(expected[i]!), tolerance)
  }
  if (test.second === undefined) return
  const total = autograd.record(() => gradients.map(gradient => gradient.sum()).reduce((a, b) => a.add(b)))
  const second = test.second.filter(gradient => gradient !== null)
  for (const [i, gradient] of autograd.grad(total, leaves).entries()) {
    expectClose(gradient, second[i]!.shape, numbers(second[i]!), tolerance)
  }
}

describe('operations and gradients as PyTorch computes them in float64', () => {
  cleanState()

  it('has all cases', () => expect(cases.length).toBe(190))

  it.each(running)('$id in float64', test => check(test, 'float64', { rtol: 1e-8, atol: 1e-9 }))

  it.each(running)('$id in float32', test => check(test, 'float32', { rtol: 1e-5, atol: 1e-6 }))

  it('accounts for every name of the file, in one table or the other', () => {
    const unknown = [...new Set(cases.map(({ op }) => op))].filter(op => !(op in FUNCTIONS) && !(op in MISSING))
    expect(unknown).toEqual([])
  })

  it.each(Object.entries(MISSING))('%s is not in core yet; once %s is, its cases belong into FUNCTIONS', (_, name) => {
    for (const place of [core, np, npx, np.random]) expect(Object.keys(place)).not.toContain(name)
  })
})
