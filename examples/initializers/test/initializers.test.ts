import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Interrupted } from '@ashlar-examples/shared/errors'
import { runHereOf, temporaryFolder } from '@ashlar-examples/shared/running'
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'
import { Constant, Orthogonal, Zero } from '@ashlar/init'
import { describe, expect, test } from 'vitest'
import { candidates } from '../src/candidates.ts'
import { cli } from '../src/cli.ts'
import { drawTerminal } from '../src/draw.ts'
import { decades, sizeText } from '../src/format.ts'
import { renderPage } from '../src/page.ts'
import type { Journey } from '../src/travel.ts'
import { reach, travel, wayBack } from '../src/travel.ts'

registerBackend(cpuBackend())
const folder = temporaryFolder()

const course = { depth: 20, width: 32, activation: 'none', seed: 1 } as const
const named = (name: string) => candidates().find(candidate => candidate.name === name)!

const runHere = runHereOf(cli)
const run = (...argv: string[]): ReturnType<typeof runHere> => runHere(argv, { columns: 100 })

describe('journeys', () => {
  test('orthogonal layers change no signal\'s size, there and back', () => {
    const { forward, backward } = travel({ name: 'orthogonal', initializer: new Orthogonal({ scale: 1 }) }, course)
    expect([forward.length, backward.length]).toEqual([21, 21])
    for (const size of [...forward, ...backward]) expect(size).toBeCloseTo(1, 5)
    const doubled = travel({ name: 'orthogonal', initializer: new Orthogonal({ scale: 2 }) }, { ...course, depth: 3 })
    doubled.forward.forEach((size, layer) => expect(size).toBeCloseTo(2 ** layer, 4))
    wayBack(doubled).forEach((size, layer) => expect(size).toBeCloseTo(2 ** layer, 4))
  })

  test('the way of a constant weight, by hand', () => {
    // All units of the first layer get c times the sum of the inputs; each further layer multiplies by c times the width.
    const { forward } = travel({ name: 'constant', initializer: new Constant(0.5) }, { ...course, width: 2, depth: 4 })
    expect(forward[2]! / forward[1]!).toBeCloseTo(1, 5)
    const { forward: wider } = travel({ name: 'constant', initializer: new Constant(0.5) }, { ...course, width: 8, depth: 4 })
    expect(wider[2]! / wider[1]!).toBeCloseTo(4, 5)
  })

  test('nothing comes out of zeros, and ones overflow at last', () => {
    const zero = travel({ name: 'zero', initializer: new Zero() }, course)
    expect([zero.forward[1], reach(zero.forward), reach(wayBack(zero))]).toEqual([0, 0, 0])
    const one = travel(named('One'), { ...course, depth: 60 })
    expect(Number.isFinite(one.forward.at(-1)!)).toBe(false)
    expect(reach(one.forward)).toBe(1)
  })

  test('with relu, half of each signal is lost and MSRAPrelu makes up for it', () => {
    const relu = { ...course, activation: 'relu', width: 64 } as const
    expect(reach(travel(named('MSRAPrelu, slope 0'), relu).forward)).toBe(20)
    expect(reach(travel(named('Xavier'), relu).forward)).toBeLessThan(18)
    expect(reach(travel(named('Uniform(0.07)'), relu).forward)).toBeLessThan(6)
  })

  test('the same seed gives the same journey, another one another', () => {
    const at = (seed: number): Journey => travel(named('Xavier'), { ...course, seed })
    expect(at(5)).toEqual(at(5))
    expect(at(5).forward).not.toEqual(at(6).forward)
  })

  test('reach counts the layers before a signal leaves a factor of a hundred', () => {
    expect(reach([1, 0.1, 0.01, 0.001])).toBe(2)
    expect(reach([1, 99, 101, 1])).toBe(1)
    expect(reach([1, NaN])).toBe(0)
    expect(reach([1, 1])).toBe(1)
  })
})

const journeys: Journey[] = [
  { name: 'steady', forward: [1, 1.1, 0.9], backward: [1, 1, 1] },
  { name: 'fading', forward: [1, 0.05, 1e-20], backward: [0, 1e-9, 1] },
  { name: 'growing', forward: [1, 2e5, Infinity], backward: [NaN, 300, 1] },
]

describe('pictures', () => {
  test('the terminal has a strip for each, within its width', () => {
    const lines = drawTerminal(journeys, { ...course, depth: 2 }, { columns: 80, colors: false, print: () => {} })
    expect(lines.slice(3, 6)).toEqual(['  steady   ···  arrives, at 0.9', '  fading   ·-_  vanishes after 1 of 2', '  growing  ·##  explodes after 0 of 2'])
    expect(lines[9]).toBe('  fading   ·_0  vanishes after 0 of 2')
    const long = journeys.map(journey => ({ ...journey, forward: new Array<number>(201).fill(1), backward: new Array<number>(201).fill(1) }))
    for (const line of drawTerminal(long, { ...course, depth: 200 }, { columns: 60, colors: false, print: () => {} }).slice(0, -1)) expect(line.length).toBeLessThanOrEqual(62)
    const colored = drawTerminal(journeys, { ...course, depth: 2 }, { columns: 80, colors: true, print: () => {} })
    expect(colored[3]).toContain('\x1b[48;5;252m \x1b[0m')
    expect(colored[4]).toContain('\x1b[48;5;17m')
  })

  const page = renderPage(journeys, { ...course, depth: 2 })

  test('the page needs nothing from elsewhere, and holds every number', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\b(src|href)=/)
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
    expect(page).toContain('prefers-color-scheme: dark')
    for (const text of ['0.9', '1.0e-20', '2.0e5', 'overflow', '300']) expect(page).toContain(`<td>${text}</td>`)
    for (const [picture] of page.matchAll(/<svg[^>]*>/g)) expect(picture).toMatch(/aria-label="[^"]+"|aria-hidden="true"/)
    expect(page.match(/<th /g)!.length).toBe(page.match(/<th scope="(row|col)"/g)!.length)
    expect(page.match(/<g class="curve c\d">/g)).toHaveLength(6)
  })

  test('sizes in words and decades', () => {
    expect([1, 0.123, 999, 1234, 0.00123, 0, Infinity, NaN].map(sizeText)).toEqual(['1', '0.12', '1000', '1.2e3', '1.2e-3', '0', 'overflow', 'overflow'])
    expect([1, 100, 0, Infinity, NaN].map(decades)).toEqual([0, 2, -8, 8, 8])
  })
})

describe('the command', () => {
  test('draws all initializers and writes the page', async () => {
    const { code, out, err } = await run('--depth', '3', '--width', '8', '--seed', '7', '--activation', 'tanh', '--out', join(folder, 'new', 'out'))
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('3 layers of 8 units, activation tanh, seed 7')
    for (const { name } of candidates()) expect(out.split(`  ${name} `)).toHaveLength(3)
    expect(readFileSync(join(folder, 'new', 'out', 'initializers.html'), 'utf8')).toContain('<title>How far signals travel: 3 layers, tanh</title>')
    expect((await run('--depth', '3', '--width', '8', '--seed', '7', '--activation', 'tanh', '--out', join(folder, 'new', 'out'))).out).toBe(out)
  })

  test('--help lists the options', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    for (const name of ['depth', 'width', 'activation', 'seed', 'out', 'help']) expect(out).toContain(`  --${name} `)
    expect(out).toContain('Example:')
  })

  test.each([
    [['--depth', '0'], 'whole number from 1 to 200'],
    [['--depth', 'deep'], 'whole number from 1 to 200'],
    [['--width', '1'], 'whole number from 2 to 256'],
    [['--seed', '-1'], 'whole number from 0'],
    [['--activation', 'step'], 'Allowed choices are relu, tanh, sigmoid, none'],
    [['--dept', '3'], 'Did you mean --depth?'],
    [['relu'], 'too many arguments'],
  ])('%j is refused in one line', async (argv, words) => {
    const { code, out, err } = await run(...argv)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^initializers: .*\n$/)
    expect(err).toContain(words)
  })

  test('a folder that cannot be made is told', async () => {
    writeFileSync(join(folder, 'file'), '')
    const { code, err } = await run('--depth', '1', '--width', '2', '--out', join(folder, 'file', 'out'))
    expect(code).toBe(1)
    expect(err).toMatch(/^initializers: .*file.*\n$/)
    expect(existsSync(join(folder, 'file', 'out'))).toBe(false)
  })

  test('Ctrl-C ends it in one line, without a page', async () => {
    const out = join(folder, 'stopped')
    const { code, err } = await runHere(['--depth', '3', '--width', '8', '--out', out], { signal: AbortSignal.abort(new Interrupted('SIGINT')) })
    expect([code, err]).toEqual([130, 'initializers: stopped by Ctrl-C; no page was written\n'])
    expect(existsSync(out)).toBe(false)
  })
})
