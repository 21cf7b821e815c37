import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listBackends } from '@ashlar/core'
import { describe, expect, test } from 'vitest'
import type { Span } from '../src/clock.ts'
import { bytesText, columnsText, productsOf, summaryOf } from '../src/summary.ts'
import { drawLanes } from '../src/timeline.ts'
import { runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()
const SMALL = ['--rows', '60', '--columns', '8']

describe('a run', () => {
  const out = join(folder, 'new', 'first')

  test('draws lanes, and finds that the parts are the whole', async () => {
    const { code, out: text, err } = await runProcess(['--rows', '600', '--columns', '32', '--out', out])
    expect([code, err]).toEqual([0, ''])
    const prose = text.replaceAll('\n', ' ')
    expect(text).toContain('Devices: gpu(0), gpu(1), simulated; the host is cpu(0)')
    expect(prose).toMatch(/is refused: \[add\] .*copy one over: x\.copyto\(gpu\(0\)\) /)
    for (const device of [0, 1]) {
      expect(text).toMatch(new RegExp(`^gpu\\(${device}\\) .*[↓+]`, 'm'))
      expect(text).toMatch(new RegExp(`^gpu\\(${device}\\) +300 .* 4 in `, 'm'))
    }
    expect([...text.matchAll(/^gpu\([01]\), product [1-4] +[\d.]+ +[\d.]+ +[\d.]+$/gm)]).toHaveLength(8)
    const [, first, second, sum, whole] = /Traces of the parts: ([\d.]+) \+ ([\d.]+) = ([\d.]+); of the whole: ([\d.]+)/.exec(prose)!.map(Number)
    expect(first! + second!).toBeCloseTo(sum!, 0)
    expect(sum).toBeCloseTo(whole!, 0)
    expect(Number(/largest relative difference (\S+),/.exec(prose)![1])).toBeLessThanOrEqual(1e-5)
    expect(prose).toContain('share one processor')
    for (const line of text.split('\n').filter(each => !each.startsWith('Page'))) expect(line.length).toBeLessThanOrEqual(80)
    expect(text).not.toContain('\x1b')
    expect(readdirSync(out)).toEqual(['two-devices.html'])
  })

  test('has the same numbers for the same seed, whatever the times, and others for another one', async () => {
    const traces = async (...more: string[]): Promise<string> => /Traces[^;]*/.exec((await runHere([...SMALL, '--out', out, ...more])).out)![0]
    expect(await traces('--seed', '3')).toBe(await traces('--seed', '3', '--products', '4'))
    expect(await traces('--seed', '4')).not.toBe(await traces('--seed', '3'))
  })

  test.each([
    [['--gpus', '1'], 'divided over one device'],
    [['--gpus', '7', '--products', '50'], 'gpu(6)'],
    [['--gpus', '2', '--rows', '2', '--columns', '1'], 'The sum of the parts is the whole'],
    [['--gpus', '3', '--products', '6'], 'and 6 more on the page'],
  ])('%j works', async (argv, words) => {
    const { code, out: text, err } = await runHere([...SMALL, ...argv, '--out', out], { columns: 50, colors: true })
    expect([code, err]).toEqual([0, ''])
    expect(text.replaceAll('\n', ' ')).toContain(words)
    expect(readFileSync(join(out, 'two-devices.html'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/)
    expect(listBackends().map(({ name }) => name)).not.toContain('simulated-gpus')
  })
})

test('the page needs nothing from elsewhere, and can be read by everybody', async () => {
  await runHere([...SMALL, '--gpus', '3', '--products', '2', '--out', folder])
  const page = readFileSync(join(folder, 'two-devices.html'), 'utf8')
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\b(src|href)=/)
  expect(page).toMatch(/<html lang="en">/)
  expect(page).toContain('name="viewport"')
  expect(page).toContain('prefers-color-scheme: dark')
  for (const [picture] of page.matchAll(/<svg[^>]*>/g)) expect(picture).toMatch(/aria-label="[^"]+"|aria-hidden="true"/)
  expect(page.match(/<th /g)!.length).toBe(page.match(/<th scope="(row|col)"/g)!.length)
  expect(page.match(/<rect class="lane"/g)).toHaveLength(3)
  expect(page.match(/<title>product on gpu\(\d\)/g)).toHaveLength(6)
  expect(page).toContain('share one processor')
})

const span = (device: number, work: Span['work'], start: number, end: number, bytes = 0): Span => ({ device, work, start, end, bytes })
const spans = [span(0, 'copy in', 100, 102, 2_000_000), span(1, 'copy in', 102, 104, 20_000), span(0, 'product', 104, 112), span(1, 'product', 112, 120), span(0, 'copy out', 119.9, 120, 40)]

test('lanes have time from left to right', () => {
  // Twenty milliseconds in twenty characters.
  expect(drawLanes(spans, 2, { columns: 30, colors: false })).toEqual([
    'gpu(0)   ↓↓  ████████       ↑',
    'gpu(1)     ↓↓        ████████',
    'ms       0         10        20',
    '         █ product   · cut   + sum   ↓ copy in   ↑ copy out',
  ])
  expect(drawLanes(spans, 2, { columns: 30, colors: true })[0]).toContain('\x1b[38;5;75m█\x1b[0m')
})

test('the summary adds up times and bytes', () => {
  expect(summaryOf(spans, [7, 8])).toEqual([
    ['gpu(0)', '7', '2.0 MB in 2.00 ms', '1 in 8.00 ms', '0.00 ms', '40 B in 0.10 ms'],
    ['gpu(1)', '8', '20 kB in 2.00 ms', '1 in 8.00 ms', '0.00 ms', '0 B in 0.00 ms'],
  ])
  expect(productsOf(spans)).toEqual([['gpu(0), product 1', '4.00', '12.00', '8.00'], ['gpu(1), product 1', '12.00', '20.00', '8.00']])
  expect(columnsText([['a', 'bc'], ['def', 'g']])).toEqual(['a    bc', 'def   g'])
  expect([999, 10_000, 999_999, 1_000_000].map(bytesText)).toEqual(['999 B', '10 kB', '1000 kB', '1.0 MB'])
})

describe('options', () => {
  test('--help lists all of them, with defaults and an example', async () => {
    const { code, out, err } = await runHere(['--help'])
    expect([code, err]).toEqual([0, ''])
    for (const name of ['gpus', 'rows', 'columns', 'products', 'seed', 'out', 'help']) expect(out).toContain(`  --${name} `)
    expect(out).toMatch(/--gpus.*default: 2/)
    expect(out).toContain('Example:')
  })

  test.each([
    [['--gpus', '0'], 'whole number from 1 to 16'],
    [['--gpus', 'two'], 'whole number from 1 to 16'],
    [['--gpus', '17'], 'whole number from 1 to 16'],
    [['--gpus', '4', '--rows', '3'], '--rows 3 are too few for 4 GPUs'],
    [['--rows', '1.5'], 'whole number from 1'],
    [['--columns', '100000'], 'whole number from 1 to 512'],
    [['--products', '0'], 'whole number from 1'],
    [['--seed', '-1'], 'whole number from 0'],
    [['--out', ''], 'Expected a name'],
    [['--gpu', '3'], 'Did you mean --gpus?'],
    [['12'], 'too many arguments'],
  ])('%j is refused in one line', async (argv, words) => {
    const { code, out, err } = await runHere(argv)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^two-devices: .*\n$/)
    expect(err).toContain(words)
  })

  test('a folder that cannot be made is refused before any work', async () => {
    writeFileSync(join(folder, 'a-file'), 'mine')
    expect(await runHere(['--out', join(folder, 'a-file')])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('there is a file of that name') })
  })
})

test('Ctrl-C ends a long run in one line', async () => {
  const out = join(folder, 'stopped')
  let sent = false
  const { code, err } = await runProcess(['--rows', '40000', '--products', '100', '--out', out], (text, kill) => {
    if (sent || !text.includes('AᵀA')) return
    sent = true
    kill('SIGINT')
  })
  expect(code).toBe(130)
  expect(err).toBe('two-devices: stopped by Ctrl-C; no page was written\n')
  expect(existsSync(join(out, 'two-devices.html'))).toBe(false)
})
