import { gpujs } from '@ashlar/backend-gpujs'
import { specOf } from '@ashlar/core'
import type { DType, Device, Shape, Tensor } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { FUNCTIONS, helpersOf } from '../src/source/functions/index.ts'
import { divide } from '../src/source/indexing.ts'
import { texturesOnCpu } from './support/textures.ts'

const cpu = (await gpujs({ mode: 'cpu' })).open(0)

function upload(device: Device, values: readonly number[], dtype: DType = 'float32', shape: Shape = [values.length]): Tensor {
  const spec = specOf(shape, dtype)
  const data = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
  return { ...spec, handle: device.upload(data, spec) }
}

function read(device: Device, handle: unknown, shape: Shape, dtype: DType = 'float32'): number[] {
  return Array.from(device.download({ ...specOf(shape, dtype), handle }) as Float32Array)
}

// Numbers and titles as gpu.js's traps are known: each gave silently wrong results once.
describe('traps of gpu.js', () => {
  it('loops go on past 1000 iterations', () => {
    const ones = new Array<number>(3000).fill(1)
    const sum = cpu.kernels.scatterAdd(upload(cpu, ones), upload(cpu, ones, 'int32'), 0, specOf([2], 'float32'))
    expect(read(cpu, sum, [2])).toEqual([0, 3000])
    const deep = new Array<number>(70_000).fill(1)
    const product = cpu.kernels.matmul(upload(cpu, deep, 'float32', [1, 70_000]), upload(cpu, deep, 'float32', [70_000, 1]), false, false, specOf([1, 1], 'float32'))
    expect(read(cpu, product, [1, 1])).toEqual([70_000])
  })

  it('kernels see textures only, uploads go through a kernel of their own', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const x = upload(device, [1, 2])
    const y = { ...x, handle: device.kernels.binary('add', x, x, x) }
    device.kernels.where({ ...x, dtype: 'bool' }, x, y, x)
    const kinds = launches.map(({ values }) => values.map(value => (typeof value === 'number' ? 'number' : 'delete' in value ? 'texture' : 'host')))
    expect(kinds.map(list => list.includes('host'))).toEqual([true, false, false])
    expect(kinds[0]).toEqual(['host'])
  })

  it('a kernel gets at most seven arrays', async () => {
    const log = texturesOnCpu()
    const device = (await gpujs({ load: log.load })).open(0)
    const parts = Array.from({ length: 70 }, (_, i) => upload(device, [i, -i], 'float32', [2, 1]))
    const joined = device.kernels.concat(parts, 1, specOf([2, 70], 'float32'))
    const values = Array.from({ length: 70 }, (_, i) => i)
    expect(read(device, joined, [2, 70])).toEqual([...values, ...values.map(i => -i)])
    expect(Math.max(...log.launches.map(({ values: given }) => given.filter(value => typeof value !== 'number').length))).toBe(7)
    // What is joined on the way is given back.
    expect(log.live).toBe(parts.length + 1)
  })

  it('positions are exact although a GPU divides inexactly', () => {
    const body = `${divide('q', 'r', 'i', 'n').replace('i / n', 'Math.fround(i / n) * (1 + error)')}\nreturn [q, r]`
    // oxlint-disable-next-line typescript/no-implied-eval -- the generated text is what is tested
    const run = new Function('i', 'n', 'error', body) as (i: number, n: number, error: number) => [number, number]
    for (const i of [0, 1, 6, 7, 48, 49, 1_000_000, 2 ** 24 - 1]) {
      for (const n of [1, 3, 7, 49, 4096]) {
        for (const error of [0, 3e-7, -3e-7].filter(e => Math.abs(e) * (i / n) < 1)) expect(run(i, n, error)).toEqual([Math.floor(i / n), i % n])
      }
    }
  })

  it('integers that no float holds saturate, where they would wrap', () => {
    const x = upload(cpu, [2147483647, -2147483648, 16777216], 'int32')
    expect(read(cpu, x.handle, [3], 'int32')).toEqual([2147483647, -2147483648, 16777216])
    expect(read(cpu, cpu.kernels.unary('neg', x, x), [3], 'int32')).toEqual([-2147483648, 2147483647, -16777216])
  })

  it('nothing is read outside of an array', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const padded = device.kernels.pad(upload(device, [1, 2]), [1], 7, specOf([4], 'float32'))
    expect(read(device, padded, [4])).toEqual([7, 1, 2, 7])
    const { source } = launches.at(-1)!
    expect(source.indexOf('return value')).toBeLessThan(source.indexOf('x['))
  })

  it('every kernel is compiled with the settings that keep NaN, digits and older results', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const special = upload(device, [NaN, Infinity, -Infinity, 16777215])
    expect(read(device, device.kernels.broadcastTo(special, special), [4])).toEqual([NaN, Infinity, -Infinity, 16777215])
    for (const { settings } of launches) {
      expect(settings).toMatchObject({
        precision: 'single', tactic: 'precision', pipeline: true, immutable: true, dynamicOutput: true, dynamicArguments: true, loopMaxIterations: 1e9,
      })
    }
  })

  it('long reductions run in stages', async () => {
    const log = texturesOnCpu()
    const device = (await gpujs({ load: log.load })).open(0)
    const x = upload(device, Array.from({ length: 100_000 }, (_, i) => i % 7))
    const before = log.launches.length
    const total = device.kernels.reduce('sum', x, [0], specOf([], 'float32'))
    const place = device.kernels.argReduce('argmax', x, 0, specOf([], 'int32'))
    expect([...read(device, total, []), ...read(device, place, [], 'int32')]).toEqual([299_995, 6])
    const widths = log.launches.slice(before).filter(({ source }) => source.includes('width')).map(({ values }) => values[4])
    expect(widths).toEqual([317, 316, 317])
    expect(log.live).toBe(3)
  })

  it('tanh, pow, log, max and their like are guarded', () => {
    const unary = (kind: 'tanh' | 'log' | 'log1p' | 'sqrt' | 'expm1', values: number[]): number[] => {
      const x = upload(cpu, values)
      return read(cpu, cpu.kernels.unary(kind, x, x), [values.length])
    }
    expect(unary('tanh', [50, -50, 500, NaN])).toEqual([1, -1, 1, NaN])
    expect(unary('log', [0, -1, Infinity, 1])).toEqual([-Infinity, NaN, Infinity, 0])
    expect(unary('log1p', [-1, -2])).toEqual([-Infinity, NaN])
    expect(unary('sqrt', [-1, Infinity])).toEqual([NaN, Infinity])
    const pair = (kind: 'pow' | 'maximum' | 'minimum', a: number[], b: number[]): number[] => {
      const x = upload(cpu, a)
      return read(cpu, cpu.kernels.binary(kind, x, upload(cpu, b), x), [a.length])
    }
    expect(pair('pow', [-2, -2, 7, 0, -0, -Infinity], [2, 3, 2, 0, -1, 3])).toEqual([4, -8, 49, 1, -Infinity, -Infinity])
    expect(pair('maximum', [NaN, 1, 2], [1, NaN, 3])).toEqual([NaN, NaN, 3])
    expect(pair('minimum', [NaN, 1, 2], [1, NaN, 3])).toEqual([NaN, NaN, 2])
  })

  it('what a GPU\'s own functions get wrong is never asked of them', () => {
    // As seen on Mesa and SwiftShader: finite logarithms of 0 and below, powers of negative numbers, an overflow that is no infinity, sines that are off.
    const gpu = {
      abs: Math.abs, floor: Math.floor, ceil: Math.ceil,
      sin: (x: number) => Math.sin(Number.isFinite(x) ? x : 0) + 2e-5, cos: (x: number) => Math.cos(Number.isFinite(x) ? x : 0) - 2e-5,
      exp: (x: number) => (Math.abs(x) > 110 || Number.isNaN(x) ? 7 : Math.exp(x)),
      log: (x: number) => (x > 0 ? Math.log(x) : x === 0 ? -88 : 0), sqrt: (x: number) => Math.sqrt(Math.abs(x) || 0),
      pow: (a: number, b: number) => (a > 0 && Number.isFinite(a) && Number.isFinite(b) ? Math.pow(a, b) : NaN),
    }
    // oxlint-disable-next-line typescript/no-implied-eval -- the generated text is what is tested
    const make = new Function('Math', `${Object.values(FUNCTIONS).join('\n')}\nreturn { ${Object.keys(FUNCTIONS).join(', ')} }`)
    const helpers = make(gpu) as Record<string, (...x: number[]) => number>
    const values = [0, -0, 0.5, -0.5, 1, -1, 2, -3, 50, -50, 200, -200, Infinity, -Infinity, NaN]
    for (const kind of ['exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tan', 'asin', 'acos', 'tanh', 'sinh', 'cosh', 'asinh', 'acosh', 'atanh'] as const) {
      const constants = { sqrt: [NaN], asin: [NaN], acos: [NaN], exp: [Infinity], tanh: [Infinity], sinh: [Infinity], cosh: [Infinity] } as Record<string, number[]>
      for (const x of values.map(value => (Math.abs(value) === 200 && kind.endsWith('h') && kind !== 'tanh' && !kind.startsWith('a') ? value / 4 : value))) {
        const actual = Math.fround(helpers[`${kind}Of`]!(x, ...(constants[kind] ?? [Infinity, NaN])))
        const expected = Math.fround(Math[kind](x))
        expect(Object.is(actual, expected) || Math.abs(actual - expected) <= 1e-6 * Math.abs(expected), `${kind}(${x}): got ${actual}, expected ${expected}`).toBe(true)
      }
    }
    for (const a of values) {
      for (const b of [0, 1, 2, 3, -1, 0.5, -0.5, 40, 33.5, Infinity, -Infinity, NaN]) {
        const expected = Math.fround(a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b))
        const actual = Math.fround(helpers['powOf']!(a, b, Infinity, NaN))
        const near = Math.abs(actual - expected) <= 1e-6 * Math.abs(expected)
        expect(near || Object.is(actual, expected), `pow(${a}, ${b}): got ${actual}, expected ${expected}`).toBe(true)
      }
    }
  })

  it('no source holds what GPUs get wrong: infinite literals, isNaN, unguarded natives, negative literals without parentheses', () => {
    for (const source of Object.values(FUNCTIONS)) {
      expect(source).not.toMatch(/Infinity|NaN\(|\bNaN\b|Math\.(max|min|tanh|sinh|cosh|a?sinh|acosh|atanh|asin|acos|atan|expm1|log1p|trunc|round|sign)\(/)
      expect(source).not.toMatch(/(return|[=<>*/+,]) -/)
    }
  })

  it('functions are given to gpu.js such that the order in which it writes them out is one that GLSL takes', () => {
    const called = (text: string, names: ReadonlySet<string>): string[] => [...new Set([...text.slice(text.indexOf('{')).matchAll(/\b([a-z]\w*)\(/g)].map(match => match[1]!))].filter(name => names.has(name))
    // gpu.js moves what it meets again to the end, but not what that calls; and turns the list round.
    const written = (sources: ReadonlyMap<string, string>, name: string, list: string[] = []): string[] => {
      const at = list.indexOf(name)
      if (at >= 0) list.push(...list.splice(at, 1))
      else {
        list.push(name)
        for (const callee of called(sources.get(name)!, new Set(sources.keys()))) written(sources, callee, list)
      }
      return list
    }
    const names = Object.keys(FUNCTIONS)
    for (const all of [names, names.toReversed(), ['tanhOf', 'expm1Of'], ['sinhOf', 'tanhOf', 'expm1Of'], ...names.map(name => [name])]) {
      const kernel = `function kernel(x) { return ${all.map(name => `${name}(x)`).join(' + ')}; }`
      const sources = new Map([...helpersOf(kernel).map(({ source, settings }) => [settings.name, source] as const), ['kernel', kernel]])
      const order = written(sources, 'kernel').toReversed()
      for (const name of order) {
        for (const callee of called(sources.get(name)!, new Set(sources.keys()))) expect(order.indexOf(callee), `${callee} of ${name}, in ${all.join()}`).toBeLessThan(order.indexOf(name))
      }
      for (const [name, source] of sources) expect(source).toContain(`function ${name}(`)
    }
  })

  it('what is launched again and again is compiled for its very extents, which are then no arguments, and for those alone', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const x = upload(device, Array.from({ length: 12 }, (_, i) => i), 'float32', [3, 4])
    const turned = (shape: Shape): number[] => read(device, device.kernels.transpose({ ...x, shape }, [1, 0], specOf(shape.toReversed(), 'float32')), [12])
    const before = launches.length
    for (let round = 0; round < 4; round++) {
      expect(turned([3, 4])).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
      expect(turned([6, 2])).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
    }
    const mine = launches.slice(before)
    expect(mine.map(({ settings }) => settings.dynamicArguments)).toEqual([true, true, true, true, false, false, false, false])
    expect(mine.map(({ settings }) => settings.dynamicOutput)).toEqual(mine.map(({ settings }) => settings.dynamicArguments))
    // The array and where to start, which programs vary.
    expect(mine.at(-1)!.values.length).toBe(2)
    expect(mine.at(-1)!.source).not.toBe(mine.at(-2)!.source)
  })

  it('numbers that change from step to step ask for no new kernel, extents only for so many', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const w = upload(device, [1, 2])
    const count = (): number => new Set(launches.map(({ source, settings }) => source + settings.output.join())).size
    for (let step = 1; step <= 20; step++) device.free(device.overrides!['sgdStep']!([w, w], { learningRate: 1 / step, rescaleGrad: 1, clipGradient: null, wd: 0 } as never, w))
    expect(count()).toBe(3)
    for (let n = 1; n <= 300; n++) for (let round = 0; round < 3; round++) device.free(device.fill(n, specOf([n], 'float32')))
    expect(count()).toBeLessThan(3 + 130)
  })

  it('arrays of no elements never reach gpu.js', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const none = upload(device, [], 'float32', [0, 3])
    device.kernels.binary('add', none, none, none)
    device.kernels.concat([none, none], 0, none)
    device.kernels.matmul(none, { ...none, shape: [3, 0] }, false, false, specOf([0, 0], 'float32'))
    device.free(none.handle)
    expect(launches).toEqual([])
  })

  it('a GPU gets an instance for each size of a kernel, up to a bound, for changing a size is slow and leaks', async () => {
    const log = texturesOnCpu()
    const device = (await gpujs({ load: log.load })).open(0)
    for (let round = 0; round < 2; round++) for (let n = 1; n <= 60; n++) device.free(device.fill(n, specOf([n], 'float32')))
    expect(log.setOutputs).toBe(0)
    for (let n = 61; n <= 90; n++) {
      const filled = device.fill(n, specOf([n], 'float32'))
      expect(read(device, filled, [n])).toEqual(new Array<number>(n).fill(n))
      device.free(filled)
    }
    expect(log.setOutputs).toBeGreaterThan(0)
    expect(log.live).toBe(0)
  })

  it('frees a texture once, and keeps the results of a kernel apart', async () => {
    const log = texturesOnCpu()
    const device = (await gpujs({ load: log.load })).open(0)
    const x = upload(device, [1, 2])
    const y = device.kernels.unary('neg', x, x)
    const z = device.kernels.unary('neg', { ...x, handle: y }, x)
    device.free(y)
    expect(read(device, z, [2])).toEqual([1, 2])
    expect(() => device.download({ ...x, handle: y })).toThrow('deleted')
    device.free(z)
    device.free(x.handle)
    expect(log.live).toBe(0)
  })
})
