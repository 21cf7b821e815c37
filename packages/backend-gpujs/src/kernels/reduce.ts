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

/** What is folded, and what becomes of the whole. */
export interface Fold {
  readonly name: string
  readonly kind: ReduceKind
  /** More arrays, with an element for each run, which `line` numbers. */
  readonly arrays?: readonly string[]
  /** Numbers that differ from call to call. */
  readonly scalars?: readonly string[]
  /** What is folded, of the `element` there is. */
  readonly value?: string
  /** What is given, of the `total`. */
  readonly result?: string
}

function foldProgram({ kind, arrays = [], scalars = [], value = 'element', result = 'total' }: Fold): Program {
  return {
    parameters: ['x', ...arrays, 'inf', ...scalars, ...RUN_PARAMETERS],
    body: `${RUN}
      let line = block * inner + column;
      let element = x[base];
      let total = ${value};
      for (let i = 1; i < count; i++) {
        element = x[base + i * inner];
        let value = ${value};
        total = ${FOLDS[kind]};
      }
      return ${result};`,
    varying: scalars,
  }
}

/** Folds the middle of `outer` by `extent` by `inner` elements. */
export function runFold(launcher: Launcher, fold: Fold, handle: Handle, { outer, extent, inner }: Pass, arrays: readonly Handle[] = [], scalars: readonly number[] = []): Handle {
  const { chunks, width } = chunksOf(extent)
  const { kind, result, name } = fold
  const first: Fold = chunks === 1 || result === undefined ? fold : { ...fold, name: `${name} of a run`, result: 'total' }
  const partial = launcher.run(first.name, () => foldProgram(first), [handle, ...arrays, Infinity, ...scalars, extent, inner, chunks, width], outer * chunks * inner)
  if (chunks === 1) return partial
  const last: Fold = result === undefined ? { name: `reduce ${kind}`, kind } : { name: `${name} of runs`, kind, scalars: fold.scalars ?? [], result }
  const whole = runFold(launcher, last, partial, { outer, extent: chunks, inner }, [], result === undefined ? [] : scalars)
  release(partial)
  return whole
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
      const next = runFold(launcher, { name: `reduce ${fold}`, kind: fold }, handle, pass)
      if (handle !== x.handle) release(handle)
      handle = next
    }
    return handle
  }
}
