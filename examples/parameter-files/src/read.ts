import { open } from 'node:fs/promises'
import { FileError, decodeEntries } from '@ashlar/io'
import type { DecodedEntries } from '@ashlar/io'
import type { Progress } from './progress.ts'

const CHUNK = 2 ** 22

/**
 * Reads a file piece by piece, so that progress can be shown, and then decodes it.
 *
 * @throws FileError, FormatError or NotImplementedError that names the file
 */
export async function readEntries(file: string, maxBytes: number | undefined, progress: Progress, signal: AbortSignal): Promise<DecodedEntries> {
  const bytes = await readAll(file, progress, signal)
  progress.say('decoding')
  const entries = decodeEntries(bytes, { file, ...(maxBytes !== undefined && { maxBytes }) })
  progress.advance(bytes.length)
  signal.throwIfAborted()
  return entries
}

async function readAll(file: string, progress: Progress, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r')
    try {
      const facts = await handle.stat()
      if (facts.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
      if (!facts.isFile()) return new Uint8Array(await handle.readFile())
      progress.start(facts.size, 'reading')
      const bytes = new Uint8Array(facts.size)
      let end = 0
      for (let n = -1; n !== 0 && end < bytes.length; end += n) {
        n = (await handle.read(bytes, end, Math.min(bytes.length - end, CHUNK), null)).bytesRead
        progress.advance(n)
        signal.throwIfAborted()
      }
      return bytes.subarray(0, end)
    } finally {
      await handle.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    throw new FileError('read', file, 'readFile', error)
  }
}
