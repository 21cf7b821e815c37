import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { cpuBackend } from '@ashlar/backend-cpu'
import { getState, registerBackend, setState } from '@ashlar/core'
import { cli } from '../src/cli.ts'

registerBackend(cpuBackend())

/** What a run left on the terminal. */
export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-race-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Puts the random streams back after each test. */
export function keepRandomState(): void {
  let before: ReturnType<typeof getState>
  beforeEach(() => { before = getState() })
  afterEach(() => setState(before))
}

/** Runs the program in a process of its own, and sends it a signal once the valley is behind it. */
export function runProcess(args: readonly string[], signal: NodeJS.Signals): Promise<Result> {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    if (out.includes('The valley')) child.kill(signal)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, out, err }))
  })
}

/** Runs the program in this process, which is quicker. */
export async function runHere(...args: readonly string[]): Promise<Result> {
  let [out, err] = ['', '']
  const screen = { stream: process.stdout, live: false, columns: 80, colors: false, print: (line: string) => void (out += `${line}\n`) }
  const code = await cli(args, screen, line => void (err += `${line}\n`), new AbortController().signal)
  return { code, out, err }
}
