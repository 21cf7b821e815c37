import type { Source } from './errors.ts'
import { FormatError } from './errors.ts'

/** Which piece of a file some bytes are. */
export interface Part {
  /** How messages name it. */
  readonly name: string
  /** Where it starts in the file. */
  readonly base: number
  /** Whether it was unpacked, so that only its start has a place in the file. */
  readonly unpacked: boolean
}

/** Reads little-endian fields one after the other, and never past the end. */
export class Reader {
  readonly bytes: Uint8Array
  readonly source: Source
  offset = 0
  readonly #part: Part | null
  readonly #view: DataView

  constructor(bytes: Uint8Array, source: Source, part: Part | null = null) {
    this.bytes = bytes
    this.source = source
    this.#part = part
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get remaining(): number {
    return this.bytes.length - this.offset
  }

  /** Refuses the file. */
  fail(reason: string, offset: number = this.offset, hint?: string): never {
    if (this.#part === null) throw new FormatError(reason, this.source, offset, hint)
    const { name, base, unpacked } = this.#part
    throw new FormatError(`has ${name}, which ${reason}`, this.source, unpacked ? base : base + offset, hint)
  }

  /** Moves past `count` bytes, which must be there, and returns where they start. */
  skip(count: number, what: string): number {
    if (count > this.remaining) this.fail(`ends where ${count} bytes of ${what} should be`)
    const start = this.offset
    this.offset += count
    return start
  }

  uint8(what: string): number {
    return this.bytes[this.skip(1, what)]!
  }

  uint16(what: string): number {
    return this.#view.getUint16(this.skip(2, what), true)
  }

  uint32(what: string): number {
    return this.#view.getUint32(this.skip(4, what), true)
  }

  int32(what: string): number {
    return this.#view.getInt32(this.skip(4, what), true)
  }

  /** A 64-bit integer that a number can hold. */
  int64(what: string): number {
    return this.#exact(this.#view.getBigInt64(this.skip(8, what), true), what)
  }

  /** Eight bytes that say what the file is, compared as they are: another kind of file may have anything there. */
  mark(expected: number, what: string): boolean {
    return this.#view.getBigUint64(this.skip(8, what), true) === BigInt(expected)
  }

  uint64(what: string): number {
    return this.#exact(this.#view.getBigUint64(this.skip(8, what), true), what)
  }

  /** UTF-8 text of `count` bytes. */
  text(count: number, what: string): string {
    const start = this.skip(count, what)
    try {
      // A copy, because browsers do not decode shared memory.
      return UTF8.decode(this.bytes.slice(start, start + count))
    } catch {
      return this.fail(`has ${what} that is not valid UTF-8`, start)
    }
  }

  #exact(value: bigint, what: string): number {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) this.fail(`has an impossible ${what}, ${value}`, this.offset - 8)
    return number
  }
}

// A byte order mark at the start of a name belongs to the name.
const UTF8: TextDecoder = /* #__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
