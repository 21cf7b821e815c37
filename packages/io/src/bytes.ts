import type { NDArray, TypedArray } from '@ashlar/core'
import { ValueError, itemSize } from '@ashlar/core'
import { fixByteOrder } from './params-format.ts'

/** Room for a file. @throws ValueError where there is none */
export function allocateBytes(count: number, op: string): Uint8Array {
  try {
    return new Uint8Array(count)
  } catch (cause) {
    throw new ValueError(`the file would have ${count} bytes, more than fit in memory at once`, { op, cause })
  }
}

/** Puts an array's elements, lowest byte first, at a place in a file. */
export function putElements(target: Uint8Array, at: number, array: NDArray, data: TypedArray): void {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  target.set(raw, at)
  fixByteOrder(target.subarray(at, at + raw.length), itemSize(array.dtype))
}
