import type { NDArray, TypedArray } from '@ashlar/core'
import { itemSize } from '@ashlar/core'
import { allocateBytes } from './bytes.ts'
import type { Collected } from './collect.ts'
import { FILE_DTYPES, LIST_MAGIC, V3_MAGIC, fixByteOrder } from './params-format.ts'

/** Mark, storage type, number of dimensions, device type, device number, dtype. */
const RECORD_FIELDS = 6 * 4
const LIST_FIELDS = 4 * 8

/** Writes an MXNet list of arrays, version 3 (behaviour C-1). */
export function writeParams({ names, arrays }: Collected, data: readonly TypedArray[], op: string): Uint8Array {
  const encoder = new TextEncoder()
  const labels = (names ?? []).map(name => encoder.encode(name))
  const records = arrays.reduce((total, x) => total + RECORD_FIELDS + 8 * x.ndim + x.size * itemSize(x.dtype), 0)
  const bytes = allocateBytes(LIST_FIELDS + labels.reduce((total, label) => total + 8 + label.length, records), op)
  const writer = new Writer(bytes)
  writer.uint64(LIST_MAGIC)
  writer.uint64(0)
  writer.uint64(arrays.length)
  arrays.forEach((array, i) => writeRecord(writer, array, data[i]!))
  writer.uint64(labels.length)
  for (const label of labels) {
    writer.uint64(label.length)
    writer.append(label)
  }
  return bytes
}

function writeRecord(writer: Writer, array: NDArray, data: TypedArray): void {
  const { deviceTypeid, deviceId } = array.context
  writer.uint32(V3_MAGIC)
  writer.uint32(0)
  writer.uint32(array.ndim)
  for (const extent of array.shape) writer.uint64(extent)
  // A device that the format has no code for is host memory to whoever reads the file.
  writer.uint32(deviceTypeid === 0 ? 1 : deviceTypeid)
  writer.uint32(deviceTypeid === 0 ? 0 : deviceId)
  writer.uint32(FILE_DTYPES.indexOf(array.dtype))
  fixByteOrder(writer.append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)), itemSize(array.dtype))
}

/** Writes little-endian fields one after the other. */
class Writer {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  uint32(value: number): void {
    this.#view.setUint32(this.#offset, value, true)
    this.#offset += 4
  }

  uint64(value: number): void {
    this.#view.setBigUint64(this.#offset, BigInt(value), true)
    this.#offset += 8
  }

  /** Returns the place that it copied the bytes to. */
  append(bytes: Uint8Array): Uint8Array {
    const start = this.#offset
    this.#bytes.set(bytes, start)
    this.#offset += bytes.length
    return this.#bytes.subarray(start, this.#offset)
  }
}
