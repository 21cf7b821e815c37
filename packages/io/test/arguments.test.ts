import type { EncodeOptions, FileFormat } from '@ashlar/io'
import { decode, encode, encodeAsync, encodeEntries, load, loadAsync, readFile, save, saveAsync, saveEntries, writeFile } from '@ashlar/io'
import { NotImplementedError, ValueError, isAshlarError, np } from '@ashlar/core'
import { expect, test } from 'vitest'
import { thrownBy } from './support.ts'

const x = np.arange(4)

test.each([3, 'x', null, undefined, true, new Set([x]), new Float32Array(3), () => x, new Date(0), 1n])('S5.5-10a: %s is nothing to save', data => {
  const error = thrownBy(() => save('not-written', data as never))
  expect(error).toBeInstanceOf(ValueError)
  expect(error.message).toBe('[save] data needs to either be a ndarray, dict of (str, ndarray) pairs or a list of ndarrays.')
})

test.each([
  [[x, 3], 'entry 1 is 3'],
  [['a'], `entry 0 is 'a'`],
  [[[x]], 'entry 0 is [NDArray]'],
  [{ x, y: 2 }, `entry 'y' is 2`],
  [new Map<unknown, unknown>([[1, x]]), 'a name is 1'],
  [new Map<unknown, unknown>([['a', null]]), `entry 'a' is null`],
])('S5.5-10b: an entry that is no array, %#', (data, hint) => {
  const error = thrownBy(() => save('not-written', data as never))
  expect(error).toBeInstanceOf(TypeError)
  expect(isAshlarError(error)).toBe(true)
  expect(error.message).toBe(`[save] Only accepts dict str->ndarray or list of ndarrays; ${hint}`)
})

test('S5.5-10c: a file name is text', async () => {
  for (const file of [3, null, undefined, ['x-file'], new URL('file:///x-file')]) {
    for (const fn of [() => load(file as never), () => save(file as never, x), () => readFile(file as never), () => writeFile(file as never, new Uint8Array(1))]) {
      const error = thrownBy(fn)
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toContain('file required to be a string')
    }
    await expect(loadAsync(file as never)).rejects.toThrow('file required to be a string')
  }
})

test('names come once and are Unicode', () => {
  expect(() => encodeEntries('params', [['a', x], ['a', x]])).toThrow(`the name 'a' comes twice`)
  expect(() => encode('params', { '\uD800': x })).toThrow('is no valid Unicode')
  expect(() => encode('params', { '\u{1F600}': x })).not.toThrow()
})

test('what cannot be written is refused by name', async () => {
  for (const file of ['net.pt', 'NET.PTH']) {
    const error = thrownBy(() => save(file, x))
    expect(error).toBeInstanceOf(NotImplementedError)
    expect(error.message).toContain(`'${file}' asks for a PyTorch file, which can be read, not written`)
    expect(() => saveEntries(file, [['x', x]])).toThrow(NotImplementedError)
    await expect(saveAsync(file, x)).rejects.toThrow(NotImplementedError)
  }
  expect(() => encode('torch' as never, x)).toThrow(NotImplementedError)
  expect(() => encode('onnx' as never, x)).toThrow(`unknown format 'onnx'; use one of 'params', 'npy', 'npz', 'safetensors'`)
})

test.each<[FileFormat, unknown, EncodeOptions, string]>([
  ['npy', [x, x], {}, 'an .npy file holds one array, got a list of 2'],
  ['npy', [], {}, 'got a list of 0'],
  ['npy', { x }, {}, 'an .npy file holds one array, got names'],
  ['safetensors', [x], {}, 'a safetensors file holds named arrays, not a list'],
  ['safetensors', x, {}, 'a safetensors file holds named arrays, not a list'],
  ['safetensors', { __metadata__: x }, {}, `the name '__metadata__' is taken by the format`],
  ['npz', { 'a\0b': x }, {}, 'holds a zero byte'],
  ['npz', { ['n'.repeat(20_001)]: x }, {}, 'is too long for an .npz file'],
  ['params', { x }, { compress: true }, `'params' files are not compressed`],
  ['npz', { x }, { metadata: { a: 'b' } }, `'npz' files have no metadata`],
])('a %s file cannot hold that, %#', async (format, data, options, message) => {
  const error = thrownBy(() => encode(format, data as never, options))
  expect(error).toBeInstanceOf(ValueError)
  expect(error.message).toContain(message)
  await expect(encodeAsync(format, data as never, options)).rejects.toThrow(message)
})

test.each([
  [() => encode('npz', { x }, { compress: 9 as never }), 'compress is true or false, got 9'],
  [() => encode('npz', { x }, { level: 9 } as never), `unknown option 'level'; use one of compress, metadata`],
  [() => encode('npz', { x }, 'compress' as never), `expected an object of options, got 'compress'`],
  [() => encode('safetensors', { x }, { metadata: { a: 1 } as never }), 'metadata is an object of texts'],
  [() => encode('safetensors', { x }, { metadata: ['a'] as never }), 'metadata is an object of texts'],
  [() => decode(encode('params', x), { context: 'cpu' } as never), `unknown option 'context'; use one of ctx, maxBytes, file`],
  [() => load('not-there', { file: 'f' } as never), `unknown option 'file'`],
])('options that mean nothing, %#', (fn, message) => {
  const error = thrownBy(fn)
  expect(error).toBeInstanceOf(TypeError)
  expect(isAshlarError(error)).toBe(true)
  expect(error.message).toContain(message)
})

test.each([-1, NaN, '1'])('maxBytes is no %s', maxBytes => {
  expect(() => decode(encode('params', x), { maxBytes: maxBytes as never })).toThrow(ValueError)
})
