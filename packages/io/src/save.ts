import { readBytes, readBytesAsync, writeBytes, writeBytesAsync } from '#files'
import type { NDArray } from '@ashlar/core'
import type { Arrays } from './collect.ts'
import { collect, collectEntries, collectMixed } from './collect.ts'
import type { DecodedEntries, LoadOptions, Loaded } from './decode.ts'
import { decodeFrom, toEntries, toLoaded } from './decode.ts'
import type { FileFormat } from './detect.ts'
import { formatOf } from './detect.ts'
import type { EncodeOptions } from './encode.ts'
import { encodeCollected, encodeCollectedAsync } from './encode.ts'
import { checkFile } from './files.ts'
import { checkOptions } from './options.ts'

/** The format to write, which is known before anything is read from a device. */
const targetFormat = (file: string, op: string): FileFormat => formatOf(checkFile(file, op), op)

/**
 * Saves one array, a list of arrays, or named arrays (an object or a `Map`) under exactly that name. The extension picks the
 * format: `.npy`, `.npz` or `.safetensors`; with any other, or none, it is MXNet's `.params`. What each format holds, and what
 * `options` there are, {@link encode} tells. The file is written all at once or not at all. In Node; elsewhere use `encode`.
 *
 * @throws ValueError or TypeError for data that the format cannot hold, FileError where the file cannot be written,
 *   NotImplementedError for the extensions `.pt` and `.pth`
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { load, save } from '@ashlar/io'
 * import { rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * registerBackend(cpuBackend())
 * const file = join(tmpdir(), `x-file-${process.pid}`)
 * save(file, np.arange(4))
 * console.log(load(file))
 * // [ array([0., 1., 2., 3.]) ]
 * rmSync(file)
 * ```
 */
export function save(file: string, data: Arrays, options: EncodeOptions = {}): void {
  const format = targetFormat(file, 'save')
  writeBytes(file, encodeCollected(format, collect(data, 'save'), options, 'save'), 'save')
}

/** As {@link save}, without blocking, on every backend. The arrays are saved as they are at the call. */
export async function saveAsync(file: string, data: Arrays, options: EncodeOptions = {}): Promise<void> {
  const format = targetFormat(file, 'saveAsync')
  await writeBytesAsync(file, await encodeCollectedAsync(format, collect(data, 'saveAsync'), options, 'saveAsync'), 'saveAsync')
}

/**
 * Saves arrays as NumPy's `.npz`, whatever the file is called: those given one by one as `arr_0`, `arr_1`, …, those of an
 * object at the end under its names (behaviour C-2.3).
 *
 * @throws ValueError for a name that comes twice, else as {@link save}
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { load, savez } from '@ashlar/io'
 * import { rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * registerBackend(cpuBackend())
 * const file = join(tmpdir(), `xs-${process.pid}.npz`)
 * savez(file, np.arange(2), { w: np.ones(3) })
 * console.log(load(file))
 * // { arr_0: array([0., 1.]), w: array([1., 1., 1.]) }
 * rmSync(file)
 * ```
 */
export function savez(file: string, ...arrays: [...NDArray[], NDArray | Readonly<Record<string, NDArray>>] | []): void {
  checkFile(file, 'savez')
  writeBytes(file, encodeCollected('npz', collectMixed(arrays, 'savez'), {}, 'savez'), 'savez')
}

/**
 * The arrays in a file: an object where they have names, the array itself from `.npy`, else a list (`.params` gives one array as
 * a list of one). What the file is called does not matter: {@link decode} tells what is read. In Node; elsewhere use `decode`.
 *
 * @throws FileError where the file cannot be read, FormatError `Invalid NDArray file format` where it is damaged,
 *   NotImplementedError for sparse arrays, and for element types that arrays cannot hold
 */
export function load(file: string, options: LoadOptions = {}): Loaded {
  return toLoaded(loadFrom(file, 'load', options))
}

/** As {@link load}, without blocking while the file is read. */
export async function loadAsync(file: string, options: LoadOptions = {}): Promise<Loaded> {
  return toLoaded(await loadFromAsync(file, 'loadAsync', options))
}

/** As {@link save}, from pairs of a name and an array, whose order is kept whatever the names are. */
export function saveEntries(file: string, entries: Iterable<readonly [string, NDArray]>, options: EncodeOptions = {}): void {
  const format = targetFormat(file, 'saveEntries')
  writeBytes(file, encodeCollected(format, collectEntries(entries, 'saveEntries'), options, 'saveEntries'), 'saveEntries')
}

/** As {@link saveEntries}, without blocking, on every backend. */
export async function saveEntriesAsync(file: string, entries: Iterable<readonly [string, NDArray]>, options: EncodeOptions = {}): Promise<void> {
  const op = 'saveEntriesAsync'
  const format = targetFormat(file, op)
  await writeBytesAsync(file, await encodeCollectedAsync(format, collectEntries(entries, op), options, op), op)
}

/** As {@link load}, with the names and the arrays in the order of the file; `names` is null for a list or a single array. */
export function loadEntries(file: string, options: LoadOptions = {}): DecodedEntries {
  return toEntries(loadFrom(file, 'loadEntries', options))
}

/** As {@link loadEntries}, without blocking while the file is read. */
export async function loadEntriesAsync(file: string, options: LoadOptions = {}): Promise<DecodedEntries> {
  return toEntries(await loadFromAsync(file, 'loadEntriesAsync', options))
}

const OPTIONS: readonly string[] = ['ctx', 'maxBytes']

function loadFrom(file: string, op: string, options: LoadOptions): ReturnType<typeof decodeFrom> {
  checkOptions(options, OPTIONS, op)
  return decodeFrom(readBytes(checkFile(file, op), op), { op, file }, options)
}

async function loadFromAsync(file: string, op: string, options: LoadOptions): Promise<ReturnType<typeof decodeFrom>> {
  checkOptions(options, OPTIONS, op)
  const bytes = await readBytesAsync(checkFile(file, op), op)
  return decodeFrom(bytes, { op, file }, options)
}
