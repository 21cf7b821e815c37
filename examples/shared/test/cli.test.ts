import { ValueError } from '@ashlar/core'
import { afterEach, describe, expect, test } from 'vitest'
import { cliOf } from '../src/cli.ts'
import { Interrupted, UserError, isExpected, reasonOf } from '../src/errors.ts'
import type { Result } from '../src/running.ts'
import { runHereOf } from '../src/running.ts'

const debug = process.env['DEBUG']
afterEach(() => {
  if (debug === undefined) delete process.env['DEBUG']
  else process.env['DEBUG'] = debug
})

const ours = new ValueError('no such axis\n  here', { op: 'sum', hint: 'take 0' })
const system = Object.assign(new Error('EACCES: permission denied'), { syscall: 'open' })

describe('a reason', () => {
  test.each<[unknown, ('op' | 'hint')[], string]>([
    [new Error(' two\n  lines\n'), [], 'two lines'],
    ['a text', [], 'a text'],
    [null, [], 'null'],
    [ours, [], '[sum] no such axis here; take 0'],
    [ours, ['op'], 'no such axis here; take 0'],
    [ours, ['hint'], '[sum] no such axis here'],
    [ours, ['op', 'hint'], 'no such axis here'],
    [new ValueError('alone'), ['op', 'hint'], 'alone'],
    [new Error('[sum] of others; take 0'), ['op', 'hint'], '[sum] of others; take 0'],
  ])('of %s without %j', (error, without, text) => {
    expect(reasonOf(error, ...without)).toBe(text)
  })

  test('is all there is to say of errors that are expected', () => {
    expect([new UserError('a'), new Interrupted('SIGINT'), ours, system].map(isExpected)).toEqual([true, true, true, true])
    expect([new Error('a'), new TypeError('a'), 'a', undefined, { syscall: 'open' }].map(isExpected)).toEqual([false, false, false, false, false])
  })
})

/** A program that throws. */
function failing(error: unknown, more: { readonly reasonOf?: (error: unknown) => string } = {}): Promise<Result> {
  const run = (): Promise<never> => Promise.reject(error)
  return runHereOf(cliOf({ name: 'it', parseOptions: () => ({ options: {} }), run, left: 'no page was written', ...more }))([])
}

describe('a program', () => {
  test('hands over options, screen and signal, or prints the help', async () => {
    const { signal } = new AbortController()
    const seen: unknown[] = []
    const cli = cliOf({
      name: 'it',
      parseOptions: argv => (argv[0] === '--help' ? { help: 'Usage: it\n\n' } : { options: argv.length }),
      run: async (options, screen, given) => void seen.push(options, screen.columns, given),
      left: '',
    })
    expect(await runHereOf(cli)(['a', 'b'], { columns: 33, signal })).toEqual({ code: 0, out: '', err: '', drawn: '' })
    expect(seen).toEqual([2, 33, signal])
    expect(await runHereOf(cli)(['--help'])).toMatchObject({ code: 0, out: 'Usage: it\n', err: '' })
    expect(seen).toHaveLength(3)
  })

  test.each<[unknown, number, string]>([
    [new UserError('mend this'), 1, 'it: mend this\n'],
    [new UserError('mend that', { exitCode: 2 }), 2, 'it: mend that\n'],
    [ours, 1, 'it: [sum] no such axis here; take 0\n'],
    [system, 1, 'it: EACCES: permission denied\n'],
    [new Interrupted('SIGINT'), 130, 'it: stopped by Ctrl-C; no page was written\n'],
    [new Interrupted('SIGTERM', 'half a page was written'), 143, 'it: stopped by SIGTERM; half a page was written\n'],
    [new TypeError('x is not a function'), 1, 'it: x is not a function\nit: this is a mistake in the program; DEBUG=1 shows where\n'],
    ['a text', 1, 'it: a text\nit: this is a mistake in the program; DEBUG=1 shows where\n'],
  ])('tells %s', async (error, code, err) => {
    delete process.env['DEBUG']
    expect(await failing(error)).toMatchObject({ code, out: '', err })
  })

  test('tells reasons in its own way', async () => {
    expect(await failing(ours, { reasonOf: error => reasonOf(error, 'op') })).toMatchObject({ code: 1, err: 'it: no such axis here; take 0\n' })
  })

  test('with DEBUG tells where', async () => {
    process.env['DEBUG'] = '1'
    expect((await failing(new TypeError('x'))).err).toMatch(/^it: x\nTypeError: x\n +at .*cli\.test\.ts/)
    expect((await failing('a text')).err).toBe('it: a text\na text\n')
    expect((await failing(new Interrupted('SIGINT'))).err).toBe('it: stopped by Ctrl-C; no page was written\n')
  })
})
