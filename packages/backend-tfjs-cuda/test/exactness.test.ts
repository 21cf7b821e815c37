import { referenceBackend } from '@ashlar/backend-kit'
import { specOf } from '@ashlar/core'
import type { BinaryKind, Device, Kernels, Shape, Spec, Tensor, TypedArray } from '@ashlar/core'
import { describe, expect, it } from 'vitest'
import { openDevice } from '../src/device.ts'
import { testEngines } from './engines.ts'
import { NO_NATIVE } from './native.ts'

type Call = (kernels: Kernels, ...inputs: Tensor[]) => unknown

function compute(device: Device, inputs: readonly (readonly [TypedArray, Shape])[], out: Spec, call: Call): number[] {
  const tensors = inputs.map(([data, shape]) => {
    const spec = specOf(shape, data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool')
    return { ...spec, handle: device.upload(data, spec) }
  })
  const handle = call(device.kernels, ...tensors)
  const values = Array.from(device.download({ ...out, handle }) as Float32Array)
  for (const x of tensors) device.free(x.handle)
  device.free(handle)
  return values
}

const reference = referenceBackend().open(0)
// Neighbours that float32 does not tell apart.
const A = Int32Array.of(16777216, 16777217, -16777217, 2147483646, 2147483647, -2147483647, 123456789, 123456791)
const B = Int32Array.of(16777217, 16777217, -16777216, 2147483647, 2147483647, -2147483648, 123456790, 987654321)
const eight = specOf([8], 'int32')
const PLACES = Int32Array.of(7, 0, 0, 3)

const WHOLE: readonly (readonly [string, readonly (readonly [TypedArray, Shape])[], Spec, Call])[] = [
  ...(['add', 'sub', 'mul', 'mod', 'maximum', 'minimum'] as const satisfies readonly BinaryKind[]).map(kind =>
    [kind, [[A, [8]], [B, [8]]], eight, (k: Kernels, a: Tensor, b: Tensor) => k.binary(kind, a, b, eight)] as const),
  ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).map(kind =>
    [kind, [[A, [8]], [B, [8]]], specOf([8], 'bool'), (k: Kernels, a: Tensor, b: Tensor) => k.compare(kind, a, b, specOf([8], 'bool'))] as const),
  ...(['neg', 'abs', 'sign'] as const).map(kind => [kind, [[A, [8]]], eight, (k: Kernels, a: Tensor) => k.unary(kind, a, eight)] as const),
  ...(['sum', 'prod', 'max', 'min'] as const).flatMap(kind => [[0], [1], [0, 1]].map(axes => {
    const out = specOf(axes.length === 2 ? [] : axes[0] === 0 ? [4] : [2], 'int32')
    return [`${kind} along ${axes}`, [[A, [2, 4]]], out, (k: Kernels, a: Tensor) => k.reduce(kind, a, axes, out)] as const
  })),
  ...(['argmax', 'argmin'] as const).map(kind =>
    [kind, [[B.slice(0, 5), [5]]], specOf([], 'int32'), (k: Kernels, a: Tensor) => k.argReduce(kind, a, 0, specOf([], 'int32'))] as const),
  ['where', [[Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0), [8]], [A, [8]], [B, [8]]], eight, (k, c, a, b) => k.where(c!, a!, b!, eight)],
  ['cast to float32', [[A, [8]]], specOf([8], 'float32'), (k, a) => k.cast(a!, specOf([8], 'float32'))],
  ['transpose', [[A, [2, 4]]], specOf([4, 2], 'int32'), (k, a) => k.transpose(a!, [1, 0], specOf([4, 2], 'int32'))],
  ['broadcastTo', [[A, [8, 1]]], specOf([8, 3], 'int32'), (k, a) => k.broadcastTo(a!, specOf([8, 3], 'int32'))],
  ['slice', [[A, [8]]], specOf([3], 'int32'), (k, a) => k.slice(a!, [7], [-3], specOf([3], 'int32'))],
  ['pad', [[A, [8]]], specOf([10], 'int32'), (k, a) => k.pad(a!, [1], 16777217, specOf([10], 'int32'))],
  ['concat', [[A, [8]], [B, [8]]], specOf([16], 'int32'), (k, a, b) => k.concat([a!, b!], 0, specOf([16], 'int32'))],
  ['matmul', [[A, [2, 4]], [B, [4, 2]]], specOf([2, 2], 'int32'), (k, a, b) => k.matmul(a!, b!, false, false, specOf([2, 2], 'int32'))],
  ['take', [[A, [8]], [PLACES, [4]]], specOf([4], 'int32'), (k, a, i) => k.take(a!, i!, 0, specOf([4], 'int32'))],
  ['scatterAdd', [[B.slice(0, 4), [4]], [PLACES, [4]]], eight, (k, a, i) => k.scatterAdd(a!, i!, 0, eight)],
]

const engines = await testEngines()

if (engines.length < 3) it('whole numbers on TensorFlow itself', ({ skip }) => skip(NO_NATIVE))

describe.each(engines)('on %s', (_, engine) => {
  const device = openDevice(engine) as Device

  it.each(WHOLE)('whole numbers above 2^24 stay exact: %s', (_, inputs, out, call) => {
    expect(compute(device, inputs, out, call)).toEqual(compute(reference, inputs, out, call))
  })

  it('fill and a cast there and back keep them too', () => {
    const handle = device.fill(16777217, eight)
    expect(device.download({ ...eight, handle })[5]).toBe(16777217)
    device.free(handle)
    const floats = specOf([8], 'float32')
    const rounded = compute(device, [[A, [8]]], eight, (k, a) => {
      const y = k.cast(a!, floats)
      const back = k.cast({ ...floats, handle: y }, eight)
      device.free(y)
      return back
    })
    expect(rounded[1]).toBe(16777216) // as float32 rounds it
  })

  it('atan2 takes signs and infinities from both sides', () => {
    const y = Float32Array.of(1, -1, 0, -0, 0, 3, Infinity, NaN, 1e-7)
    const x = Float32Array.of(1, -1, -1, -1, 1, 0, -Infinity, 1, 1)
    const out = specOf([9], 'float32')
    const angles = compute(device, [[y, [9]], [x, [9]]], out, (k, a, b) => k.binary('atan2', a!, b!, out))
    angles.forEach((angle, i) => {
      const expected = Math.atan2(y[i]!, x[i]!)
      if (Number.isNaN(expected)) expect(angle).toBeNaN()
      else expect(angle).toBeCloseTo(expected, 6)
    })
  })

  it('multiplies by one array in two shapes', () => {
    const [column, square] = [specOf([2, 1], 'float32'), specOf([2, 2], 'float32')]
    // As a weight of one column is in x w and in the gradient g wᵀ.
    const products = compute(device, [[Float32Array.of(1, 1), [1, 2]], [Float32Array.of(1, 2), [2, 1]]], square, (k, x, w) => {
      device.free(k.matmul(x!, w!, false, false, specOf([1, 1], 'float32')))
      return k.matmul({ ...column, handle: x!.handle }, w!, false, true, square)
    })
    expect(products).toEqual([1, 2, 1, 2])
  })

  it('pads with NaN, and with what it is told after that', () => {
    const out = specOf([3], 'float32')
    for (const value of [NaN, 0, NaN, -Infinity, 2]) {
      expect(compute(device, [[Float32Array.of(1, 5), [2]]], out, (k, x) => k.pad(x!, [0], value, out))).toEqual([1, 5, value])
    }
  })

  it('takes any number of axes', () => {
    const shape = [2, 1, 3, 2, 1, 2, 3, 2, 2]
    const spec = specOf(shape, 'int32')
    const data = Int32Array.from({ length: spec.size }, (_, i) => i)
    const order = [8, 2, 0, 6, 3, 5, 1, 7, 4]
    const moved = specOf(order.map(axis => shape[axis]!), 'int32')
    const wide = specOf([2, 2, 3, 2, 3, 2, 3, 2, 2], 'int32')
    const narrow = specOf([1, 3, 1, 1, 1, 3, 1, 2], 'int32')
    const part = specOf([1, 1, 2, 1, 1, 2, 1, 2, 1], 'int32')
    const padded = specOf(shape.map(extent => extent + 1), 'int32')
    const kept = specOf([3, 2, 2], 'int32')
    const ones: readonly [TypedArray, Shape] = [new Int32Array(narrow.size).fill(2), narrow.shape]
    const calls: readonly (readonly [Spec, Call])[] = [
      [moved, (k, x) => k.transpose(x!, order, moved)],
      [wide, (k, x) => k.broadcastTo(x!, wide)],
      [spec, (k, x, y) => k.binary('add', x!, y!, spec)],
      [part, (k, x) => k.slice(x!, [1, 0, 2, 1, 0, 1, 2, 1, 1], [1, 1, -2, 1, 1, -1, 1, -1, 1], part)],
      [padded, (k, x) => k.pad(x!, [1, 0, 1, 0, 1, 0, 1, 0, 1], 7, padded)],
      [kept, (k, x) => k.reduce('sum', x!, [0, 1, 3, 4, 6, 8], kept)],
    ]
    for (const [out, call] of calls) {
      const inputs: (readonly [TypedArray, Shape])[] = [[data, shape], ones]
      expect(compute(device, inputs, out, call)).toEqual(compute(reference, inputs, out, call))
    }
  })
})
