import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import type { Request } from '../src/options.ts'
import { commandOf, number, option, path, positive, readOptions, whole } from '../src/options.ts'

describe('values', () => {
  test.each<[string, (text: string) => unknown, [text: string, value: unknown][], string[], string]>([
    ['whole(0, 12)', whole(0, 12), [['0', 0], ['012', 12]], ['', ' ', '-1', '13', '1.5', '1e1', '0x1', 'NaN'], 'Expected a whole number from 0 to 12'],
    ['number(-1, 2)', number(-1, 2), [['-1', -1], ['2', 2], ['1e-3', 0.001]], ['', ' ', '2.1', 'NaN', 'Infinity', 'two'], 'Expected a number from -1 to 2'],
    ['positive(0.5)', positive(0.5), [['1e-9', 1e-9], ['3', 3]], ['', '0', '-1', 'NaN', 'Infinity', 'much'], 'Expected a number above 0, such as 0.5'],
    ['path', path, [['a b', 'a b'], ['.', '.']], ['', '  '], 'Expected a name'],
  ])('%s', (_, parse, good, bad, words) => {
    for (const [text, value] of good) expect(parse(text)).toBe(value)
    for (const text of bad) expect(() => parse(text), text).toThrow(new InvalidArgumentError(words))
  })
})

describe('a command line', () => {
  const read = (argv: readonly string[], more = {}): Request<Record<string, unknown>> => readOptions(argv, {
    commandOf: write => commandOf('it', 'Does it.', write)
      .addOption(option('--count <n>', 'how many', whole(1, 9), 4))
      .addOption(option('--out <folder>', 'where to', path, '/far/away', 'away')),
    ...more,
  })

  test('is read, with defaults', () => {
    expect(read([])).toEqual({ options: { count: 4, out: '/far/away' } })
    expect(read(['--count', '7', '--out=here'])).toEqual({ options: { count: 7, out: 'here' } })
    expect(read(['--count', '7'], { optionsOf: (command: { opts(): { count: number } }) => ({ twice: 2 * command.opts().count }) })).toEqual({ options: { twice: 14 } })
  })

  test('may ask for help, which shows defaults as people know them', () => {
    const { help } = read(['--help']) as { readonly help: string }
    expect(help).toMatch(/^Usage: it /)
    expect(help).toContain('Does it.')
    expect(help).toMatch(/--count <n> +how many \(default: 4\)/)
    expect(help).toMatch(/--out <folder> +where to \(default: away\)/)
    expect(help).toMatch(/--help +show this/)
  })

  test.each([
    [['--count', '10'], "option '--count <n>' argument '10' is invalid. Expected a whole number from 1 to 9; --help lists the options"],
    [['--count'], "option '--count <n>' argument missing; --help lists the options"],
    [['--coun', '3'], "unknown option '--coun' (Did you mean --count?); --help lists the options"],
    [['--out', ' '], "option '--out <folder>' argument ' ' is invalid. Expected a name; --help lists the options"],
  ])('%j is refused in one line', (argv, message) => {
    expect(() => read(argv)).toThrow(new UserError(message))
  })

  test('that cannot be used may have an exit code and a hint of its own', () => {
    expect(() => read(['12'], { exitCode: 2, help: 'ask a friend' })).toThrow(expect.objectContaining({ name: 'UserError', exitCode: 2, message: expect.stringMatching(/^too many arguments.*; ask a friend$/) }))
  })

  test('does not hide mistakes of the program', () => {
    const broken = (): never => { throw new TypeError('broken') }
    expect(() => readOptions(['--a', '1'], { commandOf: write => commandOf('it', '', write).addOption(option('--a <n>', '', broken, 0)) })).toThrow(TypeError)
  })
})
