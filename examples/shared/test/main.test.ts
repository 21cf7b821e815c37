import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, test } from 'vitest'
import { runProcessOf } from '../src/running.ts'

const program = new URL('program.ts', import.meta.url)
const runProcess = runProcessOf(program)

describe.concurrent('a process', () => {
  test('gets arguments, and ends with the code of its program', async ({ expect }) => {
    expect(await runProcess(['--lines', '2'])).toEqual({ code: 0, out: 'line 0\nline 1\n', err: '' })
    expect(await runProcess(['--code', '7'])).toEqual({ code: 7, out: 'line 0\n', err: 'program: as you wish\n' })
    expect(await runProcess(['--line', '2'])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^program: .*--lines.*\n$/) })
  })

  test.for([['SIGINT', 130, 'Ctrl-C'], ['SIGTERM', 143, 'SIGTERM']] as const)('%s lets the program end', async ([name, code, words], { expect }) => {
    const result = await runProcess(['--wait', '1'], (_, kill) => kill(name))
    expect(result).toEqual({ code, out: 'line 0\n', err: `program: stopped by ${words}; nothing is left\n` })
  })

  test('a second Ctrl-C ends a program that does not listen', async ({ expect }) => {
    const result = await runProcess(['--wait', '2'], (_, kill) => kill('SIGINT'))
    expect(result).toEqual({ code: null, out: 'line 0\nnot yet\n', err: '' })
  })

  test('who stops reading is no error', async ({ expect }) => {
    const child = spawn(process.execPath, ['--conditions=source', fileURLToPath(program), '--lines', '1000000000'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.stdout.once('data', () => child.stdout.destroy())
    const [code] = await once(child, 'close')
    expect([code, err]).toEqual([0, ''])
  })
})
