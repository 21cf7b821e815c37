import { sizeOf } from '@ashlar/core'
import type { Spec, TypedArray } from '@ashlar/core'
import { pool } from '../pool.ts'
import type { Task } from '../threads/team.ts'
import { engine } from '../wasm/engine.ts'
import type { Convolution } from './convolution.ts'
import { describeWindows, tasksOf, writeDescription } from './fast-windows.ts'
import { placesOf } from './windows.ts'
import { Workspace } from './workspace.ts'

/** Multiplications below which the plain kernels are as fast. */
const LEAST = 2048
/** Multiplications from which a second thread pays. */
const SPLIT_PRODUCT = 200_000
/** Numbers of a block of columns: half of a second-level cache. */
const BLOCK = 32768

/** The arrays of a call; the one that is missing is the result. */
interface Operands {
  readonly x?: TypedArray
  readonly y?: TypedArray
  readonly weight?: TypedArray
  readonly bias?: TypedArray | null
}

/** Windows of a block: a multiple of eight, so that tiles are whole. */
function blockOf(numbers: number, rows: number, least: number): number {
  return Math.min(Math.max(Math.floor(numbers / rows) & ~7, least), 1024)
}

/** Runs a convolution of float32 over one or two axes where the vectors can; null where they cannot. */
export function fastConvolution(kind: 'forward' | 'back' | 'weights', c: Convolution, operands: Operands, out: Spec): TypedArray | null {
  const [k, windows] = [c.channels * placesOf(c), sizeOf(c.output)]
  const work = c.images * c.groups * c.outChannels * windows * k
  if (out.dtype !== 'float32' || c.spatial.length > 2 || work < LEAST) return null
  const e = engine()
  if (e === null) return null
  const space = new Workspace(e)
  const handle = pool.acquire(out.dtype, out.size)
  const result = space.output(handle)
  const place = (x: TypedArray | null | undefined): number => (x === undefined ? result : x === null ? 0 : space.input(x))
  const rows = Math.max(k, c.outChannels)
  const block = kind === 'weights' ? Math.min(blockOf(2 * BLOCK, c.outChannels, 128), blockOf(4 * BLOCK, k, 128)) : blockOf(BLOCK, rows, 32)
  const description = writeDescription(space, {
    ...describeWindows(c.spatial, c), channels: c.channels, groups: c.groups, outChannels: c.outChannels, block,
    x: place(operands.x), y: place(operands.y), weight: place(operands.weight), bias: place(operands.bias ?? null),
  })
  const func = e.family('convolution', 'f32').get(kind)!
  const threads = work >= SPLIT_PRODUCT ? e.team.size : 1
  const scratch = (bytes: number): number => space.take(bytes + 256)
  const tasks: Task[] = kind === 'forward'
    ? tasksOf(c.images * windows, 8, threads, (from, to) => [func, description, from, to, scratch((k + c.outChannels) * block * 4)])
    : kind === 'back'
      ? tasksOf(c.images, 1, threads, (from, to) => [func, description, from, to, scratch((k + c.outChannels) * block * 4)])
      : tasksOf(k, 6, threads, (from, to) => [func, description, c.images, from, to, scratch((to - from) * (c.outChannels + 4) * 12 + (to - from + c.outChannels + 4) * block * 4)])
  if (space.full) {
    space.end(false)
    pool.release(handle)
    return null
  }
  e.team.run(tasks)
  space.end(true)
  return handle
}
