import { sameShape, sizeOf } from '@ashlar/core'
import type { DType, Shape, Spec, Tensor } from '@ashlar/core'
import type { Attribute } from '../attributes.ts'
import { MAX_RANK, joinBroadcast, joinPermutation } from '../axes.ts'
import type { Handle, Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'

/** `x`, of that shape, stretched to `out`. */
export function stretch(steps: Steps, x: TensorInfo, shape: Shape, out: Shape): TensorInfo {
  const joined = joinBroadcast([shape], out)
  const from = joined.shapes[0]!
  if (sizeOf(from) === sizeOf(joined.out)) return x
  if (from.length <= MAX_RANK) return steps.call('Tile', { x: steps.view(x, from) }, { reps: joined.out.map((n, i) => n / from[i]!) })
  // The last axis first, so that what is copied often is long.
  return from.reduceRight((wide, own, axis) => {
    if (own === joined.out[axis]) return wide
    const after = sizeOf(joined.out.slice(axis + 1))
    return steps.call('Tile', { x: steps.view(wide, [sizeOf(from.slice(0, axis)), 1, after]) }, { reps: [1, joined.out[axis]!, 1] })
  }, x)
}

/** `x`, of that shape, with its axes permuted. */
export function permute(steps: Steps, x: TensorInfo, shape: Shape, permutation: readonly number[]): TensorInfo {
  const joined = joinPermutation(shape, permutation)
  if (joined.permutation.length < 2) return x
  if (joined.shape.length <= MAX_RANK) return steps.call('Transpose', { x: steps.view(x, joined.shape) }, { perm: joined.permutation })
  // One axis at a time is brought to its place, past those between.
  const order = joined.shape.map((_, axis) => axis)
  return joined.permutation.reduce((moved, axis, place) => {
    const from = order.indexOf(axis)
    if (from === place) return moved
    const extents = order.map(a => joined.shape[a]!)
    order.splice(place, 0, ...order.splice(from, 1))
    const parts = [extents.slice(0, place), extents.slice(place, from), [extents[from]!], extents.slice(from + 1)].map(sizeOf)
    return steps.call('Transpose', { x: steps.view(moved, parts) }, { perm: [0, 2, 1, 3] })
  }, x)
}

const indexed = (dtype: DType): readonly Attribute[] => [['Tparams', 'type', dtype], ['Tindices', 'type', 'int32'], ['Taxis', 'type', 'int32']]

const GATHERS = { float32: indexed('float32'), int32: indexed('int32'), bool: indexed('bool') }

/** `x` seen as blocks, entries and runs around an axis, and taken at positions of that axis. */
export function gather(steps: Steps, x: TensorInfo, around: readonly [number, number, number], indices: TensorInfo): TensorInfo {
  // tfjs's kernel for TensorFlow reads all indices back to check them; ours are in range.
  if (steps.engine.isNative) return steps.op('GatherV2', [steps.view(x, around), indices, steps.scalar(1, 'int32')], GATHERS[x.dtype as keyof typeof GATHERS])
  return steps.call('GatherV2', { x: steps.view(x, around), indices }, { axis: 1, batchDims: 0 })
}

/** What lies before, along and behind an axis. */
export function around(shape: Shape, axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))]
}

/** A part of one axis. */
interface Range {
  readonly extent: number
  readonly start: number
  readonly step: number
  readonly size: number
}

/** Joins an axis that is taken whole to the one before it, where that is contiguous. */
function joinRanges(shape: Shape, starts: readonly number[], given: readonly number[], out: Shape): Range[] {
  const ranges: Range[] = []
  shape.forEach((extent, axis) => {
    const size = out[axis]!
    const step = size === 1 ? 1 : given[axis]!
    const last = ranges.at(-1)
    if (last?.step === 1 && step === 1 && starts[axis] === 0 && size === extent) {
      ranges[ranges.length - 1] = { extent: last.extent * extent, start: last.start * extent, step: 1, size: last.size * extent }
    } else {
      ranges.push({ extent, start: starts[axis]!, step, size })
    }
  })
  return ranges
}

function stridedSlice(steps: Steps, x: TensorInfo, ranges: readonly Range[]): TensorInfo {
  const [begin, end, strides] = [
    ranges.map(({ start }) => start), ranges.map(({ start, step, size }) => start + (size - 1) * step + 1), ranges.map(({ step }) => step),
  ]
  return steps.call('StridedSlice', { x: steps.view(x, ranges.map(({ extent }) => extent)) }, {
    begin, end, strides, beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0,
  })
}

/** A strided part of `x`, of that shape: contiguous ranges by `Slice`, the others by their positions. */
export function cut(steps: Steps, x: TensorInfo, shape: Shape, starts: readonly number[], given: readonly number[], out: Shape): TensorInfo {
  const ranges = joinRanges(shape, starts, given, out)
  if (steps.engine.isNative && ranges.length <= MAX_RANK && ranges.every(({ step }) => step > 0) && ranges.some(({ step }) => step > 1)) return stridedSlice(steps, x, ranges)
  const extents = ranges.map(range => range.extent)
  let part = x
  const slice = (place: Shape, begin: number[], size: number[]): void => {
    if (!sameShape(place, size)) part = steps.call('Slice', { x: steps.view(part, place) }, { begin, size })
  }
  const plain = ranges.map(({ extent, start, step, size }) => (step === 1 ? { start, size } : { start: 0, size: extent }))
  if (ranges.length <= MAX_RANK) {
    slice(extents.slice(), plain.map(p => p.start), plain.map(p => p.size))
    plain.forEach((p, axis) => (extents[axis] = p.size))
  } else {
    plain.forEach((p, axis) => {
      const [before, extent, after] = around(extents, axis)
      slice([before, extent, after], [0, p.start, 0], [before, p.size, after])
      extents[axis] = p.size
    })
  }
  ranges.forEach(({ start, step, size }, axis) => {
    if (step === 1) return
    const places = steps.constant(Int32Array.from({ length: size }, (_, k) => start + k * step), [size], 'int32')
    part = gather(steps, part, around(extents, axis), places)
    extents[axis] = size
  })
  return part
}

/** See `Kernels.concat`; there is something to join. */
export function concat(steps: Steps, inputs: readonly Tensor<Handle>[], axis: number, out: Spec): TensorInfo {
  const [before] = around(out.shape, axis)
  return join(steps, inputs.filter(x => x.size > 0).map(x => steps.view(x.handle.info, [before, x.size / before])))
}

/** Rows side by side. */
export function join(steps: Steps, parts: readonly TensorInfo[]): TensorInfo {
  return parts.length === 1 ? parts[0]! : steps.call('Concat', parts, { axis: 1 })
}

type Widths = readonly (readonly [before: number, after: number])[]

/** `PadV2`, for any value. */
function padWith(steps: Steps, x: TensorInfo, widths: Widths, value: number): TensorInfo {
  const by = (part: TensorInfo, constantValue: number): TensorInfo =>
    steps.call('PadV2', { x: part }, { paddings: widths.map(pair => [...pair]), constantValue })
  // 0 / 0 around, x / 1 inside.
  if (Number.isNaN(value) && steps.engine.deviates('pad-nan')) return steps.call('RealDiv', { a: by(x, 0), b: by(steps.fill(1, x.shape, x.dtype), 0) })
  if (Math.fround(value) === value || x.dtype !== 'int32' || !steps.engine.deviates('pad-int')) return by(x, value)
  const offset = steps.scalar(value, 'int32')
  return steps.call('Add', { a: by(steps.call('Sub', { a: x, b: offset }), 0), b: offset })
}

/** `x` within `out`, `value` around it. */
export function surround(steps: Steps, x: TensorInfo, shape: Shape, before: readonly number[], value: number, out: Shape): TensorInfo {
  const extents: number[] = []
  const paddings: [number, number][] = []
  shape.forEach((extent, axis) => {
    const widths = [before[axis]!, out[axis]! - extent - before[axis]!] as const
    if (extents.length > 0 && widths[0] === 0 && widths[1] === 0) {
      const last = extents.length - 1
      extents[last]! *= extent
      paddings[last] = [paddings[last]![0] * extent, paddings[last]![1] * extent]
    } else {
      extents.push(extent)
      paddings.push([...widths])
    }
  })
  if (paddings.every(([head, tail]) => head === 0 && tail === 0)) return x
  const pad = (part: TensorInfo, place: Shape, widths: Widths): TensorInfo => padWith(steps, steps.view(part, place), widths, value)
  if (extents.length <= MAX_RANK) return pad(x, extents, paddings)
  return paddings.reduce((part, [head, tail], axis) => {
    const padded = pad(part, around(extents, axis), [[0, 0], [head, tail], [0, 0]])
    extents[axis]! += head + tail
    return padded
  }, x)
}
