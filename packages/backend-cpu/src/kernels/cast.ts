import { decodeHalf, encodeHalf, isBigInt, isHalf } from '@ashlar/core'
import type { Kernels, Spec, Tensor, TypedArray } from '@ashlar/core'
import { copyInto } from '../types.ts'
import { toBigInt } from './fill.ts'
import { pool } from '../pool.ts'

/**
 * See `Kernels.cast`. Between numbers it is the typed array's own `set`, which truncates and wraps as asked and runs
 * outside of JavaScript, at one speed for all pairs of dtypes. NaN and infinities become 0 in integers.
 */
export const cast: Kernels<TypedArray>['cast'] = (x, out) => {
  if (isHalf(x.dtype) || isHalf(out.dtype)) return castHalf(x, out)
  const handle = pool.acquire(out.dtype, out.size)
  const n = x.size
  if (out.dtype === 'bool') {
    const truth = handle as Uint8Array
    const source = isBigInt(x.dtype) ? (x.handle as BigInt64Array) : new Float64Array(x.handle as Float64Array)
    for (let i = 0; i < n; i++) truth[i] = Number(source[i]!) === 0 ? 0 : 1
  } else if (isBigInt(out.dtype)) {
    const target = handle as BigInt64Array
    if (isBigInt(x.dtype)) {
      target.set(x.handle as BigInt64Array)
    } else {
      const source = new Float64Array(x.handle as Float64Array)
      for (let i = 0; i < n; i++) target[i] = toBigInt(source[i]!)
    }
  } else if (isBigInt(x.dtype)) {
    const source = x.handle as BigInt64Array
    const target = handle as Float64Array
    // An integer target takes the low bits, which a double would have rounded away.
    if (out.dtype === 'float32' || out.dtype === 'float64') for (let i = 0; i < n; i++) target[i] = Number(source[i]!)
    else for (let i = 0; i < n; i++) target[i] = Number(BigInt.asIntN(32, source[i]!))
  } else {
    copyInto(handle, x.handle)
  }
  return handle
}

/** Bits of float16 and bfloat16 are numbers on the way: read as float32, or written from whatever came. */
function castHalf(x: Tensor<TypedArray>, out: Spec): TypedArray {
  if (x.dtype === out.dtype) {
    const copy = pool.acquire(out.dtype, out.size)
    copyInto(copy, x.handle)
    return copy
  }
  if (isHalf(x.dtype)) return cast({ handle: decodeHalf(x.handle, x.dtype), shape: x.shape, dtype: 'float32', size: x.size }, out)
  const handle = pool.acquire(out.dtype, out.size)
  copyInto(handle, encodeHalf(isBigInt(x.dtype) ? Array.from(x.handle as BigInt64Array, Number) : (x.handle as Float64Array), out.dtype))
  return handle
}
