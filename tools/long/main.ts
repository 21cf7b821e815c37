// `npm run check:long`: what takes too long for every test run. Each check is a process of its own, so that memory is its own too.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from '../setup/child.mjs'
import { ROOT, toolEnv } from '../setup/node.mjs'

const failures: string[] = []
const files = globSync('packages/*/test/long/*.ts', { cwd: ROOT }).sort()
for (const file of files) {
  const code = await runChild(process.execPath, ['--conditions=source', join(ROOT, file)], { cwd: ROOT, env: toolEnv() })
  if (code !== 0) failures.push(file)
}
for (const file of failures) console.log(`failed   ${file}, see above`)
console.log(`${files.length - failures.length} passed, ${failures.length} failed`)
process.exitCode = failures.length === 0 && files.length > 0 ? 0 : 1
