import type { NDArray } from '../ndarray.ts'
import type { DType } from '../dtype.ts'
import type { Shape } from '../shape.ts'
import { sizeOf } from '../shape.ts'

/** A constant array beside `x`: on its device, by default of its shape and dtype. */
export function fillLike(x: NDArray, value: number, shape: Shape = x.shape, dtype: DType = x.dtype): NDArray {
  const out = { shape, dtype, size: sizeOf(shape) }
  return x.make(x.device.fill(value, out), out)
}
