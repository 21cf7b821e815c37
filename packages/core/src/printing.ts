import type { NDArray } from './ndarray.ts'
import { arrayRepr, arrayString } from './print/index.ts'
import type { Printable } from './print/index.ts'
import { formatShape } from './shape.ts'

/** What the printer takes; a context is shown for everything but host memory. */
function printable(x: NDArray): Printable {
  const value = { data: x.toTypedArray(), shape: x.shape, dtype: x.dtype }
  return x.context.deviceType === 'cpu' ? value : { ...value, context: x.context.toString() }
}

/** Where reading is asynchronous, printing cannot wait: the shape stands for the elements. */
function unreadable(x: NDArray): string | null {
  if (x.buffer === null) return `<freed NDArray ${formatShape(x.shape)}>`
  return x.device.capabilities.syncRead ? null : `<NDArray ${formatShape(x.shape)} ${x.dtype} on device ${x.context}>`
}

/** The form that `repr` and `console.log` show: `array([1., 2.])`. */
export function toRepr(x: NDArray): string {
  return unreadable(x) ?? arrayRepr(printable(x))
}

/** The form that `String(x)` gives: `[1. 2.]`. */
export function toText(x: NDArray): string {
  return unreadable(x) ?? arrayString(printable(x))
}
