import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  /** What ended it, where that was not the process itself. */
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

export interface ChildOptions {
  readonly args?: readonly string[]
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program of `test/children` in a process of its own. One that hangs is killed, which `signal` tells. */
export function runChild(name: string, { args = [], flags = [], env = {} }: ChildOptions = {}): Promise<Ended> {
  const file = fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url))
  const { ASHLAR_THREADS: _, ...inherited } = process.env
  return new Promise(resolve => {
    const options = { env: { ...inherited, NODE_NO_WARNINGS: '1', ...env }, timeout: 150_000, maxBuffer: 2 ** 26 }
    const child = execFile(process.execPath, ['--conditions=source', ...flags, file, ...args], options, (_, output, errors) => {
      resolve({ code: child.exitCode, signal: child.signalCode, output, errors })
    })
  })
}

/** What a child that ended well printed, which is JSON. */
export async function answerOf<T>(name: string, options: ChildOptions = {}): Promise<T> {
  const { code, signal, output, errors } = await runChild(name, options)
  if (code !== 0) throw new Error(`${name} ended with ${code ?? signal}: ${errors}`)
  return JSON.parse(output) as T
}
