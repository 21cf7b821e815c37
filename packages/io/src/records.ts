import type { Shape } from '@ashlar/core'
import { DTYPES, MAX_SIZE, formatShape, sizeOf } from '@ashlar/core'
import { FILE_DTYPES, MAX_DIMENSIONS, STORAGE_TYPES, V1_MAGIC, V2_MAGIC, V3_MAGIC } from './params-format.ts'
import type { Reader } from './reader.ts'

/** What the file says of one array. Its elements stay where they are until the whole file has been checked. */
export interface ArrayRecord {
  readonly shape: Shape
  /** One of FILE_DTYPES; '' where the record ends before it. */
  readonly dtype: string
  readonly deviceType: number
  readonly deviceId: number
  /** Where the elements start. */
  readonly start: number
  /** Why there is no array to make of it, though the file is sound. */
  readonly refusal: string | null
}

const NONE: ArrayRecord = {
  shape: [], dtype: '', deviceType: 1, deviceId: 0, start: 0, refusal: 'holds no array: its shape was not known when it was saved',
}

/** Reads one record of any version; `where` names it in messages. */
export function readRecord(reader: Reader, where: string): ArrayRecord {
  const magic = reader.uint32(`${where}'s mark`)
  if (magic === V3_MAGIC || magic === V2_MAGIC) return readCurrent(reader, where, magic === V3_MAGIC)
  const shape = magic === V1_MAGIC
    ? readShape(reader, where, reader.uint32(`${where}'s number of dimensions`), 8)
    : readOldest(reader, where, magic)
  return shape.length === 0 ? NONE : readDense(reader, where, shape)
}

function readOldest(reader: Reader, where: string, dimensions: number): number[] {
  if (dimensions > MAX_DIMENSIONS) reader.fail(`has an unknown mark 0x${dimensions.toString(16)} at ${where}`, reader.offset - 4)
  return readShape(reader, where, dimensions, 4)
}

function readCurrent(reader: Reader, where: string, scalars: boolean): ArrayRecord {
  const storage = reader.int32(`${where}'s storage type`)
  const kind = STORAGE_TYPES[storage]
  if (kind === undefined) return reader.fail(`has an unknown storage type ${storage} at ${where}`, reader.offset - 4)
  if (storage !== 0) readShape(reader, where, reader.int32(`${where}'s number of stored dimensions`), 8)
  const dimensions = reader.int32(`${where}'s number of dimensions`)
  if (scalars && dimensions === -1) return NONE
  const shape = readShape(reader, where, dimensions, 8, scalars)
  // Only V3 tells a scalar from an array whose shape is unknown.
  if (shape.some(n => n < 0) || (shape.length === 0 && !scalars)) return NONE
  return storage === 0 ? readDense(reader, where, shape) : readSparse(reader, where, shape, storage)
}

/** The extents, of `width` bytes each; negative ones only where the version gives them a meaning. */
function readShape(reader: Reader, where: string, dimensions: number, width: 4 | 8, negative = false): number[] {
  if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
    reader.fail(`has ${dimensions} dimensions at ${where}, 0 to ${MAX_DIMENSIONS} are possible`, reader.offset - 4)
  }
  const what = `${where}'s shape`
  return Array.from({ length: dimensions }, () => {
    const extent = width === 8 ? reader.int64(what) : reader.uint32(what)
    if (extent > MAX_SIZE || (extent < 0 && !negative)) reader.fail(`has an impossible extent ${extent} in ${what}`, reader.offset - width)
    return extent
  })
}

interface Header {
  readonly deviceType: number
  readonly deviceId: number
  readonly dtype: string
}

function readHeader(reader: Reader, where: string): Header {
  const deviceType = reader.int32(`${where}'s device type`)
  const deviceId = reader.int32(`${where}'s device number`)
  return { deviceType, deviceId, dtype: readDType(reader, `${where}'s dtype`) }
}

function readDType(reader: Reader, what: string): string {
  const code = reader.int32(what)
  return FILE_DTYPES[code] ?? reader.fail(`has an unknown code ${code} for ${what}`, reader.offset - 4)
}

function skipData(reader: Reader, what: string, shape: Shape, dtype: string): number {
  const bits = Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype as keyof typeof DTYPES].bits : 16
  // At most 32 extents below 2^31: the product is no exact number then, but it is finite, and far larger than any file.
  return reader.skip((sizeOf(shape) * bits) / 8, `${what} of shape ${formatShape(shape)} and dtype ${dtype}`)
}

function readDense(reader: Reader, where: string, shape: Shape): ArrayRecord {
  const header = readHeader(reader, where)
  const start = skipData(reader, `${where}'s data`, shape, header.dtype)
  const refusal = Object.hasOwn(DTYPES, header.dtype) ? null : `is ${header.dtype}, which arrays cannot hold yet`
  return { ...header, shape, start, refusal }
}

/** Sparse arrays are refused, but read through: what comes after them, their names first of all, is wanted for the message. */
function readSparse(reader: Reader, where: string, shape: Shape, storage: number): ArrayRecord {
  const header = readHeader(reader, where)
  const auxiliary = Array.from({ length: storage }, () => {
    const dtype = readDType(reader, `${where}'s index dtype`)
    return { dtype, shape: readShape(reader, where, reader.int32(`${where}'s number of index dimensions`), 8) }
  })
  // The last of them has one index for each stored value (csr) or row (row_sparse). The stored shape does not tell: MXNet writes (0,) for csr.
  const count = sizeOf(auxiliary.at(-1)!.shape)
  const start = skipData(reader, `${where}'s values`, storage === 1 ? [count, ...shape.slice(1)] : [count], header.dtype)
  for (const index of auxiliary) skipData(reader, `${where}'s indices`, index.shape, index.dtype)
  return { ...header, shape, start, refusal: `is a sparse array (${STORAGE_TYPES[storage]}), only dense ones can be read` }
}
