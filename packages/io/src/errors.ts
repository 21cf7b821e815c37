import { AshlarError } from '@ashlar/core'

/** Which call reads or writes, and what: both appear in messages. */
export interface Source {
  readonly op: string
  /** The file's name as the caller gave it; undefined where only bytes were given. */
  readonly file: string | undefined
}

/** How messages name what is read. */
export function nameOf(source: Source): string {
  return source.file === undefined ? 'the bytes' : `'${source.file}'`
}

/**
 * The content of a file is not what its format asks for: it is cut short, damaged, or of another kind. `code` is
 * `ERR_FILE_FORMAT`; `file` is the file's name where it is known, `offset` the byte at which reading stopped.
 *
 * @example
 * ```ts
 * import { decode, FormatError } from '@ashlar/io'
 *
 * try {
 *   decode(new Uint8Array(3), { file: 'x-file' })
 * } catch (error) {
 *   if (error instanceof FormatError) console.log(`${error.message} | ${error.file} | ${error.offset}`)
 * }
 * // [decode] Invalid NDArray file format: 'x-file' ends where 8 bytes of the file's mark should be (at byte 0) | x-file | 0
 * ```
 */
export class FormatError extends AshlarError {
  readonly file: string | undefined
  readonly offset: number

  constructor(reason: string, source: Source, offset: number, hint?: string) {
    const details = hint === undefined ? { op: source.op } : { op: source.op, hint }
    super(`Invalid NDArray file format: ${nameOf(source)} ${reason} (at byte ${offset})`, details, 'FormatError', 'ERR_FILE_FORMAT')
    this.file = source.file
    this.offset = offset
  }
}

/** What the operating system's codes mean to a reader of messages, and the codes that programs can tell apart. */
const REASONS: Readonly<Record<string, readonly [code: string, reason: string]>> = {
  ENOENT: ['ERR_FILE_NOT_FOUND', 'there is no such file or folder'],
  ENOTDIR: ['ERR_FILE_NOT_FOUND', 'a part of the path is no folder'],
  EISDIR: ['ERR_FILE_IS_DIRECTORY', 'it is a folder'],
  EACCES: ['ERR_FILE_PERMISSION', 'permission denied'],
  EPERM: ['ERR_FILE_PERMISSION', 'permission denied'],
  EROFS: ['ERR_FILE_PERMISSION', 'the file system is read-only'],
  ENOSPC: ['ERR_FILE_NO_SPACE', 'no space is left on the device'],
  EDQUOT: ['ERR_FILE_NO_SPACE', 'the disk quota is used up'],
}

/**
 * A file could not be read or written. `file` is its name; `code` is `ERR_FILE_NOT_FOUND`, `ERR_FILE_IS_DIRECTORY`,
 * `ERR_FILE_PERMISSION`, `ERR_FILE_NO_SPACE`, or `ERR_FILE` for any other reason; `cause` is the system's own error.
 *
 * @example
 * ```ts
 * import { FileError, load } from '@ashlar/io'
 *
 * try {
 *   load('not-there.params')
 * } catch (error) {
 *   if (error instanceof FileError) console.log(`${error.code}: ${error.message}`)
 * }
 * // ERR_FILE_NOT_FOUND: [load] cannot read 'not-there.params': there is no such file or folder
 * ```
 */
export class FileError extends AshlarError {
  readonly file: string

  constructor(action: 'read' | 'write', file: string, op: string, cause: unknown) {
    const system = (cause as { code?: unknown } | null)?.code
    const message = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause)
    const [code, reason] = REASONS[String(system)] ?? ['ERR_FILE', message]
    super(`cannot ${action} '${file}': ${reason}`, { op, cause }, 'FileError', code)
    this.file = file
  }
}
