import { mkdirSync } from 'node:fs'
import { relative } from 'node:path'
import { UserError, reasonOf } from './errors.ts'

/** A path as a person would type it here: relative where that is shorter. */
export function relativePath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' ? '.' : short.length < path.length ? short : path
}

/** Makes the folder that a run writes to. @throws UserError where that cannot be, before any work is done */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code } = error as { code?: unknown }
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'there is a file of that name' : reasonOf(error)
    throw new UserError(`cannot make the folder ${relativePath(folder)}: ${reason}; --out names another one`)
  }
}
