import type { DType, TypedArray } from '@ashlar/core'
import { MAX_SIZE, NotImplementedError, ValueError, formatShape, itemSize, sizeOf } from '@ashlar/core'
import { allocateBytes, putElements } from './bytes.ts'
import type { Collected } from './collect.ts'
import { elementsOf } from './elements.ts'
import type { Source } from './errors.ts'
import { nameOf } from './errors.ts'
import type { Plan } from './plan.ts'
import { Reader } from './reader.ts'
import type { TensorEntry } from './safetensors-header.ts'
import { parseSafetensorsHeader } from './safetensors-header.ts'

/** By the format's names, in the order in which its own writer lays arrays out, from the last to the first. */
const TENSOR_DTYPES: Readonly<Partial<Record<string, DType>>> = {
  BOOL: 'bool', U8: 'uint8', I8: 'int8', I16: 'int16', U16: 'uint16', F16: 'float16', BF16: 'bfloat16', I32: 'int32', U32: 'uint32', F32: 'float32', F64: 'float64', I64: 'int64', U64: 'uint64',
}
const NAMES: readonly string[] = /* #__PURE__ */ Object.keys(TENSOR_DTYPES)
/** Types that the format has and arrays have not. */
const FOREIGN = /^(F8_|F6_|F4$|C64$)/
const MOST_HEADER = 100_000_000
const METADATA = '__metadata__'

const nameOfDType = (dtype: DType): string => NAMES.find(name => TENSOR_DTYPES[name] === dtype)!

/** Reads a safetensors file (behaviour C-3). */
export function readSafetensors(bytes: Uint8Array, source: Source): Plan {
  const reader = new Reader(bytes, source)
  const length = reader.uint64('the length of the header')
  if (length > MOST_HEADER) reader.fail(`has a header of ${length} bytes, ${MOST_HEADER} are possible`, 0)
  const text = reader.text(length, 'the header')
  if (!text.startsWith('{')) reader.fail('has a header that does not start with a brace', 8)
  const { entries, metadata } = parseSafetensorsHeader(text, reader, 8)
  const data = bytes.subarray(reader.offset)
  checkCover(entries, data.length, reader)
  const arrays = entries.map(entry => {
    const { name, shape, begin, end } = entry
    const dtype = dtypeOf(entry, source)
    const size = sizeOf(shape) * itemSize(dtype)
    if (shape.some(extent => extent > MAX_SIZE) || end - begin !== size) {
      reader.fail(`has ${end - begin} bytes for '${name}' of shape ${formatShape(shape)} and dtype ${dtype}`, reader.offset + begin)
    }
    return { shape, dtype, elements: () => elementsOf(data.subarray(begin, end), shape, dtype) }
  })
  return { names: entries.map(({ name }) => name), arrays, ...(metadata !== null && { metadata }) }
}

function dtypeOf({ name, dtype }: TensorEntry, source: Source): DType {
  const own = Object.hasOwn(TENSOR_DTYPES, dtype) ? TENSOR_DTYPES[dtype] : undefined
  if (own !== undefined) return own
  const known = FOREIGN.test(dtype) ? `is ${dtype}` : `is of an unknown dtype ${dtype}`
  throw new NotImplementedError(`entry '${name}' of ${nameOf(source)} ${known}, which arrays cannot hold`, { op: source.op, hint: 'save it as float32 where it comes from' })
}

/** Arrays cover the data from the first byte to the last, none over another. */
function checkCover(entries: readonly TensorEntry[], length: number, reader: Reader): void {
  let end = 0
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end || entry.end < entry.begin) reader.fail(`has the data of '${entry.name}' from byte ${entry.begin} to ${entry.end} and not from ${end}`, reader.offset + Math.min(end, length))
    end = entry.end
  }
  if (end !== length) reader.fail(`has arrays of ${end} bytes and data of ${length}`)
}

/**
 * Writes a safetensors file. Names keep their order in the header; data lie as the format's own writer puts them, wide types
 * first, so that each array is aligned.
 */
export function writeSafetensors({ names, arrays }: Collected, data: readonly TypedArray[], metadata: Readonly<Record<string, string>> | undefined, op: string): Uint8Array {
  const order = arrays.map((_, i) => i).sort((a, b) => NAMES.indexOf(nameOfDType(arrays[b]!.dtype)) - NAMES.indexOf(nameOfDType(arrays[a]!.dtype)) || (names![a]! < names![b]! ? -1 : 1))
  const starts = new Array<number>(arrays.length)
  let total = 0
  for (const i of order) {
    starts[i] = total
    total += data[i]!.byteLength
  }
  const fields = arrays.map(({ dtype, shape }, i) => `${JSON.stringify(names![i])}:${JSON.stringify({ dtype: nameOfDType(dtype), shape, data_offsets: [starts[i], starts[i]! + data[i]!.byteLength] })}`)
  if (metadata !== undefined) fields.unshift(`"${METADATA}":${JSON.stringify(metadata)}`)
  const json = new TextEncoder().encode(`{${fields.join(',')}}`)
  const length = Math.ceil(json.length / 8) * 8
  if (length > MOST_HEADER) throw new ValueError(`the header would have ${length} bytes, ${MOST_HEADER} are possible`, { op })
  const bytes = allocateBytes(8 + length + total, op)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.fill(0x20, 8, 8 + length)
  bytes.set(json, 8)
  arrays.forEach((array, i) => putElements(bytes, 8 + length + starts[i]!, array, data[i]!))
  return bytes
}

/** Refuses what has no names, and the name that means something else. */
export function checkTensorNames(names: readonly string[] | null, count: number, op: string): void {
  if (names === null && count > 0) throw new ValueError('a safetensors file holds named arrays, not a list', { op, hint: 'give an object: { weight, bias }' })
  if (names?.includes(METADATA) === true) throw new ValueError(`the name '${METADATA}' is taken by the format`, { op })
}
