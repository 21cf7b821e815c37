import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where files stay between runs, and between clones. */
export const CACHE: string = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ashlar')

/**
 * A wheel of TensorFlow for CPUs, from the cache or else from PyPI. Its library is the same whichever Python it is for.
 *
 * @param version such as `2.21.0`
 * @returns the file, or why it cannot be had, in a line
 */
export function findWheel(version: string): { file: string } | { reason: string } {
  const find = (folder: string): string | undefined => readdirSync(folder).find(name => name.startsWith(`tensorflow_cpu-${version}-`) && name.endsWith('.whl'))
  try {
    mkdirSync(CACHE, { recursive: true })
    const kept = find(CACHE)
    if (kept !== undefined) return { file: join(CACHE, kept) }
    console.log(`Downloading tensorflow-cpu ${version}, 0.3 GB, into ${CACHE} …`)
    // Beside it and then renamed: a download may be cut short.
    const folder = mkdtempSync(join(CACHE, 'download-'))
    try {
      const wanted = ['--no-deps', '--only-binary', ':all:', '--python-version', '3.12', '--platform', 'manylinux_2_27_x86_64', '--dest', folder, `tensorflow-cpu==${version}`]
      const { error, status, stderr } = spawnSync('python3', ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', ...wanted], { encoding: 'utf8', timeout: 600_000 })
      const name = status === 0 ? find(folder) : undefined
      if (name === undefined) return { reason: `pip gave no wheel of tensorflow-cpu ${version}: ${(error?.message ?? stderr).trim().split('\n').at(-1)}` }
      renameSync(join(folder, name), join(CACHE, name))
      return { file: join(CACHE, name) }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    return { reason: `no wheel can be kept in ${CACHE}: ${error instanceof Error ? error.message : error}` }
  }
}
