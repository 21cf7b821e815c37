import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compare, findExpected } from './expected.ts'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/ashlar/compiled', import.meta.url))

/**
 * Runs an example in a process of its own, so that it starts with the state a reader starts with.
 *
 * @param code TypeScript
 * @param folder where its imports are resolved from
 * @returns what went wrong, or nothing
 */
export function runExample(code: string, folder: string): Promise<string | undefined> {
  const marked = findExpected(code)
  const args = ['--conditions=source', '--input-type=module-typescript', '--no-warnings', '-']
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? CACHE, NO_COLOR: '1' }
  return new Promise(resolve => {
    const child = execFile(process.execPath, args, { cwd: folder, env, timeout: 120_000 }, (error, output, errors) => {
      if (error) resolve(error.killed ? 'it did not end within two minutes' : errors || error.message)
      else resolve(compare(output, marked))
    })
    child.stdin?.end(marked.code)
  })
}
