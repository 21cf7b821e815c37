import { lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A trial takes a fifth of a second, so its outcome is kept until the machine empties its temporary folder.

const known = new Map<string, string | null>()

function file(): string {
  return join(tmpdir(), `ashlar-blas-${process.getuid?.() ?? 'user'}.json`)
}

/** All verdicts on file; none where the file is missing, broken, or not ours to trust. */
function read(): Record<string, string | null> {
  try {
    const { uid, mode } = lstatSync(file())
    const foreign = process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)
    const found: unknown = foreign ? {} : JSON.parse(readFileSync(file(), 'utf8'))
    return typeof found === 'object' && found !== null ? (found as Record<string, string | null>) : {}
  } catch {
    return {}
  }
}

/** What an earlier trial found: null for nothing wrong, undefined where there was none. */
export function readVerdict(key: string): string | null | undefined {
  if (known.has(key)) return known.get(key)!
  const verdict = read()[key]
  return verdict === null || typeof verdict === 'string' ? verdict : undefined
}

/** Keeps a verdict for this process, and for others where the temporary folder can be written. */
export function writeVerdict(key: string, verdict: string | null): void {
  known.set(key, verdict)
  try {
    const draft = `${file()}.${process.pid}`
    writeFileSync(draft, JSON.stringify({ ...read(), [key]: verdict }), { mode: 0o600, flag: 'wx' })
    renameSync(draft, file())
  } catch {
    // The next process tries again.
  }
}
