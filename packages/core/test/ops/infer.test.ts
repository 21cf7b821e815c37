import { describe, expect, it } from 'vitest'
import * as ops from '../../src/ops/index.ts'
import { Context, DTYPES, array, formatShape, isNDArray, listBackends, registerBackend, scope } from '@ashlar/core'
import type { DType, Device, NDArray, Override } from '@ashlar/core'
import { ROWS } from '../errors/table.ts'
import { goldenNumber, readGolden } from '../golden/read.ts'
import { cleanState } from '../support/clean-state.ts'
import type { Options } from './torch-functions.ts'
import { FUNCTIONS } from './torch-functions.ts'

interface GoldenCase {
  id: string
  op: string
  options: Options
  inputs: { shape: number[]; dtype?: DType; data: (number | 'nan' | 'inf' | '-inf')[] }[]
}

const { cases } = readGolden('torch-ops.json') as { cases: GoldenCase[] }

/** The CPU under another name, which notes the compositions that it is asked to run, and runs one of them as zeros of what `infer` says. */
class Watched {
  asked = new Set<string>()
  target: string | null = null
  readonly context: Context
  constructor() {
    const cpu = listBackends().find(({ name }) => name === 'cpu')!.open(0)
    const zeros: Override = (_inputs, _attributes, out) => cpu.fill(0, out)
    const overrides = new Proxy<Record<string, Override>>({}, {
      get: (_, name: string) => {
        this.asked.add(name)
        return name === this.target ? zeros : undefined
      },
    })
    const device: Device = { ...cpu, overrides }
    registerBackend({ name: 'watched', type: 'watched', count: 1, open: () => device })
    this.context = new Context('watched')
  }

  /** What a call gives, as text; what it throws too. */
  private result(call: (there: (x: NDArray) => NDArray) => unknown): string {
    return scope(() => {
      try {
        const result = call(x => x.copyto(this.context))
        const outputs = isNDArray(result) ? [result] : Object.values(result as object).filter(isNDArray)
        for (const output of outputs) expect(output.toTypedArray().length).toBe(output.size)
        return outputs.map(({ shape, dtype }) => `${dtype} ${formatShape(shape)}`).join(', ')
      } catch (error) {
        return String(error)
      }
    })
  }

  /** Each composition in a call stands in for itself: the call gives arrays of the same shapes and dtypes. */
  check(call: (there: (x: NDArray) => NDArray) => unknown): string[] {
    this.asked = new Set()
    this.target = null
    const expected = this.result(call)
    const names = [...this.asked]
    for (const name of names) {
      this.target = name
      expect(this.result(call), name).toBe(expected)
    }
    return names
  }
}

/** The operations that are compositions, by the name of the function that has them. */
const COMPOSITIONS: Readonly<Record<string, string>> = { variance: 'var', pad: 'mirrorPad', diag: 'diagonal' }
const COMPOSED = [
  'relu', 'sigmoid', 'softplus', 'softsign', 'softmax', 'logSoftmax', 'linear', 'leakyRelu', 'prelu', 'elu', 'selu', 'gelu', 'swish', 'hardSigmoid',
  'reciprocal', 'rsqrt', 'log2', 'log10', 'cbrt', 'hypot', 'logsumexp', 'mean', 'variance', 'std', 'norm',
  'convolution', 'convolutionTranspose', 'maxPool', 'avgPool', 'globalMaxPool', 'globalAvgPool',
  'layerNorm', 'instanceNorm', 'groupNorm', 'batchNorm', 'embedding', 'pick', 'oneHot', 'tile', 'repeat', 'roll', 'pad', 'tril', 'triu', 'outer',
  'square', 'degrees', 'radians', 'round', 'clip', 'any', 'all', 'logicalAnd', 'logicalOr', 'logicalNot', 'isnan', 'isinf', 'isfinite', 'isclose', 'countNonzero',
  'dot', 'tensordot', 'einsum', 'trace', 'diagonal', 'diag', 'split', 'stack', 'sort', 'argsort', 'topk', 'takeAlongAxis', 'gatherNd', 'scatterNd',
  'batchNormTraining', 'fft', 'ifft', 'rfft',
]

describe('infer gives the shape and dtype that the composition has', () => {
  cleanState()

  it.each(cases.filter(({ op }) => op in FUNCTIONS))('$id', ({ op, inputs, options }) => {
    const watched = new Watched()
    const load = ({ shape, dtype, data }: GoldenCase['inputs'][number]): NDArray => array(data.map(goldenNumber), { dtype: dtype ?? 'float32' }).reshape(shape)
    watched.check(there => FUNCTIONS[op]!(inputs.map(input => there(load(input))), options))
  })

  it.each(Object.keys(ROWS).filter(name => name in ops))('%s of every dtype and with every option', name => {
    const watched = new Watched()
    const { args, options: at, known = {} } = ROWS[name]!
    const run = (ops as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!
    const asked = new Set<string>()
    for (const entry of [{}, ...Object.entries(known).map(([key, value]) => ({ [key]: value }))]) {
      const places = args().flatMap((value, i) => (isNDArray(value) ? [i] : []))
      for (const dtype of [undefined, ...Object.keys(DTYPES) as DType[]]) {
        for (const place of dtype === undefined ? [-1] : [...places, -2]) {
          const names = watched.check(there => {
            const move = (x: unknown, i: number): unknown => isNDArray(x) ? there(i === place || place === -2 ? x.astype(dtype!) : x) : Array.isArray(x) ? x.map(each => move(each, i)) : x
            return run(...args().map((value, i) => (i === at ? { ...value as object, ...entry } : move(value, i))))
          })
          for (const each of names) asked.add(each)
        }
      }
    }
    if (COMPOSED.includes(name)) expect([...asked]).toContain(COMPOSITIONS[name] ?? name)
  })
})
