import type { NDArray, TypedArray } from '@ashlar/core'
import { ValueError, describe, toStored, toStoredAsync, typeError } from '@ashlar/core'
import type { Arrays, Collected } from './collect.ts'
import { collect, collectEntries } from './collect.ts'
import type { FileFormat } from './detect.ts'
import { checkFormat } from './detect.ts'
import { writeNpy } from './npy.ts'
import { checkMemberNames, writeNpz } from './npz.ts'
import { checkOptions } from './options.ts'
import { writeParams } from './params-write.ts'
import { checkTensorNames, writeSafetensors } from './safetensors.ts'

/** What writing takes. */
export interface EncodeOptions {
  /** Whether the members of an `.npz` file are packed with DEFLATE. Default: no. */
  readonly compress?: boolean
  /** What a safetensors file is to say beside its arrays; some readers ask for `{ format: 'pt' }`. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * The bytes of a file with one array, a list of arrays, or named arrays (an object or a `Map`, in its order).
 *
 * - `'params'`: MXNet's, those that MXNet 1.x writes in np mode. Each array's context is recorded. An empty dictionary gives
 *   the bytes of an empty list.
 * - `'npy'`: NumPy's, for one array.
 * - `'npz'`: NumPy's archive; the arrays of a list become `arr_0`, `arr_1`, …
 * - `'safetensors'`: for named arrays.
 *
 * @throws ValueError or TypeError for data that the format cannot hold and for options that it does not have; where the device
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
export function encode(format: FileFormat, data: Arrays, options: EncodeOptions = {}): Uint8Array {
  return encodeCollected(checkFormat(format, 'encode'), collect(data, 'encode'), options, 'encode')
}

/** As {@link encode}, on every backend. The arrays are written as they are at the call. */
export async function encodeAsync(format: FileFormat, data: Arrays, options: EncodeOptions = {}): Promise<Uint8Array> {
  return await encodeCollectedAsync(checkFormat(format, 'encodeAsync'), collect(data, 'encodeAsync'), options, 'encodeAsync')
}

/** As {@link encode}, from pairs of a name and an array, whose order is kept whatever the names are. */
export function encodeEntries(format: FileFormat, entries: Iterable<readonly [string, NDArray]>, options: EncodeOptions = {}): Uint8Array {
  return encodeCollected(checkFormat(format, 'encodeEntries'), collectEntries(entries, 'encodeEntries'), options, 'encodeEntries')
}

/** The file's bytes, after synchronous reads. */
export function encodeCollected(format: FileFormat, collected: Collected, options: EncodeOptions, op: string): Uint8Array {
  checkFits(format, collected, options, op)
  return write(format, collected, collected.arrays.map(array => toStored(array)), options, op)
}

/** The file's bytes, after asynchronous reads, which all start now: later changes do not get into the file. */
export async function encodeCollectedAsync(format: FileFormat, collected: Collected, options: EncodeOptions, op: string): Promise<Uint8Array> {
  checkFits(format, collected, options, op)
  return write(format, collected, await Promise.all(collected.arrays.map(array => toStoredAsync(array))), options, op)
}

/** Refuses, before anything is read from a device, what the format cannot hold. */
function checkFits(format: FileFormat, { names, arrays }: Collected, options: EncodeOptions, op: string): void {
  checkOptions(options, ['compress', 'metadata'], op)
  const { compress, metadata } = options
  if (compress !== undefined && typeof compress !== 'boolean') throw typeError(`compress is true or false, got ${describe(compress)}`, { op })
  if (compress === true && format !== 'npz') throw new ValueError(`'${format}' files are not compressed`, { op, hint: `'npz' files can be` })
  if (metadata !== undefined) checkMetadata(metadata, format, op)
  if (format === 'npy' && (names !== null || arrays.length !== 1)) throw new ValueError(`an .npy file holds one array, got ${names === null ? `a list of ${arrays.length}` : 'names'}`, { op, hint: `use 'npz' for several` })
  if (format === 'npz') checkMemberNames(names, op)
  if (format === 'safetensors') checkTensorNames(names, arrays.length, op)
}

function checkMetadata(metadata: unknown, format: FileFormat, op: string): void {
  if (format !== 'safetensors') throw new ValueError(`'${format}' files have no metadata`, { op, hint: `'safetensors' files have` })
  const texts = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) && Object.values(metadata).every(value => typeof value === 'string')
  if (!texts) throw typeError(`metadata is an object of texts, got ${describe(metadata)}`, { op })
}

function write(format: FileFormat, collected: Collected, data: readonly TypedArray[], options: EncodeOptions, op: string): Uint8Array {
  switch (format) {
    case 'params': return writeParams(collected, data, op)
    case 'npy': return writeNpy(collected.arrays[0]!, data[0]!, op)
    case 'npz': return writeNpz(collected, data, options.compress === true, op)
    case 'safetensors': return writeSafetensors(collected, data, options.metadata, op)
  }
}
