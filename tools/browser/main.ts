// `npm run check:browser`: the tests that drive Chromium, those of every package and example that has a `vitest.browser.config.ts`. Chromium is
// installed where apt may be used, and one that is missing then is a failure. The last line counts these tests.
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installPackages } from '../native/packages.ts'
import { takeReports } from '../report/stage.ts'
import { totalLine } from '../report/total.ts'
import { runChild } from '../setup/child.mjs'
import { ROOT, toolEnv } from '../setup/node.mjs'
import { findChromium } from './find.ts'

const FOLDER = 'browser'

/** Whether the tests could run, however they ended. */
async function run(): Promise<boolean> {
  const missing = findChromium() === null ? installPackages([{ name: 'chromium' }]) : []
  if (missing.length > 0) return false
  if (findChromium() === null) throw new Error('Chromium was installed, but is not found: name it in ASHLAR_CHROMIUM')
  takeReports(ROOT, FOLDER)
  for (const config of globSync(`{packages,examples}/*/vitest.${FOLDER}.config.ts`, { cwd: ROOT }).sort()) {
    const folder = join(ROOT, dirname(config))
    const tests = ['run', '--config', `vitest.${FOLDER}.config.ts`]
    if ((await runChild(join(ROOT, 'node_modules', '.bin', 'vitest'), tests, { cwd: folder, env: toolEnv() })) !== 0) process.exitCode = 1
  }
  return true
}

const ran = await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
  return true
})
if (!ran) console.log('left out: the tests in a browser, which need chromium (apt-get install, as root; or name one in ASHLAR_CHROMIUM)')
const total = takeReports(ROOT, FOLDER)
if (process.exitCode === 1 && total.failed === 0) total.failed = 1
console.log(totalLine(total))
