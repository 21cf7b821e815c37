// For tests.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import type { Cli } from './cli.ts'
import type { LiveScreen } from './screen.ts'

/** What a run left on the terminal. */
export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-example-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Is told all of stdout after each piece of it. */
export type Watch = (out: string, kill: (signal: NodeJS.Signals) => void) => void

/** What runs a program in a process of its own; `main` is its file. */
export function runProcessOf(main: URL): (args: readonly string[], watch?: Watch, env?: NodeJS.ProcessEnv) => Promise<Result> {
  return (args, watch = () => {}, env = {}) => {
    const child = spawn(process.execPath, ['--conditions=source', fileURLToPath(main), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      watch(out, signal => child.kill(signal))
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => resolve({ code, out, err }))
    })
  }
}

/** The screen of a run, and what ends it. */
export interface Here {
  readonly columns?: number
  readonly colors?: boolean
  readonly live?: boolean
  readonly signal?: AbortSignal
}

/** What runs a program in this process, which is quicker; `drawn` is what went to the terminal beside the output. */
export function runHereOf(cli: Cli<LiveScreen>): (args: readonly string[], here?: Here) => Promise<Result & { readonly drawn: string }> {
  return async (args, { columns = 80, colors = false, live = false, signal = new AbortController().signal } = {}) => {
    let [out, err] = ['', '']
    const stream = Object.assign(new PassThrough(), { isTTY: live, columns })
    const screen = { stream: stream as unknown as NodeJS.WriteStream, live, columns, colors, print: (line: string) => void (out += `${line}\n`) }
    const code = await cli(args, screen, line => void (err += `${line}\n`), signal)
    return { code, out, err, drawn: String(stream.read() ?? '') }
  }
}
