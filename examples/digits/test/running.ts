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
export const DATA: string = fileURLToPath(new URL('../data/digits.csv.gz', import.meta.url))

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-digits-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Runs the program in a process of its own.
 *
 * @param watch is told all of stdout after each piece of it
 */
export function runProcess(args: readonly string[], watch: (out: string, kill: (signal: NodeJS.Signals) => void) => void = () => {}, env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
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
export async function runHere(args: readonly string[]): Promise<Result> {
  let [out, err] = ['', '']
  const screen = { stream: process.stdout, live: false, columns: 80, colors: false, print: (line: string) => void (out += `${line}\n`) }
  const code = await cli(args, screen, line => void (err += `${line}\n`), new AbortController().signal)
  return { code, out, err }
}
