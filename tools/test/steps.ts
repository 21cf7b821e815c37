import { writeExamples } from '../doctest/write.ts'
import { runChild } from '../setup/child.mjs'
import { ROOT, toolEnv } from '../setup/node.mjs'

// None of turbo's news from the network: the scripts must work offline and look the same everywhere.
const QUIET = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' }

/** Runs a command of the workspace's `node_modules/.bin`; tells whether it succeeded. */
export async function step(command: string, ...args: string[]): Promise<boolean> {
  const shell = process.platform === 'win32'
  return (await runChild(command, args, { cwd: ROOT, env: { ...toolEnv(), ...QUIET }, shell })) === 0
}

/** Builds every package and checks the types of tests, examples and documented examples. */
export async function types(): Promise<boolean> {
  try {
    writeExamples(ROOT)
  } catch (error) {
    console.error(String(error))
    return false
  }
  return step('tsc', '-b')
}

/** Runs tasks in every package that has them; what did not change since the last success is not run again. */
export function turbo(...tasks: string[]): Promise<boolean> {
  return step('turbo', 'run', ...tasks, '--continue=always', '--output-logs=errors-only', '--ui=stream')
}
