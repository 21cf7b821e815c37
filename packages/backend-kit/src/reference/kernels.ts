import { isFloat, specOf } from '@ashlar/core'
import type { Kernels } from '@ashlar/core'
import {
  binaryFunctions, compareFunctions, integerBinaryFunctions, integerUnaryFunctions, unaryFunctions,
} from './functions.ts'
import { at, atBroadcast, build, compute, convert, indicesOf, position } from './values.ts'
import type { Value, Values } from './values.ts'

/** What reductions fold with, from which start. */
const folds = {
  sum: { start: 0, float: (a: number, b: number) => a + b, integer: (a: bigint, b: bigint) => a + b },
  prod: { start: 1, float: (a: number, b: number) => a * b, integer: (a: bigint, b: bigint) => a * b },
  max: { start: -Infinity, float: binaryFunctions.maximum, integer: integerBinaryFunctions.maximum },
  min: { start: Infinity, float: binaryFunctions.minimum, integer: integerBinaryFunctions.minimum },
}

/**
 * Every kernel by its definition: an output is built index by index, floats in double and rounded once at the end,
 * integers as bigints and wrapped once at the end. Meant to be seen to be right, whatever it costs.
 */
export const referenceKernels: Kernels<Values> = {
  unary: (kind, x, out) =>
    build(out, index => compute(x.dtype, [at(x, index)], unaryFunctions[kind], integerUnaryFunctions[kind as 'neg'])),

  binary: (kind, a, b, out) =>
    build(out, index => {
      const pair = [atBroadcast(a, index), atBroadcast(b, index)]
      return compute(out.dtype, pair, binaryFunctions[kind], integerBinaryFunctions[kind as 'add'])
    }),

  compare: (kind, a, b, out) =>
    build(out, index => Number(compareFunctions[kind](Number(atBroadcast(a, index)), Number(atBroadcast(b, index))))),

  where: (condition, a, b, out) => build(out, index => atBroadcast(atBroadcast(condition, index) === 0 ? b : a, index)),

  cast: (x, out) => build(out, index => at(x, index)),

  reduce(kind, x, axes, out) {
    const lists: Value[][] = Array.from({ length: out.size }, () => [])
    // An output that keeps the axes as 1 has its elements in the same places.
    const remaining = x.shape.filter((_, axis) => !axes.includes(axis))
    for (const index of indicesOf(x.shape)) {
      const kept = index.filter((_, axis) => !axes.includes(axis))
      lists[position(remaining, kept)]!.push(at(x, index))
    }
    const { start, float, integer } = folds[kind]
    return lists.map(list => {
      if (list.length === 0) return convert(start, out.dtype)
      return convert(list.reduce((total, value) => compute(x.dtype, [total, value], float, integer)), out.dtype)
    })
  },

  argReduce: (kind, x, axis, out) =>
    build(specOf(x.shape.toSpliced(axis, 1), out.dtype), index => {
      const line = Array.from({ length: x.shape[axis]! }, (_, k) => Number(at(x, [...index.slice(0, axis), k, ...index.slice(axis)])))
      const nan = line.findIndex(Number.isNaN)
      if (nan >= 0) return nan
      const extreme = line.reduce((a, b) => (kind === 'argmax' ? Math.max(a, b) : Math.min(a, b)))
      return line.indexOf(extreme)
    }),

  transpose: (x, permutation, out) =>
    build(out, index => {
      const source = new Array<number>(index.length)
      permutation.forEach((axis, i) => (source[axis] = index[i]!))
      return at(x, source)
    }),

  broadcastTo: (x, out) => build(out, index => atBroadcast(x, index)),

  slice: (x, starts, steps, out) => build(out, index => at(x, index.map((k, axis) => starts[axis]! + k * steps[axis]!))),

  pad: (x, before, value, out) =>
    build(out, index => {
      const source = index.map((i, axis) => i - before[axis]!)
      const inside = source.every((i, axis) => i >= 0 && i < x.shape[axis]!)
      return inside ? at(x, source) : value
    }),

  concat: (inputs, axis, out) =>
    build(out, index => {
      let i = index[axis]!
      for (const x of inputs) {
        if (i < x.shape[axis]!) return at(x, index.with(axis, i))
        i -= x.shape[axis]!
      }
      throw new RangeError('the output of concat is longer than its inputs')
    }),

  matmul: (a, b, transposeA, transposeB, out) =>
    build(out, index => {
      const [i, j] = index.slice(-2) as [number, number]
      const batch = index.slice(0, -2)
      const k = a.shape.at(transposeA ? -2 : -1)!
      let total: Value = isFloat(out.dtype) ? 0 : 0n
      for (let p = 0; p < k; p++) {
        // Broadcasting only ever stretches the leading axes: the last two are indexed within their extents.
        const left = atBroadcast(a, [...batch, ...(transposeA ? [p, i] : [i, p])])
        const right = atBroadcast(b, [...batch, ...(transposeB ? [j, p] : [p, j])])
        total = compute(out.dtype, [total, left, right], (t, x, y) => t + x * y, (t, x, y) => t + x * y)
      }
      return total
    }),

  take: (x, indices, axis, out) =>
    build(out, index => {
      const rank = indices.shape.length
      const entry = Number(at(indices, index.slice(axis, axis + rank)))
      return at(x, [...index.slice(0, axis), entry, ...index.slice(axis + rank)])
    }),

  scatterAdd(updates, indices, axis, out) {
    const totals: Value[] = Array.from({ length: out.size }, () => 0)
    const rank = indices.shape.length
    for (const index of indicesOf(updates.shape)) {
      const entry = Number(at(indices, index.slice(axis, axis + rank)))
      const target = position(out.shape, [...index.slice(0, axis), entry, ...index.slice(axis + rank)])
      totals[target] = compute(out.dtype, [totals[target]!, at(updates, index)], (a, b) => a + b, (a, b) => a + b)
    }
    return totals.map(total => convert(total, out.dtype))
  },
}
