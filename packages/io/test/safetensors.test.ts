import { decode, decodeEntries, encode, encodeEntries, load, saveEntries } from '@ashlar/io'
import type { DType } from '@ashlar/core'
import { DTYPES, NotImplementedError, array, np } from '@ashlar/core'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bitsOf, golden, hex, scratchFolder, thrownBy } from './support.ts'

const reference = (name: string): Uint8Array => golden(`safetensors/${name}.safetensors`)

/** A file with that header and as many bytes of data. */
function file(header: string, data = 0, length = Buffer.byteLength(header)): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(length)).buffer), Buffer.from(header), Buffer.alloc(data)]))
}
const entry = (begin: number, end: number, shape = `[${(end - begin) / 4}]`, dtype = 'F32'): string => `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`

test('C-3.1a: every dtype, scalars, nothing, odd names and metadata, as the format\'s own writer lays them out', () => {
  const { format, names, arrays, metadata } = decodeEntries(reference('dtypes'))
  expect([format, metadata]).toEqual(['safetensors', { format: 'np' }])
  const found = Object.fromEntries(names!.map((name, i) => [name, [arrays[i]!.dtype, arrays[i]!.shape, arrays[i]!.tolist()]]))
  expect(found).toEqual({
    'b.f32': ['float32', [2, 3], [[0, 1, 2], [3, 4, 5]]], 'a.f32': ['float32', [], -1.5], 'none': ['float64', [0, 2], []], 'flag': ['bool', [2], [true, false]], 'u8': ['uint8', [1], [255]],
    'i64': ['int64', [1], [-(2n ** 63n)]], 'u64': ['uint64', [1], [2n ** 64n - 1n]], 'half': ['float16', [2], [0.5, -2]], 'brain': ['bfloat16', [2], [1, -2]], 'i16': ['int16', [1], [-3]],
    '0': ['int32', [1], [1]], 'u16': ['uint16', [1], [9]], 'u32': ['uint32', [1], [2 ** 32 - 1]], 'i8': ['int8', [1], [-128]], 'quote"ü\n': ['float64', [1], [1.25]],
  })
  // Names lie in the order of the file, so that writing them again gives its bytes.
  const again = encodeEntries('safetensors', names!.map((name, i) => [name, arrays[i]!]), { metadata: metadata! })
  expect(Buffer.from(again).equals(reference('dtypes'))).toBe(true)
})

test('C-3.1b: one array, and none, byte for byte', () => {
  expect(Buffer.from(encode('safetensors', { x: np.arange(4) })).equals(reference('x'))).toBe(true)
  expect(decode(reference('none'))).toEqual({})
  expect(Buffer.from(encode('safetensors', {})).equals(reference('none'))).toBe(true)
})

test('names keep their order; data are aligned', () => {
  const arrays: [string, ReturnType<typeof array>][] = [['2', array([1], { dtype: 'uint8' })], ['1', np.arange(3)], ['__proto__', array([1, 2], { dtype: 'float64' })], ['', array([true], { dtype: 'bool' })]]
  const bytes = encodeEntries('safetensors', arrays)
  const again = decodeEntries(bytes)
  expect(again.names).toEqual(arrays.map(([name]) => name))
  expect(again.arrays.map(bitsOf)).toEqual(arrays.map(([, x]) => bitsOf(x)))
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + bytes[0]!)).toString()) as Record<string, { data_offsets: number[] }>
  expect([header['1']!.data_offsets, header['2']!.data_offsets, header['']!.data_offsets]).toEqual([[16, 28], [28, 29], [29, 30]])
  expect((8 + bytes[0]!) % 8).toBe(0)
})

test.each(Object.keys(DTYPES) as DType[])('%s comes back', dtype => {
  const x = array([[1, 0], [0, 1]], { dtype })
  expect(bitsOf(decode(encode('safetensors', { x }))['x']!)).toBe(bitsOf(x))
})

test('files', () => {
  const folder = scratchFolder()
  saveEntries(join(folder, 'a.safetensors'), [['1', np.ones(1)], ['0', np.zeros(1)]], { metadata: { format: 'pt' } })
  expect(Object.keys(load(join(folder, 'a.safetensors')))).toEqual(['0', '1'])
})

test('types that arrays have not are refused by name', () => {
  const error = thrownBy(() => decode(reference('f8'), { file: 'f' }))
  expect(error).toBeInstanceOf(NotImplementedError)
  expect(error.message).toContain(`entry 'f8' of 'f' is F8_E5M2, which arrays cannot hold`)
  expect(() => decode(file(`{"x":${entry(0, 4, '[1]', 'toString')}}`, 4))).toThrow('is of an unknown dtype toString')
})

describe('damage', () => {
  test.each([
    ['a header past the end', file('{}', 0, 3), 'ends where 3 bytes of the header should be (at byte 8)'],
    ['a header of more than 100 MB', file('{}', 0, 100_000_001), 'has a header of 100000001 bytes, 100000000 are possible (at byte 0)'],
    ['no UTF-8', new Uint8Array([4, ...hex('00000000000000 7b22ff7d')]), 'has the header that is not valid UTF-8 (at byte 8)'],
    ['no JSON', file('{x}'), `has a header that lacks a text (at byte 9)`],
    ['text after the end', file('{} x'), 'has a header that goes on after its end (at byte 11)'],
    ['no end', file('{"a":'), `has a header that lacks a '{' (at byte 13)`],
    ['a name twice', file(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4), `has a header that has the name 'a' twice`],
    ['a name twice, written differently', file(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4), `has a header that has the name 'a' twice`],
    ['a bad escape', file(`{"\\x":${entry(0, 4)}}`, 4), 'has a header that has a text that is no JSON'],
    ['a field too many', file(`{"a":{"dtype":"F32","x":1}}`), `has a header that says 'x' of 'a', which has no meaning`],
    ['a field too few', file(`{"a":{"dtype":"F32","shape":[]}}`), `has a header that does not say dtype, shape and data_offsets of 'a'`],
    ['three offsets', file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}`, 4), 'has a header that has more than 2 numbers in a list'],
    ['33 dimensions', file(`{"a":${entry(0, 4, `[${new Array(33).fill(1).join(',')}]`)}}`, 4), 'has a header that has more than 32 numbers in a list'],
    ['a negative extent', file(`{"a":${entry(0, 4, '[-1]')}}`, 4), 'has a header that lacks a whole number'],
    ['a fraction', file(`{"a":${entry(0, 4, '[1.5]')}}`, 4), `has a header that lacks a ']'`],
    ['a number that is too large', file(`{"a":${entry(0, 4, '[9999999999999999]')}}`, 4), 'has a header that has a number that is too large'],
    ['lists without end', file(`{"a":{"shape":${'['.repeat(100_000)}`), 'has a header that lacks a whole number'],
    ['a hole', file(`{"a":${entry(4, 8)}}`, 8), `has the data of 'a' from byte 4 to 8 and not from 0`],
    ['an overlap', file(`{"a":${entry(0, 4)},"b":${entry(0, 4)}}`, 4), `has the data of 'b' from byte 0 to 4 and not from 4`],
    ['offsets that run backwards', file(`{"a":${entry(0, 4)},"b":{"dtype":"F32","shape":[],"data_offsets":[4,0]}}`, 4), `has the data of 'b' from byte 4 to 0`],
    ['data past the end', file(`{"a":${entry(0, 8)}}`, 4), 'has arrays of 8 bytes and data of 4'],
    ['data that nobody names', file(`{"a":${entry(0, 4)}}`, 5), 'has arrays of 4 bytes and data of 5'],
    ['a shape that does not fit', file(`{"a":${entry(0, 4, '[2]')}}`, 4), `has 4 bytes for 'a' of shape (2,) and dtype float32`],
    ['a shape whose product overflows', file(`{"a":${entry(0, 0, '[4294967296,4294967296,0]')}}`), 'has 0 bytes for'],
    ['metadata that is no text', file('{"__metadata__":{"a":1}}'), 'has a header that lacks a text'],
  ])('C-3.1c: %s', (_, bytes, message) => {
    const error = thrownBy(() => decode(bytes, { file: 'f' }))
    expect(error).toMatchObject({ name: 'FormatError', code: 'ERR_FILE_FORMAT', file: 'f' })
    expect(error.message).toContain(`Invalid NDArray file format: 'f' ${message}`)
  })
})
