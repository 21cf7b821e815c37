/**
 * Arrays to bytes and files and back: MXNet's `.params`, NumPy's `.npy` and `.npz`, safetensors; PyTorch's files can be read.
 *
 * @packageDocumentation
 */
export type { Arrays } from './collect.ts'
export { decode, decodeEntries } from './decode.ts'
export type { DecodeOptions, DecodedEntries, LoadOptions, Loaded } from './decode.ts'
export type { FileFormat, ReadFormat } from './detect.ts'
export { encode, encodeAsync, encodeEntries } from './encode.ts'
export type { EncodeOptions } from './encode.ts'
export { FileError, FormatError } from './errors.ts'
export type { Source } from './errors.ts'
export { readFile, readFileAsync, writeFile, writeFileAsync } from './files.ts'
export { load, loadAsync, loadEntries, loadEntriesAsync, save, saveAsync, saveEntries, saveEntriesAsync, savez } from './save.ts'
