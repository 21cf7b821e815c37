import { decode, decodeEntries, encode, encodeAsync, encodeEntries } from '@ashlar/io'
import type { DType, NDArray } from '@ashlar/core'
import { Context, DTYPES, array, fromTypedArray, np } from '@ashlar/core'
import { expect, test } from 'vitest'
import { bitsOf } from './support.ts'

const dtypes = Object.keys(DTYPES) as DType[]
const shapes = [[], [1], [7], [2, 3], [0], [0, 3], [3, 0, 2], [1, 2, 3, 4], [2, 1, 1, 1, 1, 1, 1, 3], new Array<number>(32).fill(1)]

/** Every element another one, with the limits of the dtype among them. */
function sample(dtype: DType, shape: readonly number[]): NDArray {
  const size = shape.reduce((a, b) => a * b, 1)
  const values = Array.from({ length: size }, (_, i) => (dtype === 'bool' ? i % 2 : DTYPES[dtype].signed ? (i % 2 === 0 ? -i : i) : i))
  if (dtype === 'float32' && size > 4) values.splice(0, 5, NaN, Infinity, -Infinity, -0, 2 ** -149)
  return array(values, { dtype }).reshape(shape)
}

test.each(dtypes)('%s of every rank', dtype => {
  const arrays = shapes.map(shape => sample(dtype, shape))
  const again = decode(encode('params', arrays))
  expect(again.map(bitsOf)).toEqual(arrays.map(bitsOf))
})

test('C-1.3: the limits of 64-bit integers', () => {
  const signed = fromTypedArray(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n), [2], 'int64')
  const unsigned = fromTypedArray(BigUint64Array.of(0n, 2n ** 64n - 1n), [2], 'uint64')
  const [a, b] = decode(encode('params', [signed, unsigned]))
  expect(a!.tolist()).toEqual([-(2n ** 63n), 2n ** 63n - 1n])
  expect(b!.tolist()).toEqual([0n, 2n ** 64n - 1n])
})

test('C-1.10: names keep their text and, as entries, their order', () => {
  const names = ['2', '', '1', 'a.b c', '__proto__', 'toString', 'ü😀', '\uFEFFmark', 'line\nbreak', '0.weight']
  const bytes = encodeEntries('params', names.map((name, i) => [name, np.zeros([i])]))
  const entries = decodeEntries(bytes)
  expect(entries.names).toEqual(names)
  expect(entries.arrays.map(x => x.shape[0])).toEqual(names.map((_, i) => i))
  const object = decode(bytes)
  expect(new Set(Object.keys(object))).toEqual(new Set(names))
  names.forEach((name, i) => expect(Object.getOwnPropertyDescriptor(object, name)?.value.shape).toEqual([i]))
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
})

test('what was loaded does not share memory with the bytes', () => {
  const bytes = encode('params', np.arange(4))
  const [x] = decode(bytes)
  bytes.fill(255)
  expect(x!.tolist()).toEqual([0, 1, 2, 3])
})

test('bytes may be a part of a buffer, or an ArrayBuffer', () => {
  const bytes = encode('params', { x: np.arange(4) })
  const larger = new Uint8Array(bytes.length + 13)
  larger.set(bytes, 5)
  expect(decode(larger.subarray(5, 5 + bytes.length))['x']!.tolist()).toEqual([0, 1, 2, 3])
  expect(decode(bytes.buffer as ArrayBuffer)['x']!.tolist()).toEqual([0, 1, 2, 3])
})

test('an array is written as it is at the call', async () => {
  const x = np.zeros(2)
  const pending = encodeAsync('params', x)
  x.iadd(1)
  expect(decode(await pending)[0]!.tolist()).toEqual([0, 0])
  expect(decode(await encodeAsync('params', { x }))['x']!.tolist()).toEqual([1, 1])
})

test('C-1.8: contexts: the recorded one, the one asked for, or host memory', () => {
  const bytes = encode('params', np.ones([2], { ctx: new Context('cpu', 3) }))
  expect(String(decode(bytes)[0]!.context)).toBe('cpu(3)')
  expect(String(decode(bytes, { ctx: new Context('cpu', 1) })[0]!.context)).toBe('cpu(1)')
  const gpu = bytes.slice()
  gpu[24 + 4 + 4 + 4 + 8] = 2
  expect(String(decode(gpu)[0]!.context)).toBe('cpu(0)')
})
