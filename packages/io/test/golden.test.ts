import { createHash } from 'node:crypto'
import { decode, decodeEntries, encode, encodeEntries } from '@ashlar/io'
import type { NDArray } from '@ashlar/core'
import { NotImplementedError, np, toStored } from '@ashlar/core'
import { expect, test } from 'vitest'
import type { GoldenArray } from './support.ts'
import { golden, manifest, thrownBy } from './support.ts'

/** The bytes that an element has in a file, formed without the code under test. */
function rawElements({ dtype, data }: GoldenArray): Buffer {
  return Buffer.concat(data!.map(element => {
    const buffer = Buffer.alloc(8)
    const number = element === 'inf' ? Infinity : Number(element)
    switch (dtype) {
      case 'float32': buffer.writeFloatLE(number); return buffer.subarray(0, 4)
      case 'float64': buffer.writeDoubleLE(number); return buffer
      // 65500 in the manifest is 65504, told by the fewest digits.
      case 'float16': return Buffer.from(new Float16Array([number]).buffer)
      case 'int32': buffer.writeInt32LE(number); return buffer.subarray(0, 4)
      case 'int64': buffer.writeBigInt64LE(BigInt(String(element))); return buffer
      default: buffer.writeUInt8(number & 255); return buffer.subarray(0, 1)
    }
  }))
}

function expectArray(array: NDArray, expected: GoldenArray): void {
  expect(array.shape).toEqual(expected.shape)
  expect(array.dtype).toBe(expected.dtype)
  const data = toStored(array)
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (expected.sha256 !== undefined) expect(createHash('sha256').update(raw).digest('hex')).toBe(expected.sha256)
  else expect(raw.toString('hex')).toBe(rawElements(expected).toString('hex'))
}

const READABLE = [
  'x-file', 'x-files', 'mydict', 'empty-list', 'cpu1', 'scalar', 'mlp.params', 'sequential.params', 'dense.params', 'tied.params',
  'exported-0000.params', 'legacy-one', 'legacy-net.params', 'legacy-paramdict.params', 'legacy-list', 'legacy-dict', 'dense-f16.params', 'empty-dict',
]

test.each(READABLE)('C-1.1, 1.2 and 1.6: %s is read as MXNet reads it', name => {
  const bytes = golden(name)
  const { sha256, contents } = manifest[name]!
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  const { names, arrays } = decodeEntries(bytes)
  expect(names).toEqual(Array.isArray(contents) ? null : Object.keys(contents))
  const expected = Object.values(contents)
  expect(arrays.length).toBe(expected.length)
  arrays.forEach((array, i) => expectArray(array, expected[i]!))
})

test.each(READABLE.filter(name => !name.startsWith('legacy')))('C-1.9: %s is written byte for byte as MXNet writes it', name => {
  const { names, arrays } = decodeEntries(golden(name))
  const bytes = names === null ? encode('params', arrays) : encodeEntries('params', names.map((key, i) => [key, arrays[i]!]))
  expect(Buffer.from(bytes).equals(golden(name))).toBe(true)
})

test('S5.5-05: the three files of section 5.5 come from the code of section 5.5', () => {
  const x = np.arange(4)
  const y = np.zeros(4)
  expect(Buffer.from(encode('params', x)).equals(golden('x-file'))).toBe(true)
  expect(Buffer.from(encode('params', [x, y])).equals(golden('x-files'))).toBe(true)
  expect(Buffer.from(encode('params', { x, y })).equals(golden('mydict'))).toBe(true)
  expect(Buffer.from(encode('params', new Map([['x', x], ['y', y]]))).equals(golden('mydict'))).toBe(true)
  for (const nothing of [[], {}, new Map<string, NDArray>()]) {
    expect(Buffer.from(encode('params', nothing)).equals(golden('empty-list'))).toBe(true)
  }
})

test('S5.5-01, Q-8: a list decodes to a list, names to an object, nothing to an empty list', () => {
  expect(String(decode(golden('x-file')))).toBe('[0. 1. 2. 3.]')
  expect(Object.keys(decode(golden('mydict')))).toEqual(['x', 'y'])
  expect(decode(golden('empty-list'))).toEqual([])
})

test('C-1.3: every dtype, a scalar, an empty array and odd names', () => {
  const bytes = golden('dtypes')
  const { names, arrays } = decodeEntries(bytes)
  const expected = Object.entries(manifest['dtypes']!.contents)
  expect(names).toEqual(expected.map(([name]) => name))
  // The sign of a NaN is not in the manifest; its bits are in the file, which is written back below.
  arrays.forEach((array, i) => {
    if (names![i] === 'float32') expect(array.tolist()).toEqual([[1.5, -0], [Infinity, NaN]])
    else expectArray(array, expected[i]![1])
  })
  const again = encodeEntries('params', names!.map((name, i) => [name, arrays[i]!]))
  expect(Buffer.from(again).equals(bytes)).toBe(true)
})

test.each([
  ['row_sparse', `entry 0 of 'row_sparse' is a sparse array (row_sparse)`],
  ['row_sparse-empty', `entry 0 of 'row_sparse-empty' is a sparse array (row_sparse)`],
  ['csr', `entry 'm' of 'csr' is a sparse array (csr)`],
])('C-1.7: %s is refused by what it is', (name, message) => {
  const error = thrownBy(() => decode(golden(name), { file: name }))
  expect(error).toBeInstanceOf(NotImplementedError)
  expect(error.message).toContain(message)
})
