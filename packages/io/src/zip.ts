import { NotImplementedError } from '@ashlar/core'
import type { Source } from './errors.ts'
import { nameOf } from './errors.ts'
import { Reader } from './reader.ts'

/** One file of an archive, as the central directory tells it. */
export interface Member {
  readonly name: string
  /** Packed with DEFLATE, rather than stored as it is. */
  readonly deflated: boolean
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Where its local header lies, and where its bytes start. */
  readonly header: number
  readonly start: number
}

const END = 0x06054b50
const END_SIZE = 22
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const LOCATOR64_SIZE = 20
const CENTRAL = 0x02014b50
const CENTRAL_SIZE = 46
const LOCAL = 0x04034b50
const LOCAL_SIZE = 30
const MAX16 = 0xffff
const MAX32 = 0xffffffff

interface Directory {
  readonly count: number
  readonly size: number
  readonly start: number
}

/**
 * The members of a ZIP archive in the order of its central directory, all of them within the archive and none over another.
 * Sizes in local headers are not read: writers that stream leave them empty.
 */
export function readMembers(bytes: Uint8Array, source: Source): Member[] {
  const reader = new Reader(bytes, source)
  const end = findEnd(reader)
  const { count, size, start } = readEnd(reader, end)
  if (start + size > end) reader.fail(`has a directory of ${size} bytes from byte ${start}, which does not end before its end record`, end)
  if (count * CENTRAL_SIZE > size) reader.fail(`says that it has ${count} members, which cannot be in a directory of ${size} bytes`, end)
  reader.offset = start
  const members = Array.from({ length: count }, () => readMember(reader, start, start + size))
  if (reader.offset !== start + size) reader.fail(`has a directory that goes on for ${start + size - reader.offset} bytes after its last member`)
  checkApart(reader, members)
  return members
}

/** The end record is the last thing in the file, but for a comment whose length it tells. */
function findEnd(reader: Reader): number {
  const { length } = reader.bytes
  for (let at = length - END_SIZE; at >= Math.max(0, length - END_SIZE - MAX16); at--) {
    // Most places are ruled out by one byte.
    if (reader.bytes[at] !== 0x50) continue
    reader.offset = at
    if (reader.uint32('the end record') !== END) continue
    reader.offset = at + 20
    if (at + END_SIZE + reader.uint16('the length of the comment') === length) return at
  }
  return reader.fail('starts as a ZIP archive and lacks its end record: it is cut short', length)
}

function readEnd(reader: Reader, end: number): Directory {
  reader.offset = end + 4
  const disks = [reader.uint16('disk'), reader.uint16('disk')]
  const counts = [reader.uint16('number of members'), reader.uint16('number of members')]
  const size = reader.uint32('size of the directory')
  const start = reader.uint32('start of the directory')
  if (disks[0] !== disks[1] || counts[0] !== counts[1]) reader.fail('is one part of several', end)
  if (counts[0] !== MAX16 && size !== MAX32 && start !== MAX32) return { count: counts[0]!, size, start }
  return readEnd64(reader, end)
}

function readEnd64(reader: Reader, end: number): Directory {
  const locator = end - LOCATOR64_SIZE
  reader.offset = Math.max(0, locator)
  if (locator < 0 || reader.uint32('the locator of the 64-bit end record') !== LOCATOR64) reader.fail('lacks the 64-bit end record that its sizes ask for', end)
  reader.skip(4, 'disk')
  const at = reader.uint64('place of the 64-bit end record')
  if (at > locator) reader.fail(`has an impossible place of its 64-bit end record, ${at}`, locator + 8)
  reader.offset = at
  if (reader.uint32('the 64-bit end record') !== END64) reader.fail('has no 64-bit end record where it should be', at)
  reader.skip(28, 'the 64-bit end record')
  return { count: reader.uint64('number of members'), size: reader.uint64('size of the directory'), start: reader.uint64('start of the directory') }
}

function readMember(reader: Reader, limit: number, end: number): Member {
  const at = reader.offset
  if (at + CENTRAL_SIZE > end) reader.fail('has a directory that ends within a member', at)
  if (reader.uint32('the mark of a member') !== CENTRAL) reader.fail('has no member where its directory should have one', at)
  reader.skip(4, 'versions')
  const flags = reader.uint16('flags')
  const method = reader.uint16('method')
  reader.skip(4, 'time')
  const crc = reader.uint32('checksum')
  const sizes = [reader.uint32('packed size'), reader.uint32('size')]
  const lengths = [reader.uint16('length of the name'), reader.uint16('length of the extra field'), reader.uint16('length of the comment')]
  reader.skip(8, 'disk and attributes')
  const header = reader.uint32('place of the member')
  const name = reader.text(lengths[0]!, 'the name of a member')
  const fields = reader.offset
  reader.skip(lengths[1]! + lengths[2]!, 'the end of a member')
  const next = reader.offset
  if (next > end) reader.fail('has a directory that ends within a member', at)
  if ((flags & 1) !== 0) throw new NotImplementedError(`member '${name}' of ${nameOf(reader.source)} is encrypted`, { op: reader.source.op })
  if (method !== 0 && method !== 8) throw new NotImplementedError(`member '${name}' of ${nameOf(reader.source)} is packed by method ${method}`, { op: reader.source.op, hint: 'stored and deflated members can be read' })
  const [size, packedSize, place] = widen(reader, [sizes[1]!, sizes[0]!, header], fields, fields + lengths[1]!)
  if (method === 0 && size !== packedSize) reader.fail(`says that '${name}' is stored as ${packedSize} bytes and has ${size}`, at)
  const start = dataStart(reader, place!, name, lengths[0]!)
  if (start + packedSize! > limit) reader.fail(`says that '${name}' has ${packedSize} bytes, which are not there`, at)
  reader.offset = next
  return { name, deflated: method === 8, crc, packedSize: packedSize!, size: size!, header: place!, start }
}

/** Takes what does not fit in 32 bits from the extra field of the 64-bit form. */
function widen(reader: Reader, values: readonly number[], from: number, to: number): number[] {
  if (values.every(value => value !== MAX32)) return [...values]
  for (reader.offset = from; reader.offset + 4 <= to;) {
    const kind = reader.uint16('kind of extra field')
    const size = reader.uint16('size of extra field')
    const next = reader.offset + size
    if (next > to) break
    if (kind === 1) {
      return values.map(value => {
        if (value !== MAX32) return value
        if (reader.offset + 8 > next) reader.fail('has a 64-bit extra field that is too short', from)
        return reader.uint64('64-bit size')
      })
    }
    reader.offset = next
  }
  return reader.fail('lacks the 64-bit extra field that its sizes ask for', from)
}

function dataStart(reader: Reader, place: number, name: string, nameLength: number): number {
  if (place + LOCAL_SIZE > reader.bytes.length) reader.fail(`says that '${name}' lies at byte ${place}, past its end`)
  reader.offset = place
  if (reader.uint32('the mark of a member') !== LOCAL) reader.fail(`has no member where '${name}' should be`, place)
  reader.skip(22, 'the header of a member')
  const lengths = [reader.uint16('length of the name'), reader.uint16('length of the extra field')]
  // An archive whose two headers disagree shows different files to different programs.
  if (lengths[0] !== nameLength || reader.text(nameLength, 'the name of a member') !== name) reader.fail(`has another name for '${name}' in its header`, place)
  reader.skip(lengths[1]!, 'the extra field')
  return reader.offset
}

/** Members that share bytes make small archives unpack to huge ones. */
function checkApart(reader: Reader, members: readonly Member[]): void {
  const names = new Set<string>()
  for (const { name, header } of members) {
    if (names.has(name)) reader.fail(`has the member '${name}' twice`, header)
    names.add(name)
  }
  let end = 0
  for (const { name, header, start, packedSize } of [...members].sort((a, b) => a.header - b.header)) {
    if (header < end) reader.fail(`has members that overlap at '${name}'`, header)
    end = start + packedSize
  }
}
