import { gpujs } from '@ashlar/backend-gpujs'
import { sizeOf, specOf } from '@ashlar/core'
import type { DType, Device, ElementwiseProgram, Shape, Tensor } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { texturesOnCpu } from './support/textures.ts'

const devices = { cpu: (await gpujs({ mode: 'cpu' })).open(0), webasm: (await gpujs({ mode: 'webasm' })).open(0) }

function upload(device: Device, values: readonly number[], shape: Shape = [values.length], dtype: DType = 'float32'): Tensor {
  const spec = specOf(shape, dtype)
  return { ...spec, handle: device.upload(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), spec) }
}

function run(device: Device, name: string, inputs: readonly Tensor[], attributes: object, shape: Shape): number[] {
  const out = specOf(shape, 'float32')
  const handle = device.overrides![name]!(inputs, attributes as never, out)
  const result = Array.from(device.download({ ...out, handle }) as Float32Array)
  device.free(handle)
  return result
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => {
    const near = Object.is(value, expected[i]) || Math.abs(value - expected[i]!) <= tolerance * (1 + Math.abs(expected[i]!))
    expect(near, `element ${i}: got ${value}, expected ${expected[i]}`).toBe(true)
  })
}

const values = (count: number, step = 0.37): number[] => Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * step) * 3))
const lines = (x: readonly number[], extent: number): number[][] => Array.from({ length: x.length / extent }, (_, i) => x.slice(i * extent, (i + 1) * extent))

const logarithms = (line: readonly number[]): number[] => {
  const top = Math.max(...line)
  const total = line.reduce((sum, x) => sum + Math.exp(x - top), 0)
  return line.map(x => x - top - Math.log(total))
}
const standard = (line: readonly number[]): number[] => {
  const mean = line.reduce((sum, x) => sum + x, 0) / line.length
  const variance = line.reduce((sum, x) => sum + (x - mean) ** 2, 0) / line.length
  return line.map(x => (x - mean) / Math.sqrt(variance + 1e-5))
}

// In one kernel, in three, and with sums in two stages.
describe.each(['cpu', 'webasm'] as const)('overrides in mode %s, against formulas in double', mode => {
  const device = devices[mode]

  it.each([5, 64, 65, 3000])('softmax, its logarithm and the cross entropy of lines of %i', extent => {
    const data = values(3 * extent)
    const x = upload(device, data, [3, extent])
    const wanted = lines(data, extent).map(logarithms)
    expectNear(run(device, 'logSoftmax', [x], { axis: 1 }, [3, extent]), wanted.flat())
    expectNear(run(device, 'softmax', [x], { axis: 1 }, [3, extent]), wanted.flat().map(Math.exp))
    const labels = [0, extent - 1, 2]
    const label = upload(device, labels, [3], 'int32')
    expectNear(run(device, 'softmaxCrossEntropy', [x, label], {}, [3]), labels.map((at, i) => -wanted[i]![at]!))
    const heads = [1, -2, 0.5]
    const slope = wanted.flatMap((line, i) => line.map((value, j) => (Math.exp(value) - Number(j === labels[i])) * heads[i]!))
    expectNear(run(device, 'softmaxCrossEntropyGradient', [upload(device, heads), x, label], {}, [3, extent]), slope)
  })

  it('softmax along an axis in the middle, and of numbers whose exponentials overflow', () => {
    const data = values(2 * 3 * 4).map(x => x * 100)
    const wanted = new Array<number>(24)
    for (let block = 0; block < 2; block++) {
      for (let column = 0; column < 4; column++) {
        const at = (i: number): number => (block * 3 + i) * 4 + column
        logarithms([0, 1, 2].map(i => data[at(i)]!)).forEach((value, i) => (wanted[at(i)] = Math.exp(value)))
      }
    }
    expectNear(run(device, 'softmax', [upload(device, data, [2, 3, 4])], { axis: 1 }, [2, 3, 4]), wanted)
  })

  it.each([6, 2000])('means, variances and layer normalization of lines of %i', extent => {
    const data = values(2 * extent).map(x => x + 5)
    const x = upload(device, data, [2, extent])
    const means = lines(data, extent).map(line => line.reduce((sum, value) => sum + value, 0) / extent)
    expectNear(run(device, 'mean', [x], { axes: [1] }, [2]), means)
    const squares = lines(data, extent).map((line, i) => line.reduce((sum, value) => sum + (value - means[i]!) ** 2, 0))
    expectNear(run(device, 'var', [x], { axes: [1], ddof: 1 }, [2, 1]), squares.map(sum => sum / (extent - 1)))
    const gamma = values(extent, 0.9)
    const beta = values(extent, 0.2)
    const wanted = lines(data, extent).flatMap(line => standard(line).map((value, j) => value * gamma[j]! + beta[j]!))
    expectNear(run(device, 'layerNorm', [x, upload(device, gamma), upload(device, beta)], { axis: 1, epsilon: 1e-5 }, [2, extent]), wanted)
  })

  it.each([[[0, 2, 3]], [[1]], [[0]], [[0, 2]], [[]], [[0, 1, 2, 3]]])('variances over axes %j', axes => {
    const [shape, data] = [[3, 2, 4, 5], values(120)]
    const groups = new Map<string, number[]>()
    data.forEach((x, i) => {
      const at = [Math.floor(i / 40), Math.floor(i / 20) % 2, Math.floor(i / 5) % 4, i % 5].filter((_, axis) => !(axes as number[]).includes(axis)).join()
      groups.set(at, [...(groups.get(at) ?? []), x])
    })
    const wanted = [...groups.values()].map(group => {
      const mean = group.reduce((sum, x) => sum + x, 0) / group.length
      return group.reduce((sum, x) => sum + (x - mean) ** 2, 0) / group.length
    })
    const kept = shape.filter((_, axis) => !(axes as number[]).includes(axis))
    expect(sizeOf(kept)).toBe(wanted.length)
    expectNear(run(device, 'var', [upload(device, data, shape)], { axes, ddof: 0 }, kept), wanted)
  })

  it('nothing gives what the formula gives of nothing', () => {
    const none = upload(device, [], [0, 3])
    expect(run(device, 'mean', [none], { axes: [0] }, [3])).toEqual([NaN, NaN, NaN])
    expect(run(device, 'linear', [upload(device, [], [2, 0]), upload(device, [], [2, 0]), upload(device, [1, 2])], {}, [2, 2])).toEqual([1, 2, 1, 2])
    const how = { stride: [1], padding: [1], dilation: [1], groups: 1 }
    expect(run(device, 'convolution', [upload(device, [], [1, 0, 2]), upload(device, [], [2, 0, 3]), upload(device, [3, 4])], how, [1, 2, 2])).toEqual([3, 3, 4, 4])
  })
})

describe('launches', () => {
  it('a program of ten steps is one kernel, and so are programs that differ in constants only', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const chain = (by: number): ElementwiseProgram => ({
      inputs: ['float32', 'float32'],
      steps: [
        { kind: 'constant', of: [], value: by, dtype: 'float32' }, { kind: 'mul', of: [0, 2] }, { kind: 'add', of: [3, 1] }, { kind: 'tanh', of: [4] }, { kind: 'expm1', of: [5] },
        { kind: 'sub', of: [6, 0] }, { kind: 'abs', of: [7] }, { kind: 'sqrt', of: [8] }, { kind: 'maximum', of: [9, 1] }, { kind: 'neg', of: [10] },
      ],
    })
    const [a, b] = [[0.5, -2, 3], [0.25, 0.5, -1]]
    const [x, y] = [upload(device, a), upload(device, b)]
    const before = launches.length
    for (const by of [2, -0.5]) {
      const wanted = a.map((value, i) => -Math.max(Math.sqrt(Math.abs(Math.expm1(Math.tanh(value * by + b[i]!)) - value)), b[i]!))
      expectNear(run(device, 'elementwise', [x, y], { program: chain(by) }, [3]), wanted)
    }
    expect(launches.length - before).toBe(2)
    expect(new Set(launches.slice(before).map(({ source }) => source)).size).toBe(1)
  })

  it('a squared number asks for no logarithm', async () => {
    const { load, launches } = texturesOnCpu()
    const device = (await gpujs({ load })).open(0)
    const program = (value: number): ElementwiseProgram => ({ inputs: ['float32'], steps: [{ kind: 'constant', of: [], value, dtype: 'float32' }, { kind: 'pow', of: [0, 1] }] })
    expect(run(device, 'elementwise', [upload(device, [-3, 7])], { program: program(2) }, [2])).toEqual([9, 49])
    expect(launches.at(-1)!.source).not.toContain('powOf')
    expect(run(device, 'elementwise', [upload(device, [-3, 7])], { program: program(4) }, [2])).toEqual([81, 2401])
    expect(launches.at(-1)!.source).toContain('powOf')
  })

  it.each([
    ['softmax', [[4, 10]], { axis: 1 }, [4, 10], 1], ['softmax', [[4, 100]], { axis: 1 }, [4, 100], 3], ['linear', [[4, 3], [2, 3], [2]], {}, [4, 2], 1],
    ['layerNorm', [[4, 100], [100], [100]], { axis: 1, epsilon: 1e-5 }, [4, 100], 3], ['batchNorm', [[4, 2], [2], [2], [2], [2]], { axis: 1, epsilon: 1e-5 }, [4, 2], 1],
    ['var', [[4, 3, 5]], { axes: [0, 2], ddof: 0 }, [3], 4],
    ['convolution', [[2, 3, 8, 8], [4, 3, 3, 3], [4]], { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }, [2, 4, 6, 6], 1],
    ['convolutionGradWeight', [[2, 3, 8, 8], [2, 4, 6, 6]], { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }, [4, 3, 3, 3], 2],
    ['maxPool', [[2, 3, 8, 8]], { kernel: [2, 2], stride: [2, 2], padding: [0, 0] }, [2, 3, 4, 4], 1],
    ['adamStep', [[5], [5], [5]], { rate: 0.1, epsilon: 1e-8, decay: 0 }, [5], 1],
  ] as const)('%s of %j takes few of them, and gives back what it made on the way', async (name, shapes, attributes, shape, count) => {
    const log = texturesOnCpu()
    const device = (await gpujs({ load: log.load })).open(0)
    const inputs = shapes.map(extents => upload(device, values(sizeOf(extents)), extents))
    const before = log.launches.length
    run(device, name, inputs, attributes, shape)
    expect(log.launches.length - before).toBe(count)
    expect(log.live).toBe(inputs.length)
  })
})
