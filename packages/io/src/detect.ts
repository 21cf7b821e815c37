import { NotImplementedError, ValueError } from '@ashlar/core'
import type { Source } from './errors.ts'
import { FormatError, nameOf } from './errors.ts'

/** The formats that can be written. */
export type FileFormat = 'params'

const HINT = 'only MXNet .params files are supported so far'

const starts = (bytes: Uint8Array, ...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte)

/** Names a well-known format that is not ours, by its first bytes. */
function foreignKind(bytes: Uint8Array): string | null {
  if (starts(bytes, 0x50, 0x4b, 3, 4) || starts(bytes, 0x50, 0x4b, 5, 6)) return 'a ZIP archive (NumPy .npz or PyTorch)'
  if (starts(bytes, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) return 'a NumPy .npy file'
  // An 8-byte length below 2^32, then the brace that opens JSON.
  if (bytes.length > 8 && bytes[8] === 0x7b && starts(bytes.subarray(4), 0, 0, 0, 0)) return 'a safetensors file'
  return null
}

/**
 * Refuses files of formats that are known but not readable yet, by name.
 *
 * @throws NotImplementedError that says which format it is
 */
export function checkKind(bytes: Uint8Array, source: Source): void {
  if (bytes.length === 0) throw new FormatError('is empty', source, 0)
  const kind = foreignKind(bytes)
  if (kind !== null) throw new NotImplementedError(`${nameOf(source)} is ${kind}`, { op: source.op, hint: HINT })
}

/** Checks a format's name. */
export function checkFormat(format: unknown, op: string): void {
  if (format === 'params') return
  if (format === 'npz' || format === 'safetensors') throw new NotImplementedError(`the format '${format}' cannot be written yet`, { op, hint: HINT })
  throw new ValueError(`unknown format '${String(format)}'`, { op, hint: `use 'params'` })
}

/** Refuses file extensions that stand for a format which cannot be written yet; any other means `.params`. */
export function checkExtension(file: string, op: string): void {
  const extension = /\.(npz|safetensors)$/i.exec(file)?.[0]
  if (extension !== undefined) throw new NotImplementedError(`'${file}' asks for ${extension}, which cannot be written yet`, { op, hint: HINT })
}
