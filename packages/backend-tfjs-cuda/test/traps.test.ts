import { Context, add, array, convolution, maxPool, registerBackend, rint, scope, softmax, specOf, unregisterBackend } from '@ashlar/core'
import type { DType, Device, NDArray, TypedArray } from '@ashlar/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FLOATS } from '../src/attributes.ts'
import type { Attribute } from '../src/attributes.ts'
import { openDevice } from '../src/device.ts'
import type { Engine } from '../src/engine.ts'
import type { TensorInfo } from '../src/tfjs.ts'
import { testEngines } from './engines.ts'
import { NO_NATIVE } from './native.ts'

// What kernels of tfjs 4.22.0 do with arguments that they do not check. Each test shows the trap on the bare kernel, and then that we keep out
// of it; where the first half fails, tfjs mended it.

const engines = await testEngines()

function bare(engine: Engine, compose: (steps: Parameters<Parameters<Engine['run']>[0]>[0]) => TensorInfo): number[] {
  const { info } = engine.run(compose)
  const values = Array.from(engine.backend.readSync(info.dataId) as Float32Array)
  engine.dispose(info)
  return values
}

const floats = (...values: number[]): Float32Array => Float32Array.from(values)

describe.each(engines)('on %s', (name, engine) => {
  const device = openDevice(engine)
  const type = `trap-${name.toLowerCase()}`
  const ctx = (): Context => new Context(type)
  const on = (values: number[], shape: readonly number[], dtype: DType = 'float32'): NDArray => array(values, { dtype, ctx: ctx() }).reshape(shape)
  const numbers = (run: () => NDArray): number[] => scope(() => Array.from(run().toTypedArray() as Float32Array))

  beforeAll(() => registerBackend({ name: type, type, count: 1, open: () => device as Device }))
  afterAll(() => unregisterBackend(type))

  it('a tensor keeps the typed array that it is given: uploads copy', () => {
    const data = floats(1, 2)
    const id = engine.backend.write(data, [2], 'float32')
    const spec = specOf([2], 'float32')
    const mine = device.upload(data, spec)
    data[0] = 9
    const kept = engine.backend.readSync(id)[0]
    engine.backend.disposeData(id)
    expect(kept).toBe(name === 'wasm' ? 1 : 9)
    expect(Array.from(device.download({ ...spec, handle: mine }) as Float32Array)).toEqual([1, 2])
    device.free(mine)
  })

  it('a tensor gives the typed array that it keeps: downloads copy', () => {
    const spec = specOf([2], 'float32')
    const handle = device.upload(floats(1, 2), spec)
    const again = (): TypedArray => device.download({ ...spec, handle })
    again()[0] = 7
    expect(Array.from(again() as Float32Array)).toEqual([1, 2])
    device.free(handle)
  })

  it('a sum of int32 and float32 is garbage: they are promoted first', () => {
    const sum = (): number[] => bare(engine, steps => steps.call('Add', { a: steps.constant(Int32Array.of(1, 2), [2], 'int32'), b: steps.constant(floats(0.5, 0.25), [2], 'float32') }))
    let found: number[] | string
    try {
      found = sum()
    } catch (error) {
      found = String(error)
    }
    if (name !== 'cpu') expect(found).not.toEqual([1.5, 2.25])
    expect(numbers(() => add(on([1, 2], [2], 'int32'), on([0.5, 0.25], [2])))).toEqual([1.5, 2.25])
  })

  it('a softmax along axis -1 is zeros or an error, in bare kernels: axes are counted from the start', () => {
    for (const axis of [-1, 1]) {
      const [a, b] = numbers(() => softmax(on([0, Math.log(3)], [1, 2]), { axis }))
      expect(a).toBeCloseTo(0.25, 6)
      expect(b).toBeCloseTo(0.75, 6)
    }
  })

  it('rounding keeps whole numbers', () => {
    const spec = specOf([3], 'int32')
    const x = device.upload(Int32Array.of(-3, 16777217, 2147483647), spec)
    for (const kind of ['rint', 'floor', 'ceil', 'trunc'] as const) {
      const y = device.kernels.unary(kind, { ...spec, handle: x }, spec)
      expect(Array.from(device.download({ ...spec, handle: y }) as Int32Array), kind).toEqual([-3, 16777217, 2147483647])
      device.free(y)
    }
    device.free(x)
    expect(numbers(() => rint(on([1, -2], [2], 'int32')))).toEqual([1, -2])
  })

  it('padding is told pair by pair: a convolution, padded', () => {
    const ones = new Array<number>(2 * 3 * 3).fill(1)
    const y = numbers(() => convolution(on(ones, [1, 2, 3, 3]), on(ones, [1, 2, 3, 3]), null, { padding: 1 }))
    expect(y).toEqual([8, 12, 8, 12, 18, 12, 8, 12, 8])
  })

  it('the largest element of a window is NaN where there is one', () => {
    expect(numbers(() => maxPool(on([1, NaN, 2, 3, 4, 5, 6, 7], [1, 2, 2, 2]), { kernel: 2 }))).toEqual([NaN, 7])
  })

  it('elements of more axes than kernels take are added', () => {
    const shape = [2, 1, 2, 1, 2, 1, 2]
    const values = Array.from({ length: 16 }, (_, i) => i)
    expect(numbers(() => add(on(values, shape), on(values, shape)))).toEqual(values.map(i => 2 * i))
    expect(numbers(() => add(on(values, shape), 1))).toEqual(values.map(i => i + 1))
    const across = (): NDArray => add(on(values, shape), on([0, 100, 200, 300, 400, 500, 600, 700], [1, 2, 1, 2, 1, 2, 1]))
    // In C order: the axes at even places are those of the first, the others those of the second.
    const expected = Array.from({ length: 128 }, (_, i) => {
      const bit = (axis: number): number => (i >> (6 - axis)) & 1
      return bit(0) * 8 + bit(2) * 4 + bit(4) * 2 + bit(6) + 100 * (bit(1) * 4 + bit(3) * 2 + bit(5))
    })
    expect(numbers(across)).toEqual(expected)
  })
})

const native = engines.find(([name]) => name === 'TensorFlow')?.[1]

if (native !== undefined) describe('bare kernels of TensorFlow', () => {
  const engine = native
  const run = (kernel: string, inputs: Readonly<Record<string, readonly [TypedArray, readonly number[]]>>, attributes: object): number[] => bare(engine, steps => {
    const tensors = Object.entries(inputs).map(([input, [data, shape]]) => [input, steps.constant(data, shape, data instanceof Int32Array ? 'int32' : 'float32')] as const)
    return steps.call(kernel, Object.fromEntries(tensors), attributes as Readonly<Record<string, unknown>>)
  })

  it('Round of int32 is zeros from 2.18 on', () => {
    const rounded = run('Round', { x: [Int32Array.of(3, -4), [2]] }, {})
    expect([[0, 0], [3, -4]]).toContainEqual(rounded)
  })

  it('Conv2D refuses a number as pad', () => {
    const image = [new Float32Array(9), [1, 3, 3, 1]] as const
    expect(() => run('Conv2D', { x: image, filter: [new Float32Array(9), [3, 3, 1, 1]] }, { strides: [1, 1], pad: 1, dataFormat: 'NHWC', dilations: [1, 1], dimRoundingMode: 'floor' }))
      .toThrow(/supports only 'valid' and 'same' padding/)
  })

  it('LogSoftmax, ReluGrad and others are no kernels of tfjs, but ops of TensorFlow', () => {
    for (const kernel of ['LogSoftmax', 'ReluGrad', 'BiasAdd', 'SparseSoftmaxCrossEntropyWithLogits', 'FusedBatchNormV3']) expect(engine.has(kernel), kernel).toBe(false)
    expect(bare(engine, steps => steps.op('LogSoftmax', [steps.constant(floats(0, 0), [1, 2], 'float32')], FLOATS))[0]).toBeCloseTo(-Math.LN2, 6)
  })

  it('MaxPool passes over NaN', () => {
    const attributes: readonly Attribute[] = [...FLOATS, ['ksize', 'whole', [1, 2, 2, 1]], ['strides', 'whole', [1, 2, 2, 1]], ['padding', 'text', 'VALID'], ['data_format', 'text', 'NHWC']]
    expect(bare(engine, steps => steps.op('MaxPool', [steps.constant(floats(1, NaN, 2, 3), [1, 2, 2, 1], 'float32')], attributes))).toEqual([3])
  })

  it('GatherV2 of tfjs reads its indices back', () => {
    expect(() => run('GatherV2', { x: [floats(1, 2), [2]], indices: [Int32Array.of(5), [1]] }, { axis: 0, batchDims: 0 })).toThrow(/GatherV2: the index value 5/)
  })
})

if (native === undefined) it('bare kernels of TensorFlow', ({ skip }) => skip(NO_NATIVE))
