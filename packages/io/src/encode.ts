import type { NDArray, TypedArray } from '@ashlar/core'
import { ValueError, itemSize, toStored, toStoredAsync } from '@ashlar/core'
import type { Arrays, Collected } from './collect.ts'
import { collect, collectEntries } from './collect.ts'
import type { FileFormat } from './detect.ts'
import { checkFormat } from './detect.ts'
import { FILE_DTYPES, LIST_MAGIC, V3_MAGIC, fixByteOrder } from './params-format.ts'

/**
 * The bytes of an MXNet `.params` file with one array, a list of arrays, or named arrays (an object or a `Map`, in its
 * order); those that MXNet 1.x writes in np mode. Each array's context is recorded. An empty dictionary gives the bytes of an empty list.
 *
 * @param format `'params'`
 * @throws ValueError or TypeError for data of another kind, NotImplementedError for formats to come; where the device
 *   cannot be read synchronously, what `toTypedArray` throws: use {@link encodeAsync} there
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { decode, encode } from '@ashlar/io'
 *
 * registerBackend(cpuBackend())
 * const bytes = encode('params', [np.arange(4), np.zeros(4)])
 * console.log(bytes.length)
 * // 128
 * const [x, y] = decode(bytes)
 * console.log(x, y)
 * // array([0., 1., 2., 3.]) array([0., 0., 0., 0.])
 * ```
 */
export function encode(format: FileFormat, data: Arrays): Uint8Array {
  checkFormat(format, 'encode')
  return encodeCollected(collect(data, 'encode'), 'encode')
}

/** As {@link encode}, on every backend. The arrays are written as they are at the call. */
export async function encodeAsync(format: FileFormat, data: Arrays): Promise<Uint8Array> {
  checkFormat(format, 'encodeAsync')
  return await encodeCollectedAsync(collect(data, 'encodeAsync'), 'encodeAsync')
}

/** As {@link encode}, from pairs of a name and an array, whose order is kept whatever the names are. */
export function encodeEntries(format: FileFormat, entries: Iterable<readonly [string, NDArray]>): Uint8Array {
  checkFormat(format, 'encodeEntries')
  return encodeCollected(collectEntries(entries, 'encodeEntries'), 'encodeEntries')
}

/** The file's bytes, after synchronous reads. */
export function encodeCollected(collected: Collected, op: string): Uint8Array {
  return write(collected, collected.arrays.map(array => toStored(array)), op)
}

/** The file's bytes, after asynchronous reads, which all start now: later changes do not get into the file. */
export async function encodeCollectedAsync(collected: Collected, op: string): Promise<Uint8Array> {
  return write(collected, await Promise.all(collected.arrays.map(array => toStoredAsync(array))), op)
}

/** Mark, storage type, number of dimensions, device type, device number, dtype. */
const RECORD_FIELDS = 6 * 4
const LIST_FIELDS = 4 * 8

function write({ names, arrays }: Collected, data: readonly TypedArray[], op: string): Uint8Array {
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

function allocateBytes(count: number, op: string): Uint8Array {
  try {
    return new Uint8Array(count)
  } catch (cause) {
    throw new ValueError(`the file would have ${count} bytes, more than fit in memory at once`, { op, cause })
  }
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
