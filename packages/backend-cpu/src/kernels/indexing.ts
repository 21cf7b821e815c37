import { isFloat, sizeOf } from '@ashlar/core'
import type { Kernels, Shape, TypedArray } from '@ashlar/core'
import { copyInto, toTruth } from '../types.ts'
import type { Floats, Integers } from '../types.ts'
import { words } from './words.ts'
import { pool } from '../pool.ts'

/** Below it a loop beats the native `set`, which needs a view of its source. */
const LONG_RUN = 64

/** An array seen along one axis: `outer` blocks of `extent` runs of `inner` elements. */
interface Axis {
  readonly outer: number
  readonly extent: number
  readonly inner: number
}

function along(shape: Shape, axis: number): Axis {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) }
}

function takeFloats(x: Floats, indices: Int32Array, out: Floats, { outer, extent, inner }: Axis): void {
  if (inner === 1) {
    for (let block = 0, o = 0; block < outer; block++) {
      for (let k = 0; k < indices.length; k++) out[o++] = x[block * extent + indices[k]!]!
    }
    return
  }
  for (let block = 0, o = 0; block < outer; block++) {
    for (let k = 0; k < indices.length; k++) {
      const start = (block * extent + indices[k]!) * inner
      for (let i = start; i < start + inner; i++) out[o++] = x[i]!
    }
  }
}

type Bits = Int32Array | Uint16Array | Uint8Array

function takeIntegers(x: Bits, indices: Int32Array, out: Bits, { outer, extent, inner }: Axis): void {
  for (let block = 0, o = 0; block < outer; block++) {
    for (let k = 0; k < indices.length; k++) {
      const start = (block * extent + indices[k]!) * inner
      for (let i = start; i < start + inner; i++) out[o++] = x[i]!
    }
  }
}

/** See `Kernels.take`. */
export const take: Kernels<TypedArray>['take'] = (x, indices, axis, out) => {
  const handle = pool.acquire(out.dtype, out.size)
  if (out.size === 0) return handle
  const from = words(x.handle, x.dtype)
  const to = words(handle, out.dtype)
  const positions = indices.handle as Int32Array
  const { outer, extent, inner: elements } = along(x.shape, axis)
  const inner = elements * from.width
  if (inner >= LONG_RUN) {
    for (let block = 0, o = 0; block < outer; block++) {
      for (let k = 0; k < positions.length; k++, o += inner) {
        const start = (block * extent + positions[k]!) * inner
        to.array.set(from.array.subarray(start, start + inner), o)
      }
    }
  } else if (isFloat(out.dtype)) {
    takeFloats(from.array as Floats, positions, to.array as Floats, { outer, extent, inner })
  } else {
    takeIntegers(from.array as Bits, positions, to.array as Bits, { outer, extent, inner })
  }
  return handle
}

function addFloats(updates: Floats, indices: Int32Array, out: Floats, { outer, extent, inner }: Axis): void {
  for (let block = 0, i = 0; block < outer; block++) {
    for (let k = 0; k < indices.length; k++) {
      const start = (block * extent + indices[k]!) * inner
      for (let o = start; o < start + inner; o++) out[o] = out[o]! + updates[i++]!
    }
  }
}

function addIntegers(updates: Integers, indices: Int32Array, out: Integers, { outer, extent, inner }: Axis): void {
  for (let block = 0, i = 0; block < outer; block++) {
    for (let k = 0; k < indices.length; k++) {
      const start = (block * extent + indices[k]!) * inner
      for (let o = start; o < start + inner; o++) out[o] = out[o]! + updates[i++]!
    }
  }
}

/** See `Kernels.scatterAdd`. Float32 sums are kept in double until the end. */
export const scatterAdd: Kernels<TypedArray>['scatterAdd'] = (updates, indices, axis, out) => {
  const positions = indices.handle as Int32Array
  const view = along(out.shape, axis)
  if (isFloat(out.dtype)) {
    const sums = new Float64Array(out.size)
    addFloats(updates.handle as Floats, positions, sums, view)
    const handle = pool.acquire(out.dtype, out.size)
    copyInto(handle, sums)
    return handle
  }
  const handle = pool.acquireZeros(out.dtype, out.size)
  if (out.dtype === 'bool') {
    // Counted in 32 bits: in a byte, 256 trues would come out as false.
    const counts = new Int32Array(out.size)
    addIntegers(updates.handle as Integers, positions, counts, view)
    toTruth(counts)
    copyInto(handle, counts)
  } else {
    addIntegers(updates.handle as Integers, positions, handle as Integers, view)
  }
  return handle
}
