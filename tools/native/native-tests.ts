import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../setup/node.mjs'

/** What the tests came to. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  /** A line for each that was left out, and for each that failed with its first words. */
  readonly notes: readonly string[]
}

/** The part of vitest's own report that is read. */
interface Report {
  readonly testResults: readonly {
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[]
  }[]
}

/** The kit alone has hundreds. */
const FEWEST = 100

/** Runs the tests of backend-tfjs-cuda that want TensorFlow itself: those that import `test/native.ts`. */
export function runNativeTests(node: string, env: NodeJS.ProcessEnv): Counts {
  const folder = join(ROOT, 'packages', 'backend-tfjs-cuda')
  const files = globSync('test/*.test.ts', { cwd: folder }).filter(file => readFileSync(join(folder, file), 'utf8').includes("'./native.ts'"))
  const output = join(folder, '.reports', `native-${process.pid}.tmp`)
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(node, [vitest, 'run', ...files, '--silent', '--reporter=json', `--outputFile=${output}`], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 900_000 })
  try {
    return countsOf(JSON.parse(readFileSync(output, 'utf8')) as Report, status === 0)
  } catch {
    return { passed: 0, failed: 1, notes: ['failed   vitest left no report'] }
  } finally {
    rmSync(output, { force: true })
  }
}

/** A file that did not load has failed too. */
export function countsOf({ testResults }: Report, succeeded: boolean): Counts {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const with_ = (status: string): Report['testResults'][number]['assertionResults'] => tests.filter(test => test.status === status)
  const [passed, failed] = [with_('passed').length, with_('failed')]
  const files = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.every(test => test.status !== 'failed'))
  const notes = [
    ...failed.map(({ fullName, failureMessages }) => `failed   ${fullName}: ${failureMessages[0]?.split('\n')[0] ?? ''}`),
    ...files.map(({ message }) => `failed   ${message.split('\n')[0]}`),
    ...tests.filter(test => test.status !== 'passed' && test.status !== 'failed').map(({ fullName }) => `skipped  ${fullName}`),
  ]
  const broken = failed.length + files.length
  return { passed, failed: broken === 0 && (!succeeded || passed < FEWEST) ? 1 : broken, notes }
}
