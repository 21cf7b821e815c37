import type { Override, Shape, Spec, TypedArray } from '@ashlar/core'
import { SPLIT } from '../fast.ts'
import { SMALL, pool } from '../pool.ts'
import type { Floats, HostTensor } from '../types.ts'
import { copyInto } from '../types.ts'
import { engine } from '../wasm/engine.ts'
import { describeWindows, tasksOf, writeDescription } from './fast-windows.ts'
import type { Windows } from './windows.ts'
import { eachRun, placesOf } from './windows.ts'
import { Workspace } from './workspace.ts'

/** The attributes of pooling in core. */
interface Attributes {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly countIncludePad?: boolean
}

/** Sums of float32 keep their digits up to here; larger windows are summed in double. */
const MOST_PLACES = 64

function windowsOf({ kernel, stride, padding }: Attributes, output: Shape): Windows {
  return { kernel, stride, dilation: kernel.map(() => 1), before: padding, output: output.slice(2) }
}

/** How many elements of each window count in its mean; the same for all planes. */
function countsOf(spatial: Shape, { kernel, stride, before, output }: Windows, includePad: boolean): number[] {
  return output.reduce<number[]>((products, count, axis) => products.flatMap(product => Array.from({ length: count }, (_, i) => {
    const [start, pad] = [i * stride[axis]! - before[axis]!, includePad ? before[axis]! : 0]
    return product * Math.max(Math.min(start + kernel[axis]!, spatial[axis]! + pad) - Math.max(start, -pad), 0)
  })), [1])
}

/** Pools planes of float32 where the vectors can; tells whether it did. */
function fastPooling(name: 'maxPool' | 'avgPool', x: TypedArray, handle: TypedArray, planes: number, spatial: Shape, windows: Windows, attributes: Attributes): boolean {
  if (!(handle instanceof Float32Array) || spatial.length > 2 || handle.length === 0 || x.length <= SMALL || placesOf(windows) > MOST_PLACES) return false
  const e = engine()
  if (e === null) return false
  const space = new Workspace(e)
  const description = writeDescription(space, { ...describeWindows(spatial, windows), includePad: attributes.countIncludePad === true ? 1 : 0 })
  const [source, target] = [space.input(x), space.output(handle)]
  const [plane, pooled] = [(x.length / planes) * 4, (handle.length / planes) * 4]
  const func = e.family('pooling', 'f32').get(name)!
  const threads = x.length >= SPLIT.cheap / 2 ? e.team.size : 1
  const tasks = tasksOf(planes, 1, threads, (from, to) => [func, description, to - from, source + from * plane, target + from * pooled, space.take(spatial.at(-1)! * 4 + 64)])
  if (space.full) return space.end(false)
  e.team.run(tasks)
  return space.end(true)
}

/** See `maxPool` in core. */
export const maxPool = (([x]: readonly HostTensor[], attributes: Attributes, out: Spec) => {
  const handle = pool.acquire(out.dtype, out.size)
  const [planes, spatial, windows] = [x!.shape[0]! * x!.shape[1]!, x!.shape.slice(2), windowsOf(attributes, out.shape)]
  if (fastPooling('maxPool', x!.handle, handle, planes, spatial, windows, attributes)) return handle
  const [data, best] = [x!.handle as Floats, (handle as Floats).fill(-Infinity)]
  eachRun(planes, spatial, windows, 'memory', (element, step, count, _, window) => {
    for (let i = 0; i < count; i++) best[window + i] = Math.max(best[window + i]!, data[element + i * step]!)
  }, () => {})
  return handle
}) as Override<TypedArray>

/** See `avgPool` in core. */
export const avgPool = (([x]: readonly HostTensor[], attributes: Attributes, out: Spec) => {
  const handle = pool.acquire(out.dtype, out.size)
  const [planes, spatial, windows] = [x!.shape[0]! * x!.shape[1]!, x!.shape.slice(2), windowsOf(attributes, out.shape)]
  if (fastPooling('avgPool', x!.handle, handle, planes, spatial, windows, attributes)) return handle
  const [data, sums] = [x!.handle as Floats, new Float64Array(out.size)]
  eachRun(planes, spatial, windows, 'memory', (element, step, count, _, window) => {
    for (let i = 0; i < count; i++) sums[window + i]! += data[element + i * step]!
  }, () => {})
  const counts = countsOf(spatial, windows, attributes.countIncludePad === true)
  for (let i = 0; i < sums.length; i++) sums[i]! /= counts[i % counts.length]!
  copyInto(handle, sums)
  return handle
}) as Override<TypedArray>
