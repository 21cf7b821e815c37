import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import { afterAll } from 'vitest'
import { cli } from '../src/cli.ts'

registerBackend(cpuBackend())

/** What a run left on the terminal. */
export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-parameter-files-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs the program in a process of its own. */
export function runProcess(...args: string[]): Result {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', main, ...args], { encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

/** Runs the program in this process, which is quicker; `drawn` is what went to the terminal beside the output. */
export async function runHere(args: readonly string[], { live = false, signal = new AbortController().signal } = {}): Promise<Result & { drawn: string }> {
  let [out, err] = ['', '']
  const stream = Object.assign(new PassThrough(), { isTTY: live, columns: 80 })
  const screen = { stream: stream as unknown as NodeJS.WriteStream, live, columns: 80, print: (line: string) => void (out += `${line}\n`) }
  const code = await cli(args, screen, line => void (err += `${line}\n`), signal)
  return { code, out, err, drawn: String(stream.read() ?? '') }
}
