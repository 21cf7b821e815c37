import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()

/** A training that would take hours, stopped when the first epoch is complete. */
function interrupt(out: string, signal: NodeJS.Signals): ReturnType<typeof runProcess> {
  let sent = false
  return runProcess(['--epochs', '100000', '--out', out], (text, kill) => {
    if (sent || !text.includes('epoch      1/100000')) return
    sent = true
    kill(signal)
  })
}

describe.concurrent('Ctrl-C', () => {
  test('leaves a checkpoint that can be read, and says where', async ({ expect }) => {
    const out = join(folder, 'fresh')
    const { code, err } = await interrupt(out, 'SIGINT')
    expect(code).toBe(130)
    expect(err).toMatch(/^digits: stopped by Ctrl-C; epoch \d+ was the last complete one: .*digits\.params\n$/)
    expect(readdirSync(out)).toEqual(['digits.params'])
    expect(await runHere(['--load', join(out, 'digits.params'), '--out', join(folder, 'looked-at')])).toMatchObject({ code: 0, err: '' })
  })

  test('leaves what an earlier run saved; the checkpoint lies beside it', async ({ expect }) => {
    const out = join(folder, 'used')
    mkdirSync(out)
    writeFileSync(join(out, 'digits.params'), 'earlier')
    const { code, err } = await interrupt(out, 'SIGTERM')
    expect(code).toBe(143)
    expect(err).toMatch(/^digits: stopped by SIGTERM; epoch \d+ was the last complete one: .*digits\.checkpoint\.params\n$/)
    expect(readFileSync(join(out, 'digits.params'), 'utf8')).toBe('earlier')
    expect(await runHere(['--load', join(out, 'digits.checkpoint.params'), '--out', join(folder, 'looked-at')])).toMatchObject({ code: 0, err: '' })
  })
})
