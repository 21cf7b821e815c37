// `npm run check:pack`: what would be published, checked as it would be. With `-- --consumer`, installed and run as well.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toolEnv } from '../setup/node.mjs'
import { checkConsumer } from './consumer.ts'
import { checkContents, packAll } from './tarballs.ts'

const folder = mkdtempSync(join(tmpdir(), 'ashlar-pack-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const tarballs = await packAll(folder)
const problems = tarballs.flatMap(checkContents)
for (const { name, file } of tarballs) {
  for (const [tool, ...args] of [['publint', 'run', file, '--strict'], ['attw', file, '--profile', 'esm-only']] as const) {
    const { status, stdout, stderr } = spawnSync(tool, args, { env: toolEnv(), encoding: 'utf8' })
    if (status !== 0) problems.push(`${tool} objects to ${name}:\n${stdout}${stderr}`)
  }
}
if (process.argv.includes('--consumer')) problems.push(...checkConsumer(tarballs, join(folder, 'consumer')))

for (const problem of problems) console.error(problem)
console.log(`${tarballs.length} packages packed, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
