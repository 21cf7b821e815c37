import { checkArray } from './array-core.ts'
import type { Context } from './context.ts'
import type { TypedArray } from './dtype.ts'
import { checkContext } from './context.ts'
import { Buffer } from './buffer.ts'
import { track } from './memory.ts'
import type { NDArray } from './ndarray.ts'
import { recordCustom } from './op.ts'
import { checkHolds, deviceOf } from './registry.ts'

/**
 * A new array with the same elements on `context`, through host memory. Its gradient is copied back.
 *
 * @throws AshlarError where there is no such device
 */
export function copyTo(x: NDArray, context: Context): NDArray {
  checkArray(x, 'copyto')
  const device = deviceOf(checkContext(context, 'copyto'), 'copyto')
  checkHolds(device, x, context, 'copyto')
  const buffer = new Buffer(device.upload(toStored(x), x), device, x)
  const copy = x.derive(buffer, x.shape, x.dtype, x.size, context)
  track(copy)
  return recordCustom('copyto', [x], [], copy, gradient => [copyTo(gradient, x.context)])
}

/** A host copy of the elements as they are stored, in the dtype's own typed array: float16 and bfloat16 as their bits. */
export function toStored(x: NDArray): TypedArray {
  return x.download()
}

/** As {@link toStored}, when they are ready: works on every backend. */
export async function toStoredAsync(x: NDArray): Promise<TypedArray> {
  return await x.downloadAsync()
}
