import { sizeOf } from '@ashlar/core'
import type { Override, Shape, Spec, TypedArray } from '@ashlar/core'
import { SPLIT } from '../fast.ts'
import { SMALL, pool } from '../pool.ts'
import type { Floats, HostTensor } from '../types.ts'
import { engine } from '../wasm/engine.ts'
import { tasksOf } from './fast-windows.ts'
import { bitsOf } from './streams.ts'
import { Workspace } from './workspace.ts'

interface Attributes {
  readonly axis: number
  readonly epsilon: number
}

/** An array as `outer` blocks of `extent` runs of `inner` elements. */
interface Axis {
  readonly outer: number
  readonly extent: number
  readonly inner: number
}

function axisOf(shape: Shape, axis: number): Axis {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) }
}

function normalizeLines(x: Floats, gamma: Floats, beta: Floats, out: Floats, { outer, extent, inner }: Axis, epsilon: number): void {
  for (let block = 0; block < outer; block++) {
    for (let start = block * extent * inner; start < block * extent * inner + inner; start++) {
      const end = start + extent * inner
      let sum = 0
      for (let i = start; i < end; i += inner) sum += x[i]!
      const mean = sum / extent
      let squares = 0
      for (let i = start; i < end; i += inner) squares += (x[i]! - mean) ** 2
      const deviation = Math.sqrt(squares / extent + epsilon)
      for (let i = start, k = 0; i < end; i += inner, k++) out[i] = ((x[i]! - mean) / deviation) * gamma[k]! + beta[k]!
    }
  }
}

function fastLayerNorm(x: TypedArray, gamma: TypedArray, beta: TypedArray, handle: TypedArray, columns: number, epsilon: number): boolean {
  if (handle.length <= SMALL || !(handle instanceof Float32Array)) return false
  const e = engine()
  if (e === null) return false
  const space = new Workspace(e)
  const [from0, scale, shift, to0] = [space.input(x), space.input(gamma), space.input(beta), space.output(handle)]
  if (space.full) return space.end(false)
  const func = e.family('normalize', 'f32').get('layerNorm')!
  const threads = handle.length >= SPLIT.dear * 4 ? e.team.size : 1
  e.team.run(tasksOf(handle.length / columns, 1, threads, (from, to) => [func, to - from, columns, from0 + from * columns * 4, scale, shift, to0 + from * columns * 4, bitsOf(epsilon)]))
  return space.end(true)
}

/** See `layerNorm` in core. */
export const layerNorm = (([x, gamma, beta]: readonly HostTensor[], { axis, epsilon }: Attributes, out: Spec) => {
  const handle = pool.acquire(out.dtype, out.size)
  const lines = axisOf(out.shape, axis)
  const arrays = [x!.handle, gamma!.handle, beta!.handle, handle] as [Floats, Floats, Floats, Floats]
  if (lines.inner !== 1 || !fastLayerNorm(...arrays, lines.extent, epsilon)) normalizeLines(...arrays, lines, epsilon)
  return handle
}) as Override<TypedArray>

/** For each channel its mean, what centered numbers are multiplied with, and what is added then. */
interface Channels {
  readonly mean: Float64Array
  readonly scale: Float64Array
  readonly shift: Float64Array
}

function applyChannels(x: Floats, out: Floats, { outer, extent, inner }: Axis, { mean, scale, shift }: Channels): void {
  for (let block = 0, i = 0; block < outer; block++) {
    for (let channel = 0; channel < extent; channel++) {
      for (const end = i + inner; i < end; i++) out[i] = (x[i]! - mean[channel]!) * scale[channel]! + shift[channel]!
    }
  }
}

function fastChannels(x: TypedArray, handle: TypedArray, { outer, extent, inner }: Axis, { mean, scale, shift }: Channels): boolean {
  if (handle.length <= SMALL || !(handle instanceof Float32Array)) return false
  const e = engine()
  if (e === null) return false
  const space = new Workspace(e)
  const [source, target, table] = [space.input(x), space.output(handle), space.words(extent * 3)]
  if (space.full) return space.end(false)
  for (const [i, values] of [mean, scale, shift].entries()) table.floats.set(values, i * extent)
  const family = e.family('normalize', 'f32')
  const threads = handle.length >= SPLIT.cheap ? e.team.size : 1
  e.team.run(inner === 1
    ? tasksOf(outer, 1, threads, (from, to) => [family.get('affine columns')!, to - from, extent, source + from * extent * 4, target + from * extent * 4, table.address])
    : tasksOf(outer * extent, 1, threads, (from, to) => [family.get('affine rows')!, to - from, from % extent, extent, inner, source + from * inner * 4, target + from * inner * 4, table.address]))
  return space.end(true)
}

/** See `batchNorm` and `batchNormTraining` in core: both are handed their statistics. */
export const batchNorm = (([x, gamma, beta, center, variance]: readonly HostTensor[], { axis, epsilon }: Attributes, out: Spec) => {
  const handle = pool.acquire(out.dtype, out.size)
  const double = (values: HostTensor): Float64Array => Float64Array.from(values.handle as Floats)
  const spread = double(variance!)
  const channels = { mean: double(center!), scale: double(gamma!).map((scale, i) => scale / Math.sqrt(spread[i]! + epsilon)), shift: double(beta!) }
  const lines = axisOf(out.shape, axis)
  if (!fastChannels(x!.handle, handle, lines, channels)) applyChannels(x!.handle as Floats, handle as Floats, lines, channels)
  return handle
}) as Override<TypedArray>
