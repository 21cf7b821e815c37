import { randomUUID } from 'node:crypto'
import {
  accessSync, closeSync, constants, fchmodSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, realpathSync, renameSync, rmSync, statSync,
  writeSync,
} from 'node:fs'
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileError } from './errors.ts'

/** What one system call moves at most; some systems refuse 2 GiB and more. */
const CHUNK = 2 ** 30

/** Where the bytes go first: in the same folder, because a file can be renamed only within a file system. */
const temporaryFor = (target: string): string => join(dirname(target), `.ashlar-${randomUUID()}.tmp`)

const folderError = (): Error => Object.assign(new Error('it is a folder'), { code: 'EISDIR' })

function missing(error: unknown): undefined {
  if ((error as { code?: unknown }).code === 'ENOENT') return undefined
  throw error
}

/** The whole content of a file. */
export function readBytes(file: string, op: string): Uint8Array {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const facts = fstatSync(descriptor)
      if (facts.isDirectory()) throw folderError()
      // The size of a pipe or device is not known beforehand.
      if (!facts.isFile()) return new Uint8Array(readFileSync(descriptor))
      const bytes = new Uint8Array(facts.size)
      let end = 0
      for (let n = -1; n !== 0 && end < bytes.length; end += n) n = readSync(descriptor, bytes, end, Math.min(bytes.length - end, CHUNK), null)
      return bytes.subarray(0, end)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw new FileError('read', file, op, error)
  }
}

/** The whole content of a file. */
export async function readBytesAsync(file: string, op: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r')
    try {
      const facts = await handle.stat()
      if (facts.isDirectory()) throw folderError()
      if (!facts.isFile()) return new Uint8Array(await handle.readFile())
      const bytes = new Uint8Array(facts.size)
      let end = 0
      for (let n = -1; n !== 0 && end < bytes.length; end += n) n = (await handle.read(bytes, end, Math.min(bytes.length - end, CHUNK), null)).bytesRead
      return bytes.subarray(0, end)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw new FileError('read', file, op, error)
  }
}

/** Writes all of the bytes or, where that fails, leaves what was there before. */
export function writeBytes(file: string, bytes: Uint8Array, op: string): void {
  try {
    const facts = statSync(file, { throwIfNoEntry: false })
    if (facts?.isDirectory() === true) throw folderError()
    // Renaming over the likes of /dev/null would replace the device.
    if (facts?.isFile() === false) return fillSync(openSync(file, 'w'), bytes)
    // Renaming would get past a write protection.
    if (facts !== undefined) accessSync(file, constants.W_OK)
    const target = facts === undefined ? file : realpathSync(file)
    const temporary = temporaryFor(target)
    try {
      fillSync(openSync(temporary, 'wx', facts?.mode ?? 0o666), bytes, descriptor => {
        if (facts !== undefined) fchmodSync(descriptor, facts.mode & 0o777)
        fsyncSync(descriptor)
      })
      renameSync(temporary, target)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  } catch (error) {
    throw new FileError('write', file, op, error)
  }
}

function fillSync(descriptor: number, bytes: Uint8Array, finish?: (descriptor: number) => void): void {
  try {
    for (let start = 0; start < bytes.length;) start += writeSync(descriptor, bytes, start, Math.min(bytes.length - start, CHUNK))
    finish?.(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Writes all of the bytes or, where that fails, leaves what was there before. */
export async function writeBytesAsync(file: string, bytes: Uint8Array, op: string): Promise<void> {
  try {
    const facts = await stat(file).catch(missing)
    if (facts?.isDirectory() === true) throw folderError()
    if (facts?.isFile() === false) return await fill(await open(file, 'w'), bytes)
    if (facts !== undefined) await access(file, constants.W_OK)
    const target = facts === undefined ? file : await realpath(file)
    const temporary = temporaryFor(target)
    try {
      await fill(await open(temporary, 'wx', facts?.mode ?? 0o666), bytes, async handle => {
        if (facts !== undefined) await handle.chmod(facts.mode & 0o777)
        await handle.sync()
      })
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  } catch (error) {
    throw new FileError('write', file, op, error)
  }
}

async function fill(handle: FileHandle, bytes: Uint8Array, finish?: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    for (let start = 0; start < bytes.length;) start += (await handle.write(bytes, start, Math.min(bytes.length - start, CHUNK))).bytesWritten
    await finish?.(handle)
  } finally {
    await handle.close()
  }
}
