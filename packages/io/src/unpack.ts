import { allocate } from '@ashlar/core'
import { inflateSync } from 'fflate'
import { crc32 } from './crc32.ts'
import type { Source } from './errors.ts'
import { FormatError } from './errors.ts'
import type { Member } from './zip.ts'

/** What DEFLATE packs best, a run of one byte, becomes 1,032 times smaller. */
const BEST = 1032

/**
 * Checks, before anything is allocated, that what members say of their sizes is possible, and no more than `limit` bytes together.
 *
 * @throws FormatError that names the option to raise
 */
export function checkSizes(members: readonly Member[], limit: number, source: Source): void {
  let total = 0
  for (const { name, deflated, size, packedSize, header } of members) {
    if (!deflated) continue
    if (size > BEST * packedSize) throw new FormatError(`says that '${name}' unpacks from ${packedSize} bytes to ${size}, which is impossible`, source, header)
    total += size
    if (total > limit) throw tooLarge(total, limit, source, header)
  }
}

/** The error for a file that holds more than it is trusted with. */
export function tooLarge(total: number, limit: number, source: Source, offset: number): FormatError {
  return new FormatError(`unpacks to ${total} bytes or more, and ${limit} are allowed for its size`, source, offset, 'where you trust it, allow more by { maxBytes }')
}

/** A member's bytes: a view of the archive's where it is stored, else unpacked. */
export function unpack(member: Member, bytes: Uint8Array, source: Source): Uint8Array {
  const packed = bytes.subarray(member.start, member.start + member.packedSize)
  const content = member.deflated ? inflate(member, packed, source) : packed
  if (crc32(content) === member.crc) return content
  throw new FormatError(`has a member '${member.name}' that does not match its checksum: it is damaged`, source, member.start)
}

function inflate({ name, size, start }: Member, packed: Uint8Array, source: Source): Uint8Array {
  const out = allocate('uint8', size) as Uint8Array<ArrayBuffer>
  let length = -1
  try {
    ({ length } = inflateSync(packed, { out }))
  } catch {
    // Told below.
  }
  if (length === size) return out
  throw new FormatError(`has a member '${name}' that cannot be unpacked to ${size} bytes`, source, start)
}
