// `npm run check:tfjs`: builds the addon of tfjs-node-gpu against a wheel of TensorFlow for CPUs, by the command that users have, and runs the
// tests that want TensorFlow itself on it, the whole kit among them, on the machine's Node and on the repository's.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { totalLine } from '../report/total.ts'
import { findMachineNode, findNode, ROOT, toolEnv } from '../setup/node.mjs'
import { step } from '../test/steps.ts'
import { runNativeTests } from './native-tests.ts'
import { installPackages } from './packages.ts'
import { findWheel } from './wheel.ts'

/** Newer ones build just as well; which one it is decides whether results can be repeated. */
const TENSORFLOW = '2.21.0'
const PACKAGE = join(ROOT, 'packages', 'backend-tfjs-cuda')

process.exitCode = await main()

async function main(): Promise<number> {
  const reason = missing()
  if (reason !== undefined) return leaveOut(reason)
  let wheel = findWheel(TENSORFLOW)
  if ('reason' in wheel) return leaveOut(wheel.reason)
  if (!(await step('tsc', '-b', PACKAGE))) return fail('the package does not compile')
  if (!build(wheel.file)) {
    console.log('Once more, with the wheel downloaded again …')
    rmSync(wheel.file)
    wheel = findWheel(TENSORFLOW)
    if ('reason' in wheel) return leaveOut(wheel.reason)
    if (!build(wheel.file)) return fail('the addon was not built')
  }
  const total = { passed: 0, failed: 0, skipped: [] as { name: string; reason: string }[], items: [] }
  for (const node of new Set([findMachineNode(), findNode()])) {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
    const { passed, failed, notes } = runNativeTests(node, { ...toolEnv(), TF_CPP_MIN_LOG_LEVEL: '2', NODE_NO_WARNINGS: '1', CI: 'true' })
    for (const note of notes) console.log(`${note} (Node ${version})`)
    console.log(`TensorFlow ${TENSORFLOW} on Node ${version}: ${passed} passed, ${failed} failed`)
    total.passed += passed
    total.failed += failed
    total.skipped.push(...notes.filter(note => note.startsWith('skipped')).map(name => ({ name, reason: version })))
  }
  console.log(totalLine(total))
  return total.failed === 0 ? 0 : 1
}

/** Why nothing can be built here. */
function missing(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the addon is built on Linux x64 only'
  const pip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? [] : [{ name: 'python3-pip' }]
  try {
    const lacking = installPackages([{ name: 'g++', program: 'g++' }, { name: 'python3', program: 'python3' }, ...pip])
    return lacking.length === 0 ? undefined : `it needs ${lacking.join(', ')} (apt-get install, as root)`
  } catch (error) {
    return String(error).split('\n')[0]
  }
}

function leaveOut(reason: string): number {
  console.log(`left out: the tests on TensorFlow itself; the kit runs on tfjs's wasm and cpu alone: ${reason}`)
  console.log(totalLine({ passed: 0, failed: 0, skipped: [], items: [] }))
  return 0
}

function fail(reason: string): number {
  console.log(reason)
  console.log(totalLine({ passed: 0, failed: 1, skipped: [], items: [] }))
  return 1
}

/** Runs the command as a user would, on the oldest Node that there is. */
function build(wheel: string): boolean {
  const command = [join(PACKAGE, 'dist', 'binding', 'main.js'), '--gpu', '--wheel', wheel]
  return spawnSync(findMachineNode(), command, { cwd: PACKAGE, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}
