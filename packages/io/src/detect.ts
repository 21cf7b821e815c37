import { NotImplementedError, ValueError } from '@ashlar/core'
import type { Source } from './errors.ts'
import { FormatError, nameOf } from './errors.ts'

/** The formats that can be written. */
export type FileFormat = 'params' | 'npy' | 'npz' | 'safetensors'

/** The formats that can be read; `torch` stands for what PyTorch saves. */
export type ReadFormat = FileFormat | 'torch'

const FORMATS: readonly string[] = ['params', 'npy', 'npz', 'safetensors']

const starts = (bytes: Uint8Array, ...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte)

/**
 * What a file is, by its first bytes; `zip` may be NumPy's or PyTorch's. What looks like nothing known is taken for
 * `.params`, whose reader says what is wrong.
 *
 * @throws FormatError for no bytes at all, NotImplementedError for PyTorch's oldest form
 */
export function kindOf(bytes: Uint8Array, source: Source): 'params' | 'npy' | 'zip' | 'safetensors' {
  if (bytes.length === 0) throw new FormatError('is empty', source, 0)
  if (starts(bytes, 0x50, 0x4b, 3, 4) || starts(bytes, 0x50, 0x4b, 5, 6)) return 'zip'
  if (starts(bytes, 0x93, 0x4e, 0x55, 0x4d)) return 'npy'
  // An 8-byte length below 2^32, then the brace that opens JSON.
  if (bytes.length > 8 && bytes[8] === 0x7b && starts(bytes.subarray(4), 0, 0, 0, 0)) return 'safetensors'
  // The pickled magic number 0x1950a86a20f9469cfc6c.
  if (starts(bytes, 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46)) {
    throw new NotImplementedError(`${nameOf(source)} is a PyTorch file from before version 1.6`, { op: source.op, hint: 'load it in PyTorch and save it again' })
  }
  return 'params'
}

/** Checks the name of a format to write. */
export function checkFormat(format: unknown, op: string): FileFormat {
  if (FORMATS.includes(format as string)) return format as FileFormat
  if (format === 'torch' || format === 'pt') throw new NotImplementedError('PyTorch files can be read, not written', { op, hint: `PyTorch reads 'safetensors'` })
  throw new ValueError(`unknown format '${String(format)}'`, { op, hint: `use one of ${FORMATS.map(name => `'${name}'`).join(', ')}` })
}

/** The format that a file's extension asks for: `.npy`, `.npz` or `.safetensors`; any other means `.params`. */
export function formatOf(file: string, op: string): FileFormat {
  const extension = /\.(npy|npz|safetensors|pt|pth)$/i.exec(file)?.[1]!.toLowerCase()
  if (extension === 'pt' || extension === 'pth') {
    throw new NotImplementedError(`'${file}' asks for a PyTorch file, which can be read, not written`, { op, hint: 'PyTorch reads .safetensors' })
  }
  return (extension as FileFormat | undefined) ?? 'params'
}
