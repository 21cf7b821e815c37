import { expect, test } from 'vitest'
import { parseOptions } from '../src/server/options.ts'

const DEFAULTS = { port: undefined, host: 'localhost', open: false, build: false, out: undefined, params: undefined }

test.each([
  [[], {}],
  [['--port', '8080', '--host', '0.0.0.0', '--open'], { port: 8080, host: '0.0.0.0', open: true }],
  [['--build'], { build: true }],
  [['--out', 'site'], { build: true, out: 'site' }],
  [['--params', 'my.params'], { params: 'my.params' }],
])('%j', (argv, some) => {
  expect(parseOptions(argv)).toEqual({ options: { ...DEFAULTS, ...some } })
})

test.each([
  [['--port', '0'], /Expected a whole number from 1 to 65535; --help/],
  [['--port', 'http'], /Expected a whole number/],
  [['--host', 'a b'], /Expected a name or an address/],
  [['--nonsense'], /unknown option '--nonsense'/],
  [['extra'], /too many arguments/],
])('%j is refused in one line', (argv, reason) => {
  expect(() => parseOptions(argv)).toThrow(reason)
})

test('--help names every option', () => {
  const request = parseOptions(['--help'])
  for (const name of ['--port', '--host', '--open', '--build', '--out', '--params', '--help']) expect('help' in request && request.help).toContain(name)
})
