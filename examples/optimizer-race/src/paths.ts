import { relative } from 'node:path'

/** A path as a person would type it here: relative where that is shorter. */
export function relativePath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' ? '.' : short.length < path.length ? short : path
}
