import type { DType, NDArray } from '@ashlar/core'
import { Context, NotImplementedError, allocate, checkContext, describe, deviceCount, deviceOf, fromTypedArray, itemSize, sizeOf, typeError } from '@ashlar/core'
import { checkKind } from './detect.ts'
import type { Source } from './errors.ts'
import { nameOf } from './errors.ts'
import { DEVICE_TYPES, LIST_MAGIC, fixByteOrder } from './params-format.ts'
import { Reader } from './reader.ts'
import type { ArrayRecord } from './records.ts'
import { readRecord } from './records.ts'

/** What reading takes. */
export interface DecodeOptions {
  /** The name that messages give the bytes. */
  readonly file?: string
  /** Where the arrays go. Default: the device that the file records for each, if there is one that holds its dtype, else `cpu(0)`. */
  readonly ctx?: Context
}

/** What a file holds, in its order. */
export interface DecodedEntries {
  /** One for each array; null for a list, which has none. An empty dictionary is written as an empty list. */
  readonly names: string[] | null
  readonly arrays: NDArray[]
}

/**
 * What a file gives: a list, or an object of named arrays. Only the file knows which, so the type allows both uses;
 * `Array.isArray` tells them apart.
 */
export type Loaded = NDArray[] & Record<string, NDArray>

/**
 * The arrays in the bytes of an MXNet `.params` file, as {@link encode}, MXNet 1.x `npx.save`, `nd.save` and Gluon's
 * `save_parameters` write it. All versions of the format are read.
 *
 * @param bytes the whole file
 * @returns a list where the file has no names (a single array comes as a list of one, an empty file as `[]`), else an
 *   object. Objects move keys such as `0` to the front; where order matters use {@link decodeEntries}.
 * @throws FormatError `Invalid NDArray file format` for damaged bytes, with the offset; nothing is allocated for them.
 *   NotImplementedError for sparse arrays and formats other than `.params`
 * @example
 * ```ts
 * import { np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { decode, encode } from '@ashlar/io'
 *
 * registerBackend(cpuBackend())
 * const bytes = encode('params', { x: np.arange(4), y: np.zeros(4) })
 * console.log(decode(bytes))
 * // { x: array([0., 1., 2., 3.]), y: array([0., 0., 0., 0.]) }
 * ```
 */
export function decode(bytes: Uint8Array | ArrayBuffer, options: DecodeOptions = {}): Loaded {
  return toLoaded(decodeFrom(bytes, { op: 'decode', file: options.file }, options.ctx))
}

/** As {@link decode}, with the names and the arrays in the order of the file, whatever the names are. */
export function decodeEntries(bytes: Uint8Array | ArrayBuffer, options: DecodeOptions = {}): DecodedEntries {
  return decodeFrom(bytes, { op: 'decodeEntries', file: options.file }, options.ctx)
}

/** A list as it is, named arrays as an object. */
export function toLoaded({ names, arrays }: DecodedEntries): Loaded {
  // Unlike assignment, fromEntries makes a plain key of `__proto__` too.
  return (names === null ? arrays : Object.fromEntries(names.map((name, i) => [name, arrays[i]!]))) as Loaded
}

/** Checks all of the file first, and makes arrays then. */
export function decodeFrom(input: Uint8Array | ArrayBuffer, source: Source, ctx?: Context): DecodedEntries {
  if (ctx !== undefined) checkContext(ctx, source.op)
  const bytes = input instanceof ArrayBuffer ? new Uint8Array(input) : input
  if (!(bytes instanceof Uint8Array)) throw typeError(`expected the bytes of a file as Uint8Array or ArrayBuffer, got ${describe(input)}`, { op: source.op })
  checkKind(bytes, source)
  const reader = new Reader(bytes, source)
  const records = readRecords(reader)
  const names = readNames(reader, records.length)
  if (reader.remaining > 0) reader.fail(`goes on for ${reader.remaining} bytes after its end`)
  records.forEach(({ refusal }, i) => {
    if (refusal === null) return
    const entry = names === null ? `entry ${i}` : `entry '${names[i]}'`
    throw new NotImplementedError(`${entry} of ${nameOf(source)} ${refusal}`, { op: source.op, hint: 'save it as a dense float32 array where it comes from' })
  })
  return { names, arrays: records.map(record => materialize(record, bytes, ctx, source.op)) }
}

function readRecords(reader: Reader): ArrayRecord[] {
  if (!reader.mark(LIST_MAGIC, "the file's mark")) reader.fail('does not start with the mark of a parameter file', 0)
  if (reader.uint64('the reserved field') !== 0) reader.fail('uses the reserved field, so something newer wrote it', 8)
  const count = reader.uint64('number of arrays')
  // No record is shorter than 4 bytes, so a larger count is refused before anything is kept for it.
  if (count > reader.remaining / 4) reader.fail(`says that it has ${count} arrays, which cannot be in ${reader.remaining} bytes`, 16)
  return Array.from({ length: count }, (_, i) => readRecord(reader, `array ${i}`))
}

function readNames(reader: Reader, arrays: number): string[] | null {
  const start = reader.offset
  const count = reader.uint64('number of names')
  if (count !== 0 && count !== arrays) reader.fail(`has ${count} names for ${arrays} arrays`, start)
  if (count === 0) return null
  const names = new Set<string>()
  for (let i = 0; i < count; i++) {
    const before = reader.offset
    const name = reader.text(reader.uint64(`length of name ${i}`), `name ${i}`)
    if (names.has(name)) reader.fail(`has the name '${name}' twice`, before)
    names.add(name)
  }
  return [...names]
}

function materialize(record: ArrayRecord, bytes: Uint8Array, ctx: Context | undefined, op: string): NDArray {
  const dtype = record.dtype as DType
  const data = allocate(dtype, sizeOf(record.shape))
  const raw = new Uint8Array(data.buffer)
  raw.set(bytes.subarray(record.start, record.start + raw.length))
  fixByteOrder(raw, itemSize(dtype))
  // Kernels trust that a bool is 0 or 1.
  if (dtype === 'bool') for (let i = 0; i < raw.length; i++) raw[i] = raw[i] === 0 ? 0 : 1
  return fromTypedArray(data, record.shape, dtype, ctx ?? recordedContext(record, dtype, op), op)
}

/** The device that the file names, where this machine has it and it holds the dtype; else host memory. */
function recordedContext({ deviceType, deviceId }: ArrayRecord, dtype: DType, op: string): Context {
  const type = DEVICE_TYPES[deviceType]
  if (type !== undefined && deviceId >= 0 && deviceId < deviceCount(type)) {
    const context = new Context(type, deviceId)
    if (deviceOf(context, op).capabilities.dtypes.includes(dtype)) return context
  }
  return new Context('cpu')
}
