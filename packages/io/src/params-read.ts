import { NotImplementedError } from '@ashlar/core'
import type { DType } from '@ashlar/core'
import { elementsOf } from './elements.ts'
import type { Source } from './errors.ts'
import { nameOf } from './errors.ts'
import { LIST_MAGIC } from './params-format.ts'
import type { Plan } from './plan.ts'
import { Reader } from './reader.ts'
import type { ArrayRecord } from './records.ts'
import { readRecord } from './records.ts'

/** Reads an MXNet list of arrays (behaviour C-1). */
export function readParams(bytes: Uint8Array, source: Source): Plan {
  const reader = new Reader(bytes, source)
  const records = readRecords(reader)
  const names = readNames(reader, records.length)
  if (reader.remaining > 0) reader.fail(`goes on for ${reader.remaining} bytes after its end`)
  records.forEach(({ refusal }, i) => {
    if (refusal === null) return
    const entry = names === null ? `entry ${i}` : `entry '${names[i]}'`
    throw new NotImplementedError(`${entry} of ${nameOf(source)} ${refusal}`, { op: source.op, hint: 'save it as a dense float32 array where it comes from' })
  })
  const arrays = records.map(({ shape, dtype, start, deviceType, deviceId }) => ({
    shape,
    dtype: dtype as DType,
    elements: () => elementsOf(bytes.subarray(start), shape, dtype as DType),
    device: { type: deviceType, id: deviceId },
  }))
  return { names, arrays }
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
