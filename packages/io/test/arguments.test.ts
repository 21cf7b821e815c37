import { encode, encodeEntries, load, loadAsync, readFile, save, saveAsync, saveEntries, writeFile } from '@ashlar/io'
import { NotImplementedError, ValueError, isAshlarError, np } from '@ashlar/core'
import { expect, test } from 'vitest'
import { thrownBy } from './support.ts'

const x = np.arange(4)

test.each([3, 'x', null, undefined, true, new Set([x]), new Float32Array(3), () => x, new Date(0), 1n])('%s is nothing to save', data => {
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
])('an entry that is no array, %#', (data, hint) => {
  const error = thrownBy(() => save('not-written', data as never))
  expect(error).toBeInstanceOf(TypeError)
  expect(isAshlarError(error)).toBe(true)
  expect(error.message).toBe(`[save] Only accepts dict str->ndarray or list of ndarrays; ${hint}`)
})

test('a file name is text', async () => {
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

test('formats to come are refused by name', async () => {
  for (const file of ['net.npz', 'net.safetensors', 'NET.NPZ']) {
    const error = thrownBy(() => save(file, x))
    expect(error).toBeInstanceOf(NotImplementedError)
    expect(error.message).toContain(`'${file}' asks for .`)
    expect(error.message).toContain('only MXNet .params files are supported so far')
    expect(() => saveEntries(file, [['x', x]])).toThrow(NotImplementedError)
    await expect(saveAsync(file, x)).rejects.toThrow(NotImplementedError)
  }
  expect(() => encode('npz' as never, x)).toThrow(NotImplementedError)
  expect(() => encode('onnx' as never, x)).toThrow(`unknown format 'onnx'`)
})

test('a safetensors file is recognised', async () => {
  const { decode } = await import('@ashlar/io')
  const header = new TextEncoder().encode('{}      ')
  const bytes = new Uint8Array(8 + header.length)
  bytes[0] = header.length
  bytes.set(header, 8)
  expect(() => decode(bytes)).toThrow('is a safetensors file')
})
