import { readBytes, readBytesAsync, writeBytes, writeBytesAsync } from '#files'
import { describe, typeError } from '@ashlar/core'

/** Checks a file name. @throws TypeError `file required to be a string` */
export function checkFile(file: unknown, op: string): string {
  if (typeof file === 'string') return file
  throw typeError('file required to be a string', { op, hint: `got ${describe(file)}` })
}

function checkBytes(bytes: unknown, op: string): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  throw typeError(`expected the bytes to write as a Uint8Array, got ${describe(bytes)}`, { op })
}

/**
 * The whole content of a file. In Node; in browsers it throws NotImplementedError.
 *
 * @throws FileError that says why, with the file's name and a code
 */
export function readFile(file: string): Uint8Array {
  return readBytes(checkFile(file, 'readFile'), 'readFile')
}

/** As {@link readFile}, without blocking. */
export async function readFileAsync(file: string): Promise<Uint8Array> {
  return await readBytesAsync(checkFile(file, 'readFileAsync'), 'readFileAsync')
}

/**
 * Writes a file all at once or not at all: the bytes go to a temporary file beside it, which then takes its name. A
 * failure, or a process that ends half-way, leaves the old content. Permissions are kept, and a symbolic link stays one.
 *
 * @throws FileError that says why, with the file's name and a code
 * @example
 * ```ts
 * import { readFile, writeFile } from '@ashlar/io'
 * import { rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const file = join(tmpdir(), `report-${process.pid}.html`)
 * writeFile(file, new TextEncoder().encode('<p>done</p>'))
 * console.log(new TextDecoder().decode(readFile(file)))
 * // <p>done</p>
 * rmSync(file)
 * ```
 */
export function writeFile(file: string, bytes: Uint8Array): void {
  writeBytes(checkFile(file, 'writeFile'), checkBytes(bytes, 'writeFile'), 'writeFile')
}

/** As {@link writeFile}, without blocking. */
export async function writeFileAsync(file: string, bytes: Uint8Array): Promise<void> {
  await writeBytesAsync(checkFile(file, 'writeFileAsync'), checkBytes(bytes, 'writeFileAsync'), 'writeFileAsync')
}
