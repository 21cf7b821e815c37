import type { NDArray, TypedArray } from '@ashlar/core'
import { formatShape, itemSize, sizeOf } from '@ashlar/core'
import { allocateBytes, putElements } from './bytes.ts'
import { columnMajor, elementsOf } from './elements.ts'
import type { Source } from './errors.ts'
import { BFLOAT16_DESCR, NPY_DTYPES, parseHeader } from './npy-header.ts'
import type { Plan, PlannedArray } from './plan.ts'
import type { Part } from './reader.ts'
import { Reader } from './reader.ts'

const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** Data start at a multiple of this. */
const ALIGNMENT = 64

/** Reads a `.npy` file (behaviour C-2.1), of any version, byte order and order of axes. */
export function readNpy(bytes: Uint8Array, source: Source): Plan {
  return { names: null, arrays: [readNpyArray(bytes, source)], single: true }
}

/** As {@link readNpy}, for the bytes of an archive's member too. */
export function readNpyArray(bytes: Uint8Array, source: Source, part: Part | null = null): PlannedArray {
  const reader = new Reader(bytes, source, part)
  for (const byte of MAGIC) if (reader.uint8('the mark of a .npy file') !== byte) reader.fail('does not start with the mark of a .npy file', 0)
  const version = reader.uint8('the version')
  if (version < 1 || version > 3) reader.fail(`is of an unknown version ${version}`, 6)
  reader.skip(1, 'the version')
  const length = version === 1 ? reader.uint16('the length of the header') : reader.uint32('the length of the header')
  const at = reader.offset
  const { dtype, bigEndian, fortranOrder, shape } = parseHeader(reader.text(length, 'the header'), reader, at)
  const size = sizeOf(shape) * itemSize(dtype)
  const start = reader.skip(size, `data of shape ${formatShape(shape)} and dtype ${dtype}`)
  if (reader.remaining > 0) reader.fail(`goes on for ${reader.remaining} bytes after its end`)
  const data = bytes.subarray(start, start + size)
  const layout = fortranOrder && shape.length > 1 ? { bigEndian, strides: columnMajor(shape) } : { bigEndian }
  return { shape, dtype, elements: () => elementsOf(data, shape, dtype, layout) }
}

/** Writes a `.npy` file of version 1, byte for byte as NumPy does; bfloat16 as MXNet 2 does. */
export function writeNpy(array: NDArray, data: TypedArray, op: string): Uint8Array {
  const fields = `{'descr': ${descrOf(array)}, 'fortran_order': False, 'shape': ${formatShape(array.shape)}, }`
  const start = Math.ceil((MAGIC.length + 4 + fields.length + 1) / ALIGNMENT) * ALIGNMENT
  const header = `${fields.padEnd(start - MAGIC.length - 5)}\n`
  const bytes = allocateBytes(start + data.byteLength, op)
  bytes.set([...MAGIC, 1, 0, header.length & 255, header.length >> 8])
  bytes.set(new TextEncoder().encode(header), MAGIC.length + 4)
  putElements(bytes, start, array, data)
  return bytes
}

function descrOf({ dtype }: NDArray): string {
  if (dtype === 'bfloat16') return BFLOAT16_DESCR
  const code = Object.keys(NPY_DTYPES).find(key => NPY_DTYPES[key] === dtype)!
  return `'${code.endsWith('1') ? '|' : '<'}${code}'`
}
