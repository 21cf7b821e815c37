// `npm run check:tfjs`: builds the addon of tfjs-node-gpu against a wheel of TensorFlow for CPUs, by the command that users have, and runs the
// tests that want TensorFlow itself on it, the whole kit among them, on the machine's Node and on the repository's.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { totalLine } from '../report/total.ts'
import { findMachineNode, findNode, ROOT, toolEnv } from '../setup/node.mjs'
import { step } from '../test/steps.ts'
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
    const result = runTests(node)
    total.passed += result.passed
    total.failed += result.failed
    total.skipped.push(...result.skipped)
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

/** The part of vitest's own report that is read. */
interface Report {
  readonly testResults: readonly { readonly status: string; readonly message: string; readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[] }[]
}

function runTests(node: string): { passed: number; failed: number; skipped: { name: string; reason: string }[] } {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  const files = globSync('test/*.test.ts', { cwd: PACKAGE }).filter(file => readFileSync(join(PACKAGE, file), 'utf8').includes("'./native.ts'"))
  const output = join(PACKAGE, '.reports', `tensorflow-${version}.tmp`)
  rmSync(output, { force: true })
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const env = { ...toolEnv(), TF_CPP_MIN_LOG_LEVEL: '2', NODE_NO_WARNINGS: '1', CI: 'true' }
  const { status } = spawnSync(node, [vitest, 'run', ...files, '--silent', '--reporter=json', `--outputFile=${output}`], { cwd: PACKAGE, env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 900_000 })
  let report: Report
  try {
    report = JSON.parse(readFileSync(output, 'utf8')) as Report
  } catch {
    console.log(`failed   vitest left no report on Node ${version}`)
    return { passed: 0, failed: 1, skipped: [] }
  } finally {
    rmSync(output, { force: true })
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.filter(test => test.status === 'failed')
  for (const { fullName, failureMessages } of failed) console.log(`failed   ${fullName} (Node ${version})\n${failureMessages.join('\n')}`)
  for (const { status: how, message, assertionResults } of report.testResults) if (how === 'failed' && assertionResults.length === 0) console.log(`failed   ${message}`)
  const passed = tests.filter(test => test.status === 'passed').length
  const skipped = tests.filter(test => test.status !== 'passed' && test.status !== 'failed').map(({ fullName }) => ({ name: fullName, reason: version }))
  for (const { name } of skipped) console.log(`skipped  ${name} (Node ${version})`)
  // A file that did not load has failed too, and the kit has hundreds of tests.
  const more = failed.length === 0 && (status !== 0 || passed < 100) ? 1 : 0
  console.log(`TensorFlow ${TENSORFLOW} on Node ${version}: ${passed} passed, ${failed.length + more} failed, in ${files.length} files`)
  return { passed, failed: failed.length + more, skipped }
}
