import { readBytes, readBytesAsync, writeBytes, writeBytesAsync } from '#files'
import type { Context, NDArray } from '@ashlar/core'
import type { Arrays } from './collect.ts'
import { collect, collectEntries } from './collect.ts'
import type { DecodedEntries, Loaded } from './decode.ts'
import { decodeFrom, toLoaded } from './decode.ts'
import { checkExtension } from './detect.ts'
import { encodeCollected, encodeCollectedAsync } from './encode.ts'
import { checkFile } from './files.ts'

/** What loading takes. */
export interface LoadOptions {
  /** Where the arrays go. Default: the device that the file records for each, if there is one that holds its dtype, else `cpu(0)`. */
  readonly ctx?: Context
}

/** A name that asks for a format which cannot be written is refused before anything is read from a device. */
function checkTarget(file: string, op: string): void {
  checkExtension(checkFile(file, op), op)
}

/**
 * Saves one array, a list of arrays, or named arrays (an object or a `Map`) in MXNet's `.params` format, under exactly
 * that name. The file is written all at once or not at all. In Node; elsewhere use `encode`.
 *
 * @throws ValueError or TypeError for data of another kind, FileError where the file cannot be written,
 *   NotImplementedError for the extensions `.npz` and `.safetensors`
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
export function save(file: string, data: Arrays): void {
  checkTarget(file, 'save')
  writeBytes(file, encodeCollected(collect(data, 'save'), 'save'), 'save')
}

/** As {@link save}, without blocking, on every backend. The arrays are saved as they are at the call. */
export async function saveAsync(file: string, data: Arrays): Promise<void> {
  checkTarget(file, 'saveAsync')
  await writeBytesAsync(file, await encodeCollectedAsync(collect(data, 'saveAsync'), 'saveAsync'), 'saveAsync')
}

/**
 * The arrays in a file that `save`, MXNet 1.x or Gluon wrote: a list where they have no names (one array comes as a list
 * of one), else an object. In Node; elsewhere use `decode`.
 *
 * @throws FileError where the file cannot be read, FormatError `Invalid NDArray file format` where it is damaged,
 *   NotImplementedError for other formats and sparse arrays
 */
export function load(file: string, options: LoadOptions = {}): Loaded {
  return toLoaded(loadFrom(file, 'load', options))
}

/** As {@link load}, without blocking while the file is read. */
export async function loadAsync(file: string, options: LoadOptions = {}): Promise<Loaded> {
  const bytes = await readBytesAsync(checkFile(file, 'loadAsync'), 'loadAsync')
  return toLoaded(decodeFrom(bytes, { op: 'loadAsync', file }, options.ctx))
}

/** As {@link save}, from pairs of a name and an array, whose order is kept whatever the names are. */
export function saveEntries(file: string, entries: Iterable<readonly [string, NDArray]>): void {
  checkTarget(file, 'saveEntries')
  writeBytes(file, encodeCollected(collectEntries(entries, 'saveEntries'), 'saveEntries'), 'saveEntries')
}

/** As {@link saveEntries}, without blocking, on every backend. */
export async function saveEntriesAsync(file: string, entries: Iterable<readonly [string, NDArray]>): Promise<void> {
  const op = 'saveEntriesAsync'
  checkTarget(file, op)
  await writeBytesAsync(file, await encodeCollectedAsync(collectEntries(entries, op), op), op)
}

/** As {@link load}, with the names and the arrays in the order of the file; `names` is null for a list. */
export function loadEntries(file: string, options: LoadOptions = {}): DecodedEntries {
  return loadFrom(file, 'loadEntries', options)
}

/** As {@link loadEntries}, without blocking while the file is read. */
export async function loadEntriesAsync(file: string, options: LoadOptions = {}): Promise<DecodedEntries> {
  const bytes = await readBytesAsync(checkFile(file, 'loadEntriesAsync'), 'loadEntriesAsync')
  return decodeFrom(bytes, { op: 'loadEntriesAsync', file }, options.ctx)
}

function loadFrom(file: string, op: string, options: LoadOptions): DecodedEntries {
  return decodeFrom(readBytes(checkFile(file, op), op), { op, file }, options.ctx)
}
