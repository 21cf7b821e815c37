import { isFloat, sizeOf } from '@ashlar/core'
import type { Kernels, TypedArray } from '@ashlar/core'
import type { Floats, Integers } from '../types.ts'
import { pool } from '../pool.ts'

interface Line {
  readonly start: number
  readonly extent: number
  readonly step: number
}

/** `value !== value` holds for NaN only: the first one ends the search. */
function peakOfFloats(x: Floats, { start, extent, step }: Line, sign: 1 | -1): number {
  let best = x[start]! * sign
  let at = 0
  for (let k = 1, i = start + step; k < extent && best === best; k++, i += step) {
    const value = x[i]! * sign
    if (value > best || value !== value) {
      best = value
      at = k
    }
  }
  return at
}

function peakOfIntegers(x: Integers, { start, extent, step }: Line, sign: 1 | -1): number {
  let best = x[start]! * sign
  let at = 0
  for (let k = 1, i = start + step; k < extent; k++, i += step) {
    const value = x[i]! * sign
    if (value > best) {
      best = value
      at = k
    }
  }
  return at
}

/** See `Kernels.argReduce`. The least of `x` is the greatest of `-x`. */
export const argReduce: Kernels<TypedArray>['argReduce'] = (kind, x, axis, out) => {
  const handle = pool.acquire('int32', out.size) as Int32Array
  if (x.size === 0) return handle
  const sign = kind === 'argmax' ? 1 : -1
  const extent = x.shape[axis]!
  const inner = sizeOf(x.shape.slice(axis + 1))
  const float = isFloat(x.dtype)
  for (let o = 0; o < out.size; o++) {
    const column = o % inner
    const line = { start: (o - column) * extent + column, extent, step: inner }
    handle[o] = float ? peakOfFloats(x.handle as Floats, line, sign) : peakOfIntegers(x.handle as Integers, line, sign)
  }
  return handle
}
