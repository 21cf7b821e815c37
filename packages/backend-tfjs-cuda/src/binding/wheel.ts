import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'
import { Problem, reasonOf } from './problem.ts'

/** What the end of a zip says of one of its files. */
interface Entry {
  readonly name: string
  readonly deflated: boolean
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

/** A wheel of TensorFlow, looked at and not yet unpacked. */
export interface Wheel {
  readonly file: string
  /** As pip knows it: `tensorflow-cpu`. */
  readonly name: string
  readonly version: string
  /** What tells its library from that of another wheel. */
  readonly mark: string
  /** The bytes that unpacking takes. */
  readonly size: number
  /** Library files, and then headers. */
  readonly entries: readonly Entry[]
}

export const LIBRARIES: readonly string[] = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

// All that a wheel may put on the disk. The names cannot leave the folder: between slashes is a word, perhaps with dots inside.
const LIBRARY = /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/
const HEADER = /^tensorflow\/include\/(tensorflow\/(c|core\/platform)|tsl\/(c|platform)|xla\/tsl\/c)(\/\w[\w-]*)*\/\w[\w-]*(\.\w+)*\.(h|inc)$/
/** Of these folders only the strings are needed. */
const WHOLE_PLATFORM = /^tensorflow\/include\/(tensorflow\/core|tsl)\/platform\/(?!ctstring)/
const MAX_HEADER = 2 ** 24
const MAX_LIBRARY = 2 ** 33

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const MAX_DIRECTORY = 2 ** 26

/** Whether an entry is one of the files that the addon is compiled against. */
export function isNeeded(name: string): boolean {
  return LIBRARY.test(name) || (HEADER.test(name) && !WHOLE_PLATFORM.test(name))
}

/**
 * Looks at a wheel.
 *
 * @throws Problem where it is not whole, or not one of TensorFlow for Linux x64
 */
export async function readWheel(file: string): Promise<Wheel> {
  const handle = await open(file).catch((error: unknown) => {
    throw new Problem(`${file} cannot be read: ${reasonOf(error)}`)
  })
  try {
    const entries = await readDirectory(handle, basename(file))
    const tagged = entries.find(({ name }) => /^[^/]+\.dist-info\/WHEEL$/.test(name))
    const [, name = '', version = ''] = /^(.+)-([^-]+)\.dist-info\//.exec(tagged?.name ?? '') ?? []
    const known = name.replaceAll('_', '-')
    const needed = entries.filter(entry => isNeeded(entry.name))
    const libraries = needed.filter(entry => LIBRARY.test(entry.name))
    if (tagged === undefined || libraries.length < LIBRARIES.length) {
      throw wrongWheel(known === '' ? `${basename(file)} is no wheel` : `${known} ${version} holds no ${LIBRARIES[0]}`)
    }
    const tags = (await readSmall(handle, tagged)).toString('latin1')
    if (!/^Tag: .*linux.*x86_64/m.test(tags)) throw wrongWheel(`${basename(file)} is for ${/^Tag: (.*)/m.exec(tags)?.[1] ?? 'another system'}`)
    if (!needed.some(entry => entry.name.endsWith('/include/tensorflow/c/c_api.h'))) throw wrongWheel(`${known} ${version} comes without the headers of TensorFlow's C interface`)
    const excessive = needed.find(entry => entry.size > (LIBRARY.test(entry.name) ? MAX_LIBRARY : MAX_HEADER))
    if (excessive !== undefined) throw wrongWheel(`${excessive.name} would have ${excessive.size} bytes`)
    const mark = libraries.map(({ crc, size }) => `${crc.toString(16)}:${size}`).join(' ')
    return { file, name: known, version, mark, size: needed.reduce((sum, entry) => sum + entry.size, 0), entries: [...libraries, ...needed.filter(entry => !libraries.includes(entry))] }
  } finally {
    await handle.close()
  }
}

/**
 * Unpacks what the addon needs, in streams: `lib/` with the libraries, `include/` with the headers.
 *
 * @param onProgress told how many bytes are there
 */
export async function unpackWheel({ file, entries }: Wheel, folder: string, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<void> {
  const handle = await open(file)
  let bytes = 0
  try {
    for (const entry of entries) {
      const target = join(folder, entry.name.replace('tensorflow/', LIBRARY.test(entry.name) ? 'lib/' : ''))
      await mkdir(dirname(target), { recursive: true })
      const start = await startOf(handle, entry)
      const source = entry.packed === 0 ? [] : createReadStream(file, { start, end: start + entry.packed - 1 })
      const inflate = entry.deflated ? [zlib.createInflateRaw({ chunkSize: 2 ** 18 })] : []
      const checked = checkBytes(entry, file, length => onProgress(bytes += length))
      await pipeline([source, ...inflate, checked, createWriteStream(target, { flags: 'wx' })] as never, { signal }).catch((error: unknown) => {
        throw (error as { code?: string }).code?.startsWith('Z_') === true ? damaged(file) : error
      })
    }
  } finally {
    await handle.close()
  }
}

/** Passes bytes on, and fails where they are more, fewer or others than the wheel says. */
function checkBytes({ size, crc }: Entry, file: string, onBytes: (length: number) => void): Transform {
  // Node 20.15 and later have it.
  const sum = zlib.crc32 as typeof zlib.crc32 | undefined
  let seen = 0
  let actual = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length
      actual = sum?.(chunk, actual) ?? crc
      onBytes(chunk.length)
      done(seen > size ? damaged(file) : null, chunk)
    },
    flush(done) {
      done(seen !== size || (size > 0 && actual !== crc) ? damaged(file) : null)
    },
  })
}

async function readDirectory(handle: FileHandle, name: string): Promise<Entry[]> {
  const { size } = await handle.stat()
  const tail = await readAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557))
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--
  if (end < 0) throw damaged(name)
  const [count, bytes, offset] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)]
  if (count === 0xffff || offset === 0xffff_ffff || bytes > MAX_DIRECTORY || offset + bytes > size) throw damaged(name)
  const directory = await readAt(handle, offset, bytes)
  const entries: Entry[] = []
  for (let at = 0; entries.length < count;) {
    if (at + 46 > bytes || directory.readUInt32LE(at) !== CENTRAL) throw damaged(name)
    const [nameLength, extra, comment] = [28, 30, 32].map(place => directory.readUInt16LE(at + place)) as [number, number, number]
    const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)]
    const [crc, packed, plain] = [16, 20, 24].map(place => directory.readUInt32LE(at + place)) as [number, number, number]
    const entry = { name: directory.toString('latin1', at + 46, at + 46 + nameLength), deflated: method === 8, crc, packed, size: plain, offset: directory.readUInt32LE(at + 42) }
    if (isNeeded(entry.name) && ((flags & 1) !== 0 || (method !== 0 && method !== 8))) throw damaged(name)
    entries.push(entry)
    at += 46 + nameLength + extra + comment
  }
  return entries
}

async function startOf(handle: FileHandle, { offset }: Entry): Promise<number> {
  const header = await readAt(handle, offset, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) throw damaged('the wheel')
  return offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
}

async function readSmall(handle: FileHandle, entry: Entry): Promise<Buffer> {
  if (entry.packed > MAX_HEADER) throw damaged('the wheel')
  const packed = await readAt(handle, await startOf(handle, entry), entry.packed)
  try {
    return entry.deflated ? zlib.inflateRawSync(packed, { maxOutputLength: MAX_HEADER }) : packed
  } catch {
    throw damaged('the wheel')
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

const damaged = (file: string): Problem => new Problem(`${basename(file)} is not a whole wheel`, 'download it again')

const wrongWheel = (what: string): Problem => new Problem(what, 'it has to be a wheel of tensorflow or tensorflow-cpu, 2.12 or later, for Linux x64:', '  python3 -m pip download --no-deps --only-binary :all: tensorflow-cpu')
