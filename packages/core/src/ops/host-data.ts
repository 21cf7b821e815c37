import { checkArray } from '../array-core.ts'
import type { TypedArray } from '../dtype.ts'
import { isFloat } from '../dtype.ts'
import { NotImplementedError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { sizeOf } from '../shape.ts'
import { cast } from './cast.ts'

/** The elements as numbers: float dtypes other than float64 by way of float32, since the host may keep them as bits. */
function numbers(x: NDArray): TypedArray {
  const y = isFloat(x.dtype) && x.dtype !== 'float64' ? cast(x, 'float32') : x
  const data = y.toTypedArray()
  if (y !== x) y.dispose()
  return data
}

/** Host elements, for operations that cannot run on a device. @throws NotImplementedError where reads are asynchronous */
export function hostData(x: NDArray, op: string): TypedArray {
  if (!checkArray(x, op).device.capabilities.syncRead) {
    throw new NotImplementedError(`${x.context} cannot be read synchronously, and ${op} decides on the host`, { op, hint: 'copy the array to cpu() first: await x.toTypedArrayAsync()' })
  }
  return numbers(x)
}

/** The elements, where they lie in host memory, so that looking at them costs next to nothing; else null. */
export function nearData(x: NDArray): TypedArray | null {
  return x.device.capabilities.hostMemory === true ? numbers(x) : null
}

/** Positions that were worked out on the host, as an int32 array beside `x`. */
export function hostIndices(x: NDArray, positions: ArrayLike<number>, shape: Shape = [positions.length]): NDArray {
  const out = { shape, dtype: 'int32' as const, size: sizeOf(shape) }
  return x.make(x.device.upload(positions instanceof Int32Array ? positions : Int32Array.from(positions), out), out)
}
