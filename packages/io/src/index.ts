/**
 * Arrays to bytes and files and back, in MXNet's `.params` format.
 *
 * @packageDocumentation
 */
export type { Arrays } from './collect.ts'
export { decode, decodeEntries } from './decode.ts'
export type { DecodeOptions, DecodedEntries, Loaded } from './decode.ts'
export type { FileFormat } from './detect.ts'
export { encode, encodeAsync, encodeEntries } from './encode.ts'
export { FileError, FormatError } from './errors.ts'
export type { Source } from './errors.ts'
export { readFile, readFileAsync, writeFile, writeFileAsync } from './files.ts'
export { load, loadAsync, loadEntries, loadEntriesAsync, save, saveAsync, saveEntries, saveEntriesAsync } from './save.ts'
export type { LoadOptions } from './save.ts'
