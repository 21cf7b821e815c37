import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs one of this example's files in a process of its own, as a reader would. Returns what it printed. */
export async function run(file: string, ...args: string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', '--no-warnings', path, ...args], { env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } })
  return stdout
}
