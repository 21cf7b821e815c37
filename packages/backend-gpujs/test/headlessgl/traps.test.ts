import { createRequire } from 'node:module'
import { gpujs } from '@ashlar/backend-gpujs'
import { specOf } from '@ashlar/core'
import type { DType, Tensor, UnaryKind } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import type { GpujsEngine, GpujsModule, Texture } from '../../src/engine/gpujs.ts'

// What gpu.js does on headless GL when it is used as its guide says, beside what comes of it here: a trap that gpu.js mends some day is seen too.
const { GPU, input } = createRequire(import.meta.url)('gpu.js') as GpujsModule
const engine: GpujsEngine = new GPU({ mode: 'headlessgl' })
const device = (await gpujs({ mode: 'headlessgl' })).open(0)

type Values = readonly number[]

function rawKernel(source: string, size: number, settings: object = {}): (...values: readonly unknown[]) => Texture {
  return engine.createKernel(source, { output: [size], precision: 'single', tactic: 'precision', pipeline: true, immutable: true, ...settings } as never) as never
}

const rawUpload = (values: Values): Texture => rawKernel('function (x) { return x[this.thread.x] }', values.length)(input(Float32Array.from(values), [values.length]))
const numbers = (texture: Texture): number[] => Array.from(texture.toArray() as Float32Array)
const raw = (expression: string, ...arrays: readonly Values[]): number[] =>
  numbers(rawKernel(`function (a, b) { return ${expression} }`.replace('(a, b)', arrays.length === 1 ? '(a)' : '(a, b)'), arrays[0]!.length)(...arrays.map(rawUpload)))

function upload(values: Values, dtype: DType = 'float32'): Tensor {
  const spec = specOf([values.length], dtype)
  return { ...spec, handle: device.upload(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), spec) }
}

const read = (handle: unknown, size: number): number[] => Array.from(device.download({ ...specOf([size], 'float32'), handle }) as Float32Array)

function unary(kind: UnaryKind, values: Values): number[] {
  const x = upload(values)
  return read(device.kernels.unary(kind, x, x), values.length)
}

function binary(kind: 'pow' | 'maximum' | 'minimum' | 'sub', a: Values, b: Values): number[] {
  const x = upload(a)
  return read(device.kernels.binary(kind, x, upload(b), x), a.length)
}

function expectClose(actual: Values, expected: Values, relative = 2e-6): void {
  actual.forEach((value, i) => expect(Math.abs(value - expected[i]!), `${value} for ${expected[i]}`).toBeLessThanOrEqual(relative * Math.abs(expected[i]!)))
}

describe('traps of gpu.js on headless GL', () => {
  it('1: loops whose bound is an argument stop at 1000', () => {
    const count = 'function (n) { let s = 0; for (let i = 0; i < n; i++) { s = s + 1; } return s }'
    expect(numbers(rawKernel(count, 1)(3000))).toEqual([1000])
    const ones = new Array<number>(3000).fill(1)
    expect(read(device.kernels.scatterAdd(upload(ones), upload(ones, 'int32'), 0, specOf([2], 'float32')), 2)).toEqual([0, 3000])
  })

  it('2: a kernel that sees host arrays, then textures, reads the wrong elements', () => {
    const double = rawKernel('function (x) { return x[this.thread.x] * 2 }', 3, { dynamicOutput: true, dynamicArguments: true })
    double(input(Float32Array.of(1, 2, 3), [3]))
    double(rawUpload([4, 5, 6]))
    const ramp = Array.from({ length: 30 }, (_, i) => i)
    expect(numbers(double(rawUpload(ramp)))).not.toEqual([0, 2, 4])
    // Ours: what is launched again and again is compiled for the extents that it has, and for no others.
    const cut = (values: Values): number[] => read(device.kernels.slice(upload(values), [1], [1], specOf([3], 'float32')), 3)
    for (let round = 0; round < 5; round++) {
      expect(cut([4, 5, 6, 7])).toEqual([5, 6, 7])
      expect(cut(ramp)).toEqual([1, 2, 3])
      expect(cut(ramp.slice(0, 7))).toEqual([1, 2, 3])
    }
  })

  it('3: array arguments from the 33rd on are dropped', () => {
    const names = Array.from({ length: 34 }, (_, i) => `a${i}`)
    const sum = rawKernel(`function (${names.join(', ')}) { return ${names.map(name => `${name}[this.thread.x]`).join(' + ')} }`, 1)
    expect(numbers(sum(...names.map(() => rawUpload([1]))))).not.toEqual([34])
    const parts = names.map((_, i) => upload([i]))
    expect(read(device.kernels.concat(parts, 0, specOf([34], 'float32')), 34)).toEqual(names.map((_, i) => i))
  })

  it('4: positions and integers are exact up to 2^24', () => {
    const size = 2 ** 20 + 7
    const values = Int32Array.from({ length: size }, (_, i) => 2 ** 24 - i)
    const spec = specOf([size], 'int32')
    const x = { ...spec, handle: device.upload(values, spec) }
    const flipped = device.kernels.slice(x, [size - 1], [-1], spec)
    expect(device.download({ ...spec, handle: flipped })).toEqual(values.toReversed())
    for (const handle of [x.handle, flipped]) device.free(handle)
    expect(device.capabilities).toMatchObject({ exactIntegers: 2 ** 24, maxSize: 2 ** 24 })
  })

  it('5: reads beyond an array give other elements', () => {
    expect(raw('a[this.thread.x + 100]', [1, 2, 3]).some(x => x !== 0)).toBe(true)
    expect(read(device.kernels.pad(upload([1, 2, 3]), [2], 7, specOf([7], 'float32')), 7)).toEqual([7, 7, 1, 2, 3, 7, 7])
  })

  it('6: the default precision has no NaN and no infinities', () => {
    const odd = [NaN, Infinity, -Infinity, 1.5, 16777215]
    expect(numbers(rawKernel('function (x) { return x[this.thread.x] }', 5, { precision: 'unsigned' })(input(Float32Array.from(odd), [5])))).not.toEqual(odd)
    expect(read(upload(odd).handle, 5)).toEqual(odd)
    expect(binary('sub', odd, [0, 1, 1, 0.5, 1])).toEqual([NaN, Infinity, -Infinity, 1, 16777214])
  })

  it('7: sums of many elements run in stages, none of which is a long draw', () => {
    const values = Array.from({ length: 300_000 }, (_, i) => (i % 7) - 3)
    const x = upload(values)
    expect(read(device.kernels.reduce('sum', x, [0], specOf([], 'float32')), 1)).toEqual([values.reduce((sum, value) => sum + value, 0)])
    expect(read(device.kernels.reduce('max', x, [0], specOf([], 'float32')), 1)).toEqual([3])
    device.free(x.handle)
  })

  it('8: tanh, pow, log, max, expm1, log1p and infinite literals', () => {
    expect(raw('Math.tanh(a[this.thread.x])', [50, 500])).not.toEqual([1, 1])
    expect(unary('tanh', [50, -50, 500, NaN])).toEqual([1, -1, 1, NaN])
    expectClose(unary('tanh', [1e-6, 1e-4, 0.01]), [1e-6, 1e-4, 0.01].map(Math.tanh))
    expect(binary('pow', [-2, -2, 7, 0, -0, -Infinity], [2, 3, 2, 0, -1, 3])).toEqual([4, -8, 49, 1, -Infinity, -Infinity])
    expect(raw('Math.pow(a[this.thread.x], b[this.thread.x])', [-2], [2])).toEqual([NaN])
    expect(unary('log', [0, -1, Infinity, 1])).toEqual([-Infinity, NaN, Infinity, 0])
    expectClose(unary('log', [1.0001, 0.9999, 1.01].map(Math.fround)), [1.0001, 0.9999, 1.01].map(x => Math.log(Math.fround(x))))
    expectClose(unary('log1p', [1e-6, -1e-4].map(Math.fround)), [1e-6, -1e-4].map(x => Math.log1p(Math.fround(x))))
    expectClose(unary('expm1', [1e-6, -1e-4].map(Math.fround)), [1e-6, -1e-4].map(x => Math.expm1(Math.fround(x))))
    expectClose(unary('sin', [1, -1, 100, 8000]), [1, -1, 100, 8000].map(Math.sin))
    expect(raw('Math.max(a[this.thread.x], b[this.thread.x])', [NaN, 1], [1, NaN])).not.toEqual([NaN, NaN])
    expect(binary('maximum', [NaN, 1, 2], [1, NaN, 3])).toEqual([NaN, NaN, 3])
    expect(binary('minimum', [NaN, 1, 2], [1, NaN, 3])).toEqual([NaN, NaN, 2])
    expect(raw('a[this.thread.x] - Infinity', [0])).not.toEqual([-Infinity])
    expect(read(device.fill(-Infinity, specOf([2], 'float32')), 2)).toEqual([-Infinity, -Infinity])
    expect(() => raw('isNaN(a[this.thread.x]) ? 1 : 0', [NaN])).toThrow()
    const x = upload([NaN, 1])
    expect(Array.from(device.download({ ...x, dtype: 'bool', handle: device.kernels.compare('ne', x, x, specOf([2], 'bool')) }) as Uint8Array)).toEqual([1, 0])
  })

  it('8, in kernels of several steps: of a comparison and a choice drivers make a maximum that drops NaN', () => {
    const x = upload([NaN, -1, 2])
    expect(read(device.overrides!['relu']!([x], {} as never, x), 3)).toEqual([NaN, 0, 2])
    const how = { learningRate: 1, rescaleGrad: 1, clipGradient: 0.5, wd: 0 }
    expect(read(device.overrides!['sgdStep']!([upload([1, 1, 1]), x], how as never, x), 3)).toEqual([NaN, 1.5, 0.5])
  })

  it('10: outputs of no elements throw', () => {
    expect(() => rawKernel('function (x) { return 1 }', 0)(rawUpload([1]))).toThrow()
    const none = upload([])
    expect(read(device.kernels.binary('add', none, none, none), 0)).toEqual([])
    expect(read(device.kernels.reduce('sum', { ...none, shape: [0, 2] }, [0], specOf([2], 'float32')), 2)).toEqual([0, 0])
  })

  it('functions that are reached in several ways are written out in an order that GLSL takes', () => {
    const steps = (['tanh', 'expm1', 'exp', 'sinh', 'log1p', 'log', 'asinh', 'cosh', 'tanh', 'atan2'] as const)
      .map((kind, i) => (kind === 'atan2' ? { kind, of: [i, 0] as const } : { kind, of: [i] as const }))
    const x = [0.5, 1, 0.25]
    const result = device.overrides!['elementwise']!([upload(x)], { program: { inputs: ['float32'], steps } } as never, specOf([3], 'float32'))
    const wanted = x.map(value => Math.atan2(Math.tanh(Math.cosh(Math.asinh(Math.log(Math.log1p(Math.sinh(Math.exp(Math.expm1(Math.tanh(value))))))))), value))
    expectClose(read(result, 3), wanted, 1e-5)
  })
})
