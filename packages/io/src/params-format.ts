import type { DType } from '@ashlar/core'

/** The first eight bytes of a list of arrays. */
export const LIST_MAGIC = 0x112

/** The first four bytes of an array's record. Anything else is the number of dimensions of the oldest form, V0. */
export const V1_MAGIC = 0xf993fac8
export const V2_MAGIC = 0xf993fac9
export const V3_MAGIC = 0xf993faca

/** Index: the code in files. */
export const FILE_DTYPES: readonly DType[] = [
  'float32', 'float64', 'float16', 'uint8', 'int32', 'int8', 'int64', 'bool', 'int16', 'uint16', 'uint32', 'uint64', 'bfloat16',
]

/** Index: the code of a storage type, which is also the number of its auxiliary arrays. */
export const STORAGE_TYPES: readonly string[] = ['dense', 'row_sparse', 'csr']

/** Device types by their code in files. */
export const DEVICE_TYPES: Readonly<Record<number, string>> = { 1: 'cpu', 2: 'gpu', 3: 'cpu_pinned', 5: 'cpu_shared' }

/** What the format and the arrays allow. */
export const MAX_DIMENSIONS = 32

/** Whether this machine keeps numbers as files do. */
export const LITTLE_ENDIAN: boolean = /* #__PURE__ */ new Uint8Array(/* #__PURE__ */ Uint16Array.of(1).buffer)[0] === 1

/** Turns elements of `width` bytes from this machine's order into that of files, or back, in place. */
export function fixByteOrder(bytes: Uint8Array, width: number, little: boolean = LITTLE_ENDIAN): void {
  if (little || width === 1) return
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse()
}
