// `npm run check:gl`: the tests that need headless GL. What that needs of a Debian system is installed where apt may be used; headless GL that is
// missing then is a failure. The last line counts these tests.
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takeReports } from '../report/stage.ts'
import { totalLine } from '../report/total.ts'
import { runChild } from '../setup/child.mjs'
import { ROOT, findNode, toolEnv } from '../setup/node.mjs'
import { buildAddon } from './addon.ts'
import { installPackages } from './packages.ts'

const NEEDED = [
  { name: 'xvfb', program: 'xvfb-run' }, { name: 'xauth', program: 'xauth' }, { name: 'libgl1' }, { name: 'libgl1-mesa-dri' }, { name: 'libxi-dev' },
  { name: 'pkg-config', program: 'pkg-config' }, { name: 'g++', program: 'g++' }, { name: 'make', program: 'make' }, { name: 'python3', program: 'python3' },
]

const FOLDER = 'headlessgl'
// Without a file of its own, xvfb-run may fail to remove the folder that it makes for one.
const DISPLAY = ['-a', '-f', join(tmpdir(), `ashlar-xauthority-${process.pid}`), '-s', '-screen 0 640x480x24']

/** Why the tests are left out, or null once they ran, however they ended. */
async function run(): Promise<string | null> {
  const missing = installPackages(NEEDED)
  if (missing.length > 0) return `they need ${missing.join(', ')} (apt-get install, as root)`
  const hook = `--import=${join(ROOT, 'tools', 'native', 'hook.mjs')}`
  const env = { ...toolEnv(), ASHLAR_GL_ADDON: buildAddon(), NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${hook}`.trim() }
  const folder = join(ROOT, 'packages', 'backend-gpujs')
  const code = `import('gpu.js').then(({ default: { GPU } }) => process.exit(GPU.isHeadlessGLSupported ? 0 : 1))`
  const found = spawnSync('xvfb-run', [...DISPLAY, findNode(), '-e', code], { cwd: folder, env, encoding: 'utf8' })
  if (found.status !== 0) throw new Error(`gpu.js finds no headless GL, although it was built:\n${found.stdout}${found.stderr}`)
  takeReports(ROOT, FOLDER)
  const tests = [...DISPLAY, join(ROOT, 'node_modules', '.bin', 'vitest'), 'run', '--config', `vitest.${FOLDER}.config.ts`]
  if ((await runChild('xvfb-run', tests, { cwd: folder, env })) !== 0) process.exitCode = 1
  return null
}

const left = await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
  return null
})
if (left !== null) console.log(`left out: the tests on headless GL, for ${left}`)
const total = takeReports(ROOT, FOLDER)
if (process.exitCode === 1 && total.failed === 0) total.failed = 1
console.log(totalLine(total))
