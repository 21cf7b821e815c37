import { allocate, isFloat } from '@ashlar/core'
import type { Kernels, ReduceKind, Shape, TypedArray } from '@ashlar/core'
import { copyInto } from '../types.ts'
import type { Floats, Integers } from '../types.ts'
import { fill } from './fill.ts'
import { fastReduce } from '../fast.ts'
import { pool } from '../pool.ts'

/** An array of `outer` by `extent` by `inner` elements, reduced along the middle. */
export interface Pass {
  readonly outer: number
  readonly extent: number
  readonly inner: number
}

/** `row` holds `inner` results while their blocks are read in memory's order. */
type Loop<A, R> = (x: A, out: A, row: R, pass: Pass) => void

/** Results are kept in double until they are stored, so a float32 sum of many elements loses nothing on its way. */
const floats: Readonly<Record<ReduceKind, Loop<Floats, Float64Array>>> = {
  sum(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = 0
        for (const end = i + extent; i < end; i++) acc = acc + x[i]!
        out[block] = acc
        continue
      }
      row.fill(0)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = row[c]! + x[i]!
      out.set(row, block * inner)
    }
  },
  prod(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = 1
        for (const end = i + extent; i < end; i++) acc = acc * x[i]!
        out[block] = acc
        continue
      }
      row.fill(1)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = row[c]! * x[i]!
      out.set(row, block * inner)
    }
  },
  max(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = -Infinity
        for (const end = i + extent; i < end; i++) acc = Math.max(acc, x[i]!)
        out[block] = acc
        continue
      }
      row.fill(-Infinity)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = Math.max(row[c]!, x[i]!)
      out.set(row, block * inner)
    }
  },
  min(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = Infinity
        for (const end = i + extent; i < end; i++) acc = Math.min(acc, x[i]!)
        out[block] = acc
        continue
      }
      row.fill(Infinity)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = Math.min(row[c]!, x[i]!)
      out.set(row, block * inner)
    }
  },
}

/** Sums and products modulo 2^32, of which narrower dtypes keep the low bits. */
const integers: Readonly<Record<ReduceKind, Loop<Integers, Int32Array>>> = {
  sum(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = 0
        for (const end = i + extent; i < end; i++) acc = (acc + x[i]!) | 0
        out[block] = acc
        continue
      }
      row.fill(0)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = (row[c]! + x[i]!) | 0
      out.set(row, block * inner)
    }
  },
  prod(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = 1
        for (const end = i + extent; i < end; i++) acc = Math.imul(acc, x[i]!)
        out[block] = acc
        continue
      }
      row.fill(1)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = Math.imul(row[c]!, x[i]!)
      out.set(row, block * inner)
    }
  },
  max(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = -2147483648
        for (const end = i + extent; i < end; i++) acc = Math.max(acc, x[i]!)
        out[block] = acc
        continue
      }
      row.fill(-2147483648)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = Math.max(row[c]!, x[i]!)
      out.set(row, block * inner)
    }
  },
  min(x, out, row, { outer, extent, inner }) {
    for (let block = 0, i = 0; block < outer; block++) {
      if (inner === 1) {
        let acc = 2147483647
        for (const end = i + extent; i < end; i++) acc = Math.min(acc, x[i]!)
        out[block] = acc
        continue
      }
      row.fill(2147483647)
      for (let r = 0; r < extent; r++) for (let c = 0; c < inner; c++, i++) row[c] = Math.min(row[c]!, x[i]!)
      out.set(row, block * inner)
    }
  },
}

/**
 * The passes that reduce those axes, last ones first. Neighbouring axes that are all reduced, or all kept, count as one,
 * so nearly every reduction is a single pass; the shape of what a pass leaves is the next one's input.
 */
function passesOf(shape: Shape, axes: readonly number[]): Pass[] {
  const groups: { extent: number; reduced: boolean }[] = []
  shape.forEach((extent, axis) => {
    const reduced = axes.includes(axis)
    const last = groups.at(-1)
    if (last?.reduced === reduced) last.extent *= extent
    else groups.push({ extent, reduced })
  })
  const passes: Pass[] = []
  let inner = 1
  for (let g = groups.length - 1; g >= 0; g--) {
    const { extent, reduced } = groups[g]!
    if (reduced) passes.push({ outer: groups.slice(0, g).reduce((n, group) => n * group.extent, 1), extent, inner })
    else inner *= extent
  }
  return passes
}

/** See `Kernels.reduce`. On bool a sum is any and a product is all. */
export const reduce: Kernels<TypedArray>['reduce'] = (kind, x, axes, out) => {
  if (x.size === 0) return fill(kind === 'prod' ? 1 : 0, out)
  const passes = passesOf(x.shape, axes)
  if (passes.length === 0) {
    const copy = pool.acquire(out.dtype, out.size)
    copyInto(copy, x.handle)
    return copy
  }
  const float = isFloat(x.dtype)
  const operation = x.dtype !== 'bool' ? kind : kind === 'sum' ? 'max' : kind === 'prod' ? 'min' : kind
  let data = x.handle
  passes.forEach((pass, i) => {
    const { outer, inner } = pass
    // What is left between two passes keeps the accumulator's precision.
    const result = i === passes.length - 1 ? pool.acquire(out.dtype, out.size) : allocate(float ? 'float64' : 'int32', outer * inner)
    if (!float) integers[operation](data as Integers, result as Integers, new Int32Array(inner), pass)
    else if (!fastReduce(operation, data, result, pass)) floats[operation](data as Floats, result as Floats, new Float64Array(inner), pass)
    data = result
  })
  return data
}
