import { decode, decodeEntries, encode, load, save, savez } from '@ashlar/io'
import type { DType, NDArray } from '@ashlar/core'
import { NotImplementedError, array, isNDArray, np } from '@ashlar/core'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bitsOf, golden, hex, manifest, scratchFolder, thrownBy } from './support.ts'
import type { GoldenArray } from './support.ts'

const CODES: Record<string, DType> = {
  f4: 'float32', f8: 'float64', f2: 'float16', u1: 'uint8', i1: 'int8', i2: 'int16', i4: 'int32', i8: 'int64', u2: 'uint16', u4: 'uint32', u8: 'uint64',
}
/** All elements, in C order. */
const flat = (x: NDArray): number[] => ([x.tolist()] as unknown[]).flat(9).map(Number)
const numpy = (name: string): Uint8Array => golden(`numpy/${name}`)
/** The bytes of a `.npy` file with that header and those data. */
function npy(header: string, data = '', version = 1): Uint8Array {
  const text = Buffer.from(header)
  const length = version === 1 ? Buffer.from(Uint16Array.of(text.length).buffer) : Buffer.from(Uint32Array.of(text.length).buffer)
  return new Uint8Array(Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]), length, text, hex(data)]))
}
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

describe('.npy', () => {
  test.each(Object.entries(CODES))('C-2.1a: %s of NumPy is read and written byte for byte', (code, dtype) => {
    const x = decode(numpy(`${code}.npy`))
    expect(isNDArray(x)).toBe(true)
    expect([x.dtype, x.shape]).toEqual([dtype, [2, 3]])
    expect(flat(x)).toEqual([0, 1, 2, 3, 100, 127])
    expect(textOf(encode('npy', x))).toBe(textOf(numpy(`${code}.npy`)))
  })

  test.each<[string, DType, number[], unknown]>([
    ['b1', 'bool', [3], [true, false, true]],
    ['scalar', 'float32', [], 2.5],
    ['empty', 'float32', [0, 3], []],
    ['limits', 'int64', [3], [-(2n ** 63n), 2n ** 63n - 1n, 0n]],
  ])('%s: bools, scalars, nothing, the largest integers', (name, dtype, shape, values) => {
    const x = decode(numpy(`${name}.npy`))
    expect([x.dtype, x.shape, x.tolist()]).toEqual([dtype, shape, values])
    expect(textOf(encode('npy', x))).toBe(textOf(numpy(`${name}.npy`)))
  })

  test('C-2.1b: big endian, and the first axis running fastest', () => {
    expect(decode(numpy('big-endian.npy')).tolist()).toEqual([1.5, -2.25, Math.fround(1e30)])
    const x = decode(numpy('fortran.npy'))
    expect(x.shape).toEqual([2, 3, 4])
    expect(flat(x)).toEqual(Array.from({ length: 24 }, (_, i) => i))
    const both = decode(numpy('fortran-big-endian.npy'))
    expect([both.dtype, both.tolist()]).toEqual(['int16', [[0, 1, 2], [3, 4, 5]]])
  })

  test('Q-11: headers of versions 2 and 3', () => {
    for (const version of [2, 3]) expect(decode(numpy(`version-${version}.npy`)).tolist()).toEqual([0, 1, 2])
    expect(decode(npy(`{'descr': '<i2', 'fortran_order': False, 'shape': (1,), }${' '.repeat(1000)}\n`, '0700')).tolist()).toEqual([7])
  })

  test('C-2.1c: keys in any order, other quotes, blanks, longs of Python 2, no comma at the end', () => {
    const x = decode(npy(`  { "shape":(2L , 1L),'fortran_order' : False,"descr":'<i2'}\n`, '0100 0200'))
    expect([x.dtype, x.tolist()]).toEqual(['int16', [[1], [2]]])
    expect(decode(npy(`{'descr': '=f4', 'fortran_order': True, 'shape': [1]}`, '0000803f')).tolist()).toEqual([1])
  })

  test('bfloat16 goes as MXNet 2 writes it', () => {
    const x = array([1, -2], { dtype: 'bfloat16' })
    const bytes = encode('npy', x)
    expect(textOf(bytes)).toContain(`{'descr': [('bfloat16', '<u2')], 'fortran_order': False, 'shape': (2,), }`)
    expect(bytes.length).toBe(128 + 4)
    expect(bitsOf(decode(bytes))).toBe(bitsOf(x))
  })

  test.each([
    ['objects', `'f' holds Python objects, which would run code to be read`],
    ['complex', `'f' holds elements of type '<c16', which arrays cannot hold`],
    ['record', `'f' holds a record of several fields`],
  ])('C-2.1d: %s are refused by what they are', (name, message) => {
    const error = thrownBy(() => decode(numpy(`${name}.npy`), { file: 'f' }))
    expect(error).toBeInstanceOf(NotImplementedError)
    expect(error.message).toContain(message)
  })

  const ok = `'fortran_order': False, 'shape': (1,)`
  test.each([
    ['an unknown version', npy(`{'descr': '<f4', ${ok}}`, '00000000', 4), 'is of an unknown version 4 (at byte 6)'],
    ['no text', npy(`{'descr': '<f4', ${ok}`), 'has a header that is no dictionary of descr, fortran_order and shape'],
    ['text after the end', npy(`{'descr': '<f4', ${ok}} 1`, '00000000'), 'has a header that is no dictionary'],
    ['code', npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (1+1,)}`), 'has a header that is no dictionary'],
    ['a key twice', npy(`{'descr': '<f4', 'descr': '<f4', ${ok}}`), 'has a header that is no dictionary'],
    ['another key', npy(`{'descr': '<f4', ${ok}, 'x': 1}`), `has an unknown key 'x' in its header (at byte 10)`],
    ['no dtype', npy(`{${ok}}`), 'has no dtype in its header'],
    ['no order', npy(`{'descr': '<f4', 'shape': ()}`), 'has no fortran_order in its header'],
    ['no shape', npy(`{'descr': '<f4', 'fortran_order': False, 'shape': 1}`), 'has no possible shape in its header'],
    ['an extent that is no number', npy(`{'descr': '<f4', 'fortran_order': False, 'shape': ('a',)}`), 'has no possible shape'],
    ['a huge extent', npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,)}`), 'has no possible shape'],
    ['33 dimensions', npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (${'1, '.repeat(33)})}`), 'has 33 dimensions'],
    ['lists without end', npy(`{'descr': ${'['.repeat(9000)}`), 'has a header that is no dictionary'],
    ['more elements than bytes', npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2)}`), 'ends where 34359738352 bytes of data of shape (2147483647, 2) and dtype float64 should be'],
    ['bytes after the end', npy(`{'descr': '<f4', ${ok}}`, '0000000000'), 'goes on for 1 bytes after its end'],
    ['a header past the end', numpy('f4.npy').slice(0, 40), 'ends where 118 bytes of the header should be (at byte 10)'],
  ])('%s is told with its place', (_, bytes, message) => {
    const error = thrownBy(() => decode(bytes, { file: 'f' }))
    expect(error).toMatchObject({ name: 'FormatError', code: 'ERR_FILE_FORMAT', file: 'f' })
    expect(error.message).toContain(`Invalid NDArray file format: 'f' ${message}`)
  })
})

const expectEntries = (names: string[]): unknown => expect.objectContaining({ format: 'npz', names, metadata: null })

describe('.npz', () => {
  test.each(['stored', 'packed'])('C-2.2a: %s by NumPy, with any names', name => {
    const entries = decodeEntries(numpy(`${name}.npz`))
    expect(entries).toEqual(expectEntries(['0.weight', '0.bias', 'a/b c', 'größe', ...(name === 'packed' ? ['zeros'] : [])]))
    const [weight, bias, scalar, half, zeros] = entries.arrays
    expect([weight, bias, scalar, half].map(x => [x!.dtype, x!.tolist()])).toEqual([['float32', [[0, 1, 2], [3, 4, 5]]], ['float32', [0, 0]], ['int64', 7n], ['float16', [1, 2]]])
    if (name === 'packed') expect([zeros!.shape, zeros!.sum().item()]).toEqual([[100, 100], 0])
  })

  test('lists have the names arr_0, arr_1, …; an empty archive is an empty object', () => {
    expect(decode(numpy('list.npz'))).toEqual({ arr_0: expect.anything(), arr_1: expect.anything() })
    expect(decode(numpy('none.npz'))).toEqual({})
    expect(decodeEntries(encode('npz', [np.arange(2), np.ones(1)])).names).toEqual(['arr_0', 'arr_1'])
    expect(Buffer.from(encode('npz', {})).equals(numpy('none.npz'))).toBe(true)
  })

  test('C-2.2b: what is written lies as ZIP says, with NumPy\'s bytes inside', () => {
    const x = decode(numpy('f4.npy'))
    const bytes = encode('npz', { '0.weight': x })
    const view = new DataView(bytes.buffer)
    const member = numpy('f4.npy')
    // The specification's local header: mark, method 0, sizes, the length of the name, the name, the data.
    expect(view.getUint32(0, true)).toBe(0x04034b50)
    expect(view.getUint16(8, true)).toBe(0)
    expect([view.getUint32(18, true), view.getUint32(22, true)]).toEqual([member.length, member.length])
    const name = view.getUint16(26, true)
    expect(textOf(bytes.subarray(30, 30 + name))).toBe('0.weight.npy')
    const start = 30 + name + view.getUint16(28, true)
    expect(textOf(bytes.subarray(start, start + member.length))).toBe(textOf(member))
    expect(textOf(encode('npz', { '0.weight': x }))).toBe(textOf(bytes))
  })

  test.each([false, true])('every dtype and name comes back, packed: %s', compress => {
    const names = ['2', '1', '', 'a.b', '__proto__', 'x/y', 'ü😀', 'toString']
    const arrays = new Map(names.map((name, i) => [name, np.arange(i + 100).reshape([1, -1])]))
    const again = decodeEntries(encode('npz', arrays, { compress }))
    expect(again.names).toEqual(names)
    expect(again.arrays.map(bitsOf)).toEqual([...arrays.values()].map(bitsOf))
    const zeros = { x: np.zeros([1000]) }
    expect(encode('npz', zeros, { compress }).length < 1000).toBe(compress)
  })

  test('C-2.3d: sparse arrays of MXNet 2 are refused by name', () => {
    const bytes = encode('npz', { 'w/data': np.ones(1), 'w/format': np.ones(1) })
    expect(() => decode(bytes, { file: 'f' })).toThrow(`entry 'w' of 'f' is a sparse array`)
    expect(() => decode(bytes)).toThrow(NotImplementedError)
  })
})

describe('MXNet 2 and savez', () => {
  const folder = scratchFolder()

  test.each(['v2-x-file', 'v2-bool.npy', 'v2-f16.npy', 'v2-i64.npy', 'v2-scalar.npy'])('C-2.3a: %s is one array', name => {
    const expected = manifest[name]!.contents as unknown as GoldenArray
    const x = decode(golden(name))
    expect([x.dtype, x.shape]).toEqual([expected.dtype, expected.shape])
    expect(flat(x)).toEqual(expected.data!.map(Number))
  })

  test('C-2.3b: v2-net.params is an .npz, whatever it is called', () => {
    const { format, names, arrays } = decodeEntries(golden('v2-net.params'))
    const expected = manifest['v2-net.params']!.contents as Record<string, GoldenArray>
    expect(format).toBe('npz')
    expect(names).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
    names!.forEach((name, i) => expect([arrays[i]!.shape, flat(arrays[i]!)]).toEqual([expected[name]!.shape, expected[name]!.data]))
  })

  test('C-2.3c: savez(file, …arrays, { names })', () => {
    const file = join(folder, 'z')
    savez(file, np.arange(2), np.ones(1), { w: np.zeros(3) })
    expect(load(file)).toEqual({ arr_0: expect.anything(), arr_1: expect.anything(), w: expect.anything() })
    savez(file)
    expect(load(file)).toEqual({})
    savez(file, { a: np.ones(1) })
    expect(Object.keys(load(file))).toEqual(['a'])
    expect(() => savez(file, np.ones(1), { arr_0: np.ones(1) })).toThrow(`the name 'arr_0' comes twice`)
    expect(() => savez(file, 3 as never)).toThrow(TypeError)
    expect(() => savez(3 as never)).toThrow('file required to be a string')
    expect(Object.keys(load(file))).toEqual(['a'])
  })

  test('C-2.4: the extension picks the format, and does not matter for reading', () => {
    const x = np.arange(4)
    for (const [name, mark] of [['a.npy', '\x93NUMPY'], ['A.NPZ', 'PK\x03\x04'], ['a.params', '\x12\x01'], ['a', '\x12\x01'], ['a.npz.bak', '\x12\x01']] as const) {
      save(join(folder, name), x)
      expect(textOf(readFileSync(join(folder, name))).startsWith(mark)).toBe(true)
    }
    save(join(folder, 'b.safetensors'), { x })
    expect(load(join(folder, 'b.safetensors'))['x']!.tolist()).toEqual([0, 1, 2, 3])
    const one = load(join(folder, 'a.npy'))
    expect([isNDArray(one), Array.isArray(one), one.tolist()]).toEqual([true, false, [0, 1, 2, 3]])
    expect(decodeEntries(readFileSync(join(folder, 'a.npy')))).toMatchObject({ format: 'npy', names: null, arrays: [expect.anything()] })
  })
})
