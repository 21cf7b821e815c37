import { NotImplementedError, isAshlarError } from '@ashlar/core'
import { expect, test } from 'vitest'
import * as browser from '../src/files.browser.ts'
import * as node from '../src/files.node.ts'
import { fixByteOrder } from '../src/params-format.ts'
import { thrownBy } from './support.ts'

test('the two file modules offer the same functions', () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort())
})

test('without files the way out is named', async () => {
  for (const fn of [() => browser.readBytes('f', 'load'), () => browser.writeBytes('f', new Uint8Array(1), 'save')]) {
    const error = thrownBy(fn)
    expect(error).toBeInstanceOf(NotImplementedError)
    expect(error.message).toContain('use encode() and decode()')
  }
  for (const later of [browser.readBytesAsync('f', 'loadAsync'), browser.writeBytesAsync('f', new Uint8Array(1), 'saveAsync')]) {
    expect(await later.catch((error: unknown) => isAshlarError(error) && error.hint)).toContain('encode()')
  }
})

test('machines of the other byte order turn elements round', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  fixByteOrder(bytes, 4, false)
  expect([...bytes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5])
  fixByteOrder(bytes, 8, true)
  fixByteOrder(bytes, 1, false)
  expect([...bytes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5])
})
