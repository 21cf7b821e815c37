import type { Kernels, ReduceKind, Spec } from '@ashlar/core'
import type { Launcher } from '../engine/launcher.ts'
import { release } from '../engine/memory.ts'
import type { Handle } from '../engine/memory.ts'
import { passesOf } from '../layout.ts'
import type { Pass } from '../layout.ts'
import { divide } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'

/** Longer runs are reduced in two stages: a long draw can come back as zeros on WebGL, and a long float sum loses digits. */
export const LONGEST_RUN = 1024

/** How to fold `value` into `total`. */
const FOLDS: Readonly<Record<ReduceKind, string>> = {
  sum: 'total + value', prod: 'total * value', max: 'maximumOf(total, value)', min: 'minimumOf(total, value)',
}

/** Where a run starts: `base` is the position of its first element, `count` its length, `inner` the step. */
export const RUN: string = [
  divide('above', 'column', 'this.thread.x', 'inner'),
  divide('block', 'chunk', 'above', 'chunks'),
  'let first = chunk * width;',
  'let count = Math.min(width, extent - first);',
  'let base = (block * extent + first) * inner + column;',
].join('\n')

/** The numbers of {@link RUN}, by name. */
export const RUN_PARAMETERS = ['extent', 'inner', 'chunks', 'width'] as const

/** How an axis is cut: into one run, or into about as many as they are long. */
export function chunksOf(extent: number): { chunks: number; width: number } {
  if (extent <= LONGEST_RUN) return { chunks: 1, width: extent }
  const width = Math.ceil(Math.sqrt(extent))
  return { chunks: Math.ceil(extent / width), width }
}

function reduceProgram(kind: ReduceKind): Program {
  return {
    parameters: ['x', ...RUN_PARAMETERS],
    body: `${RUN}
      let total = x[base];
      for (let i = 1; i < count; i++) {
        let value = x[base + i * inner];
        total = ${FOLDS[kind]};
      }
      return total;`,
  }
}

/** Folds the middle of `outer` by `extent` by `inner` elements. */
function runPass(launcher: Launcher, kind: ReduceKind, handle: Handle, { outer, extent, inner }: Pass): Handle {
  const { chunks, width } = chunksOf(extent)
  const make = (): Program => reduceProgram(kind)
  const partial = launcher.run(`reduce ${kind}`, make, [handle, extent, inner, chunks, width], outer * chunks * inner)
  if (chunks === 1) return partial
  const result = runPass(launcher, kind, partial, { outer, extent: chunks, inner })
  release(partial)
  return result
}

/** See `Kernels.reduce`. On bool a sum is any and a product is all. */
export function reduceKernel(
  launcher: Launcher, fill: (value: number, out: Spec) => Handle, copy: Kernels<Handle>['broadcastTo'],
): Kernels<Handle>['reduce'] {
  return (kind, x, axes, out) => {
    if (x.size === 0) return fill(kind === 'prod' ? 1 : 0, out)
    if (axes.length === 0) return copy(x, out)
    const fold = x.dtype !== 'bool' ? kind : kind === 'sum' ? 'max' : kind === 'prod' ? 'min' : kind
    let handle = x.handle
    for (const pass of passesOf(x.shape, axes)) {
      const next = runPass(launcher, fold, handle, pass)
      if (handle !== x.handle) release(handle)
      handle = next
    }
    return handle
  }
}
