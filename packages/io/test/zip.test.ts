import { decode, encode } from '@ashlar/io'
import { NotImplementedError, np } from '@ashlar/core'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { crc32 } from '../src/crc32.ts'
import { thrownBy } from './support.ts'

const STORED = encode('npz', { x: np.arange(4) })
const PACKED = encode('npz', { x: np.zeros(1000) }, { compress: true })
const end = (bytes: Uint8Array): number => bytes.length - 22
const central = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(end(bytes) + 16, true)

/** The archive with other numbers: places count from the start, the central directory (`c`) or the end record (`e`). */
function changed(bytes: Uint8Array, ...changes: [where: 's' | 'c' | 'e', offset: number, width: 1 | 2 | 4, value: number][]): Uint8Array {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  for (const [where, offset, width, value] of changes) {
    const at = offset + { s: 0, c: central(bytes), e: end(bytes) }[where]
    if (width === 4) view.setUint32(at, value, true)
    else if (width === 2) view.setUint16(at, value, true)
    else view.setUint8(at, value)
  }
  return copy
}

test('checksums are those of the ZIP specification', () => {
  // The check value that every catalogue of CRCs gives for CRC-32.
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array(0))).toBe(0)
})

describe('the central directory is believed no more than the bytes', () => {
  test.each([
    ['cut short', STORED.slice(0, -1), 'starts as a ZIP archive and lacks its end record: it is cut short'],
    ['only its first bytes', STORED.slice(0, 4), 'lacks its end record'],
    ['a part of several', changed(STORED, ['e', 4, 2, 1]), 'is one part of several'],
    ['more members than bytes', changed(STORED, ['e', 8, 2, 9], ['e', 10, 2, 9]), 'says that it has 9 members, which cannot be in a directory of'],
    ['fewer members', changed(STORED, ['e', 8, 2, 0], ['e', 10, 2, 0]), 'has a directory that goes on for'],
    ['a directory past the end', changed(STORED, ['e', 16, 4, 0x7fffffff]), 'which does not end before its end record'],
    ['a directory elsewhere', changed(STORED, ['e', 16, 4, 1]), 'has no member where its directory should have one (at byte 1)'],
    ['64-bit records that are not there', changed(STORED, ['e', 8, 2, 0xffff], ['e', 10, 2, 0xffff]), 'lacks the 64-bit end record that its sizes ask for'],
    ['64-bit sizes that are not there', changed(STORED, ['c', 24, 4, 0xffffffff]), 'lacks the 64-bit extra field that its sizes ask for'],
    ['a member that is elsewhere', changed(STORED, ['c', 42, 4, 1]), `has no member where 'x.npy' should be`],
    ['a member past the end', changed(STORED, ['c', 42, 4, 0x7fffffff]), `says that 'x.npy' lies at byte 2147483647, past its end`],
    ['more bytes than there are', changed(STORED, ['c', 20, 4, 999], ['c', 24, 4, 999]), `says that 'x.npy' has 999 bytes, which are not there`],
    ['two sizes', changed(STORED, ['c', 24, 4, 999]), `says that 'x.npy' is stored as 144 bytes and has 999`],
    ['two names', changed(STORED, ['s', 30, 1, 0x79]), `has another name for 'x.npy' in its header`],
    ['a flipped bit', changed(STORED, ['s', 30 + 5 + 130, 1, 1]), `has a member 'x.npy' that does not match its checksum: it is damaged (at byte 35)`],
    ['a flipped bit of packed bytes', changed(PACKED, ['s', 30 + 5 + 40, 1, 0xff]), `has a member 'x.npy' that`],
    ['a size that packing cannot reach', changed(PACKED, ['c', 24, 4, 0x7fffffff]), `to 2147483647, which is impossible`],
    ['a smaller size', changed(PACKED, ['c', 24, 4, 100]), `has a member 'x.npy' that does not match its checksum`],
    ['a larger size', changed(PACKED, ['c', 24, 4, 4200]), `has a member 'x.npy' that cannot be unpacked to 4200 bytes`],
    ['no array inside', zipSync({ 'x.npy': new Uint8Array(3) }), `has a member 'x.npy', which does not start with the mark of a .npy file`],
    ['no array at all', zipSync({ 'readme.txt': new Uint8Array(3) }), `has a member 'readme.txt' that is no .npy file`],
  ])('C-2.2c: %s', (_, bytes, message) => {
    const error = thrownBy(() => decode(bytes as Uint8Array, { file: 'f' }))
    expect(error).toMatchObject({ name: 'FormatError', code: 'ERR_FILE_FORMAT', file: 'f' })
    expect(error.message).toContain(message)
    expect(error.message).toContain(`'f'`)
  })

  test.each([
    ['encrypted', changed(STORED, ['c', 8, 2, 1]), 'is encrypted'],
    ['packed by another method', changed(STORED, ['c', 10, 2, 14]), 'is packed by method 14'],
  ])('%s members cannot be read', (_, bytes, message) => {
    const error = thrownBy(() => decode(bytes))
    expect(error).toBeInstanceOf(NotImplementedError)
    expect(error.message).toContain(message)
  })

  test('a comment behind the end record', () => {
    const bytes = new Uint8Array(STORED.length + 3)
    bytes.set(changed(STORED, ['e', 20, 2, 3]))
    expect(decode(bytes)['x']!.tolist()).toEqual([0, 1, 2, 3])
  })

  test('members whose sizes and places need 64 bits', () => {
    // The directory's entry gets an extra field of kind 1 with size, packed size and place.
    const at = central(STORED)
    const wide = changed(STORED, ['c', 20, 4, 0xffffffff], ['c', 24, 4, 0xffffffff], ['c', 42, 4, 0xffffffff], ['c', 30, 2, 28])
    const extra = Buffer.concat([Buffer.from(Uint16Array.of(1, 24).buffer), Buffer.from(BigUint64Array.of(144n, 144n, 0n).buffer)])
    const bytes = new Uint8Array(Buffer.concat([wide.slice(0, end(STORED)), extra, wide.slice(end(STORED))]))
    new DataView(bytes.buffer).setUint32(end(bytes) + 12, end(bytes) - at, true)
    expect(decode(bytes)['x']!.tolist()).toEqual([0, 1, 2, 3])
    expect(() => decode(changed(bytes, ['c', 46 + 5 + 2, 2, 8]))).toThrow('has a 64-bit extra field that is too short')
    expect(() => decode(changed(bytes, ['c', 46 + 5, 2, 2]))).toThrow('lacks the 64-bit extra field that its sizes ask for')
  })
})

describe('bombs', () => {
  test('C-2.2d: members that share their bytes are refused', () => {
    const two = encode('npz', { x: np.zeros(4), y: np.zeros(4) })
    const at = central(two)
    const second = at + 46 + 5
    const bytes = changed(two, ['s', second + 42, 4, 0], ['s', second + 46, 1, 0x78])
    expect(() => decode(bytes)).toThrow(`has the member 'x.npy' twice`)
    // Overlap without the same name: the second member starts within the first.
    const header = two.slice(new DataView(two.buffer).getUint32(second + 42, true))
    const inner = two.slice()
    inner.set(header.subarray(0, 35), 60)
    new DataView(inner.buffer).setUint32(second + 42, 60, true)
    expect(() => decode(inner)).toThrow(`has members that overlap at 'y.npy'`)
  })

  test('what packs well is allowed up to a limit, which can be set', () => {
    const bytes = encode('npz', { x: np.zeros(100_000) }, { compress: true })
    expect(bytes.length).toBeLessThan(2000)
    expect(decode(bytes)['x']!.size).toBe(100_000)
    const error = thrownBy(() => decode(bytes, { maxBytes: 100_000, file: 'f' }))
    expect(error.message).toMatch(/'f' unpacks to 400128 bytes or more, and 100000 are allowed for its size .*; where you trust it, allow more by \{ maxBytes \}/)
  })

  test('an archive that says that it unpacks to gigabytes is refused before anything is unpacked', () => {
    const members = new Uint8Array(3_000_000)
    const large = zipSync({ 'x.npy': members, 'y.npy': members }, { level: 9 })
    expect(large.length).toBeLessThan(10_000)
    expect(() => decode(large as Uint8Array, { maxBytes: 5_000_000 })).toThrow('unpacks to 6000000 bytes or more')
  })
})
