import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { cli } from '../src/cli.ts'

/** What a run left on the terminal. */
export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-two-devices-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs the program in a process of its own, and hands all of stdout to `watch` after each piece of it. */
export function runProcess(args: readonly string[], watch: (out: string, kill: (signal: NodeJS.Signals) => void) => void = () => {}): Promise<Result> {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
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

/** Runs the program in this process, which is quicker. */
export async function runHere(args: readonly string[], columns = 80, colors = false): Promise<Result> {
  let [out, err] = ['', '']
  const code = await cli(args, { columns, colors, print: line => void (out += `${line}\n`) }, line => void (err += `${line}\n`), new AbortController().signal)
  return { code, out, err }
}
