import { FormatError, decode, encode } from '@ashlar/io'
import { isAshlarError, np } from '@ashlar/core'
import { describe, expect, test } from 'vitest'
import { golden, hex, thrownBy } from './support.ts'

/** Reads bytes that may be damaged: they give arrays that can be used, or an error of ours. */
function outcome(bytes: Uint8Array): 'read' | Error {
  try {
    for (const x of Object.values(decode(bytes, { file: 'f' }))) x.toTypedArray()
    return 'read'
  } catch (error) {
    if (!isAshlarError(error)) throw error
    return error
  }
}

function patched(bytes: Uint8Array, offset: number, patch: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy.set(patch.subarray(0, bytes.length - offset), offset)
  return copy
}

const SMALL = ['x-files', 'mydict', 'legacy-one', 'scalar', 'csr', 'row_sparse', 'dtypes']

describe.each(SMALL)('%s', name => {
  const bytes = golden(name)

  test('cut short anywhere', () => {
    for (let end = 0; end < bytes.length; end++) {
      const error = outcome(bytes.subarray(0, end))
      expect(error, `${end} bytes`).toBeInstanceOf(FormatError)
      expect((error as Error).message).toContain(`Invalid NDArray file format: 'f' `)
      expect((error as FormatError).offset).toBeLessThanOrEqual(end)
    }
  })

  test('hostile values at every place', () => {
    const values = ['ffffffff', 'ffffff7f', '00000080', '01000000', '00000000', '21000000', '20000000', 'ffffffffffffffff', 'ffffffffffffff7f', '0000000000000080', '0000000001000000', 'ffffffffffff1f00', 'c8fa93f9', 'c9fa93f9', 'cafa93f9', '02000000', 'feffffff']
    for (let offset = 0; offset < bytes.length; offset++) for (const value of values) outcome(patched(bytes, offset, hex(value)))
  })

  test('random flips', () => {
    // A generator of its own, so that a failure comes again: Numerical Recipes' linear congruence.
    let seed = 20
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    for (let round = 0; round < 3000; round++) {
      const copy = bytes.slice()
      for (let flips = 1 + next(4); flips > 0; flips--) copy[next(copy.length)]! ^= 1 << next(8)
      outcome(copy)
    }
  })
})

const X = golden('x-file')
const D = golden('mydict')

test.each([
  ['an empty file', new Uint8Array(0), 'is empty (at byte 0)'],
  ['another mark', patched(X, 0, hex('13')), 'does not start with the mark of a parameter file (at byte 0)'],
  ['text where the mark should be', new TextEncoder().encode('some text, not a file of ours'), 'does not start with the mark of a parameter file (at byte 0)'],
  ['the reserved field', patched(X, 8, hex('01')), 'uses the reserved field, so something newer wrote it (at byte 8)'],
  ['far too many arrays', patched(X, 16, hex('ffffffffff')), 'says that it has 1099511627775 arrays, which cannot be in 56 bytes (at byte 16)'],
  ['an impossible count', patched(X, 16, hex('ffffffffffffffff')), 'has an impossible number of arrays, 18446744073709551615 (at byte 16)'],
  ['another record mark', patched(X, 24, hex('cbfa93f9')), 'has an unknown mark 0xf993facb at array 0 (at byte 24)'],
  ['a storage type', patched(X, 28, hex('03')), 'has an unknown storage type 3 at array 0 (at byte 28)'],
  ['too many dimensions', patched(X, 32, hex('21')), 'has 33 dimensions at array 0, 0 to 32 are possible (at byte 32)'],
  ['-2 dimensions', patched(X, 32, hex('feffffff')), 'has -2 dimensions at array 0, 0 to 32 are possible (at byte 32)'],
  ['a huge extent', patched(X, 36, hex('00000080')), `has an impossible extent 2147483648 in array 0's shape (at byte 36)`],
  ['more elements than bytes', patched(X, 36, hex('ffffff7f')), `ends where 8589934588 bytes of array 0's data of shape (2147483647,) and dtype float32 should be (at byte 56)`],
  ['an unknown dtype', patched(X, 52, hex('0d')), `has an unknown code 13 for array 0's dtype (at byte 52)`],
  ['a name too many', patched(X, 72, hex('02')), 'has 2 names for 1 arrays (at byte 72)'],
  ['a name too long', patched(D, 128, hex('ff')), 'ends where 255 bytes of name 0 should be (at byte 136)'],
  ['a name twice', patched(D, 145, hex('78')), `has the name 'x' twice (at byte 137)`],
  ['a name that is no UTF-8', patched(D, 145, hex('ff')), 'has name 1 that is not valid UTF-8 (at byte 145)'],
  ['bytes after the end', hex(`${Buffer.from(X).toString('hex')}0000`), 'goes on for 2 bytes after its end (at byte 80)'],
])('C-1.8: %s is told with its place', (_, bytes, message) => {
  const error = thrownBy(() => decode(bytes, { file: 'f' }))
  expect(error).toBeInstanceOf(FormatError)
  expect(error.message).toBe(`[decode] Invalid NDArray file format: 'f' ${message}`)
  expect(error).toMatchObject({ code: 'ERR_FILE_FORMAT', file: 'f', name: 'FormatError' })
})

test('a shape whose product overflows', () => {
  const bytes = encode('params', np.zeros(new Array<number>(32).fill(1)))
  for (let axis = 0; axis < 32; axis++) bytes.set(hex('ffffff7f'), 36 + 8 * axis)
  expect(thrownBy(() => decode(bytes)).message).toContain('Invalid NDArray file format: the bytes ends where')
})

test('a negative extent in a file of version 2', () => {
  const bytes = patched(golden('legacy-one'), 36, hex('ffffffffffffffff'))
  expect(thrownBy(() => decode(bytes)).message).toContain(`has an impossible extent -1 in array 0's shape`)
})

test('no bytes at all', () => {
  expect(() => decode('x-file' as never)).toThrow(TypeError)
})
