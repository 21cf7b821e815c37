import { decode, decodeEntries } from '@ashlar/io'
import { NotImplementedError } from '@ashlar/core'
import { expect, test } from 'vitest'
import { hex, thrownBy } from './support.ts'

const u64 = (n: number): string => Buffer.from(BigInt64Array.of(BigInt(n)).buffer).toString('hex')
const u32 = (n: number): string => Buffer.from(Int32Array.of(n).buffer).toString('hex')
const list = (...records: string[]): Uint8Array => hex(u64(0x112) + u64(0) + u64(records.length) + records.join('') + u64(0))
const V1 = 'c8fa93f9'
const V2 = 'c9fa93f9'
const V3 = 'cafa93f9'
const dense = u32(0)
const device = u32(1) + u32(0)
const float32 = u32(0)
const int32 = u32(4)

test('C-1.5a: V1: 64-bit extents, no storage type', () => {
  const [x] = decode(list(V1 + u32(2) + u64(1) + u64(2) + device + int32 + u32(7) + u32(-8)))
  expect(x!.dtype).toBe('int32')
  expect(x!.tolist()).toEqual([[7, -8]])
})

test('C-1.5b: V0: 32-bit extents right after the number of dimensions', () => {
  const range = Array.from({ length: 128 }, (_, i) => i)
  const record = u32(1) + u32(128) + device + float32 + Buffer.from(Float32Array.from(range).buffer).toString('hex')
  const bytes = list(record, record, record, record, record, record)
  // The size of MXNet's own test file of this version, six times arange(128).
  expect(bytes.length).toBe(3224)
  const arrays = decode(bytes)
  expect(arrays.length).toBe(6)
  for (const x of arrays) expect(x.tolist()).toEqual(range)
})

test('C-1.8: records of all versions in one file', () => {
  const data = device + float32 + '0000803f'
  const bytes = list(V3 + dense + u32(0) + data, V2 + dense + u32(1) + u64(1) + data, V1 + u32(1) + u64(1) + data, u32(1) + u32(1) + data)
  expect(decodeEntries(bytes).arrays.map(x => x.shape)).toEqual([[], [1], [1], [1]])
})

test('C-1.4a: V2: an extent of 0 is an empty array', () => {
  expect(decode(list(V2 + dense + u32(2) + u64(0) + u64(3) + device + float32))[0]!.shape).toEqual([0, 3])
})

test('a bool byte other than 0 is 1', () => {
  const [x] = decode(list(V3 + dense + u32(1) + u64(3) + device + u32(7) + '00ff02'))
  expect([...x!.toTypedArray()]).toEqual([0, 1, 1])
})

test.each([
  ['V3 without a shape', V3 + dense + u32(-1)],
  ['V3 with an unknown extent', V3 + dense + u32(2) + u64(3) + u64(-1)],
  ['V2 without a shape', V2 + dense + u32(0)],
  ['V1 without a shape', V1 + u32(0)],
  ['V0 without a shape', u32(0)],
])('C-1.4b: an array of unknown shape is refused: %s', (_, record) => {
  const error = thrownBy(() => decode(list(record), { file: 'f' }))
  expect(error).toBeInstanceOf(NotImplementedError)
  expect(error.message).toContain(`entry 0 of 'f' holds no array`)
})

test('bfloat16 is read as its bits, and shown as numbers', () => {
  const [x] = decode(list(V3 + dense + u32(1) + u64(2) + device + u32(12) + '803f00c0'))
  expect(x!.dtype).toBe('bfloat16')
  expect(x!.tolist()).toEqual([1, -2])
})
