import type { DType, Shape, TypedArray } from '@ashlar/core'
import { SPLIT } from '../fast.ts'
import { SMALL } from '../pool.ts'
import type { Task } from '../threads/team.ts'
import type { Field } from '../wasm/columns.ts'
import { DESCRIPTION } from '../wasm/columns.ts'
import { engine } from '../wasm/engine.ts'
import type { Order, Windows } from './windows.ts'
import { Workspace } from './workspace.ts'

/** The description of windows over one or two axes; one axis is a row of an image of height 1. */
export function describeWindows(spatial: Shape, { kernel, stride, dilation, before, output }: Windows): Partial<Record<Field, number>> {
  const two = (list: readonly number[], lead: number): [number, number] => (list.length === 1 ? [lead, list[0]!] : [list[0]!, list[1]!])
  const [height, width] = two(spatial, 1)
  const [kernelHeight, kernelWidth] = two(kernel, 1)
  const [strideHeight, strideWidth] = two(stride, 1)
  const [dilationHeight, dilationWidth] = two(dilation, 1)
  const [padHeight, padWidth] = two(before, 0)
  const [outHeight, outWidth] = two(output, 1)
  return { height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padHeight, padWidth, outHeight, outWidth }
}

/** Writes a description, and tells where it is. */
export function writeDescription(space: Workspace, values: Partial<Record<Field, number>>, outside = 0): number {
  const { address, integers, floats } = space.words(DESCRIPTION.length)
  if (address === 0) return 0
  DESCRIPTION.forEach((name, i) => (integers[i] = values[name] ?? 0))
  floats[DESCRIPTION.indexOf('outside')] = outside
  return address
}

/** Hands `n` of something out to the threads, in steps of `step`. */
export function tasksOf(n: number, step: number, threads: number, task: (from: number, to: number) => Task): Task[] {
  const most = Math.ceil(n / step / threads) * step
  const tasks: Task[] = []
  for (let from = 0; from < n; from += most) tasks.push(task(from, Math.min(n, from + most)))
  return tasks
}

/** Unfolds `image` into `columns`, or adds these to it, where the vectors can; tells whether it did. */
export function fastWindows(
  name: 'columns' | 'addColumns', image: TypedArray, columns: TypedArray, dtype: DType, planes: number, spatial: Shape, windows: Windows, order: Order, value: number,
): boolean {
  if (dtype !== 'float32' || spatial.length > 2 || columns.length <= SMALL) return false
  const e = engine()
  if (e === null) return false
  const space = new Workspace(e)
  const target = name === 'columns' ? space.output(columns) : space.input(columns)
  const source = name === 'columns' ? space.input(image) : space.output(image)
  const fields = describeWindows(spatial, windows)
  const description = writeDescription(space, { ...fields, order: order === 'first' ? 1 : 0 }, value)
  if (space.full) return space.end(false)
  if (name === 'addColumns' && !e.owns(image)) new Float32Array(e.buffer as ArrayBuffer, source, image.length).fill(0)
  const func = e.family('convolution', 'f32').get(name)!
  const places = fields.kernelHeight! * fields.kernelWidth!
  const count = fields.outHeight! * fields.outWidth!
  const plane = fields.height! * fields.width! * 4
  const threads = columns.length >= SPLIT.cheap ? e.team.size : 1
  e.team.run(tasksOf(planes, 1, threads, (from, to) => [func, description, source + from * plane, 0, (to - from) * places, 0, count, target + from * places * count * 4, count * 4]))
  return space.end(true)
}
