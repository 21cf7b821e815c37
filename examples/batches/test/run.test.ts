import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Interrupted } from '@ashlar-examples/shared/errors'
import { describe, expect, test } from 'vitest'
import { drawPicture } from '../src/draw.ts'
import { cli } from '../src/cli.ts'
import { sizesText } from '../src/tell.ts'
import { runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()

describe('a run', () => {
  const out = join(folder, 'new', 'first')

  test('tells all parts, and writes a page', async () => {
    const { code, out: text, err } = await runProcess(['--out', out])
    expect([code, err]).toEqual([0, ''])
    // A fifth of 1797, rounded.
    expect(text).toContain('1797 of 8 × 8 pixels; 1438 to train with, 359 held back (seed 0)')
    const [train, test] = ['to train', 'held back'].map(name => new RegExp(`^${name} +(.*)$`, 'm').exec(text)![1]!.split(/ +/).map(Number))
    expect(train!.reduce((a, b) => a + b, 0)).toBe(1438)
    for (const [i, count] of test!.entries()) expect(Math.abs(count / (count + train![i]!) - 0.2)).toBeLessThan(0.005)
    // 1438 = 22 × 64 + 30; 30 + 1438 = 22 × 64 + 60; 60 + 1438 = 23 × 64 + 26.
    expect(text).toMatch(/^keep +22 × 64, 30 \| 22 × 64, 30 \| 22 × 64, 30$/m)
    expect(text).toMatch(/^discard +22 × 64 \| 22 × 64 \| 22 × 64$/m)
    expect(text).toMatch(/^rollover +22 × 64 \(30 wait\) \| 22 × 64 \(60 wait\) \| 23 × 64 \(26 wait\)$/m)
    expect(text).toMatch(/pictures \(64, 8, \d\)/)
    expect(text).not.toContain('\x1b')
    for (const line of text.split('\n').filter(each => !each.startsWith('Page'))) expect(line.length).toBeLessThanOrEqual(80)
    expect(readdirSync(out)).toEqual(['batches.html'])
  })

  test('prints the same for the same seed, and something else for another one', async () => {
    const numbers = async (seed: string): Promise<string> => (await runHere(['--only', '3,8', '--seed', seed, '--out', out])).out
    expect(await numbers('3')).toBe(await numbers('3'))
    expect(await numbers('4')).not.toBe(await numbers('3'))
  })

  test.each([
    [['--only', '3,8', '--transforms', 'flip,invert'], '357 of 8 × 8'],
    [['--only', '7', '--batch-size', '1', '--show', '1'], 'no refusal'],
    [['--only', '3,8', '--batch-size', '500'], 'none (286 wait) | 500 (72 wait)'],
    [['--only', '0', '--test-size', '0.5'], '89 to train with, 89 held back'],
  ])('%j works', async (argv, words) => {
    const { code, out: text, err } = await runHere([...argv, '--out', out], { columns: 40, colors: true })
    expect([code, err]).toEqual([0, ''])
    expect(text).toContain(words)
    expect(text).toContain('\x1b[38;5;')
    expect(readFileSync(join(out, 'batches.html'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/)
  })
})

test('the page needs nothing from elsewhere, and can be read by everybody', async () => {
  await runHere(['--out', folder])
  const page = readFileSync(join(folder, 'batches.html'), 'utf8')
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\b(src|href)=/)
  expect(page).toMatch(/<html lang="en">/)
  expect(page).toContain('name="viewport"')
  expect(page).toContain('prefers-color-scheme: dark')
  for (const [picture] of page.matchAll(/<svg[^>]*>/g)) expect(picture).toMatch(/aria-label="[^"]+"|aria-hidden="true"/)
  expect(page.match(/<th /g)!.length).toBe(page.match(/<th scope="(row|col)"/g)!.length)
  // Twelve digits in four stages, and twelve padded ones.
  expect(page.match(/<svg class="digit"/g)).toHaveLength(60)
  // Three modes in three epochs: 22 + 22 + 22, twice, and 22 + 22 + 23; one short batch an epoch; 30, 60 and 26 that wait.
  for (const [style, count] of [['full', 199], ['short', 3], ['waiting', 3]] as const) expect(page.match(new RegExp(`<rect class="${style}"`, 'g'))).toHaveLength(count)
})

test('pictures are drawn two pixels a character', () => {
  const pixels = [1, 0, 0.2, 1, 0, 1, 1, 0]
  expect(drawPicture({ pixels, width: 2 }, false)).toEqual(['▀▄', '▄▀'])
  expect(drawPicture({ pixels: pixels.slice(0, 2), width: 2 }, true)).toEqual(['\x1b[38;5;255;48;5;232m▀\x1b[38;5;232;48;5;232m▀\x1b[0m'])
})

test('sizes are told in short', () => {
  expect([[64, 64, 30], [5], [], [2, 2]].map(sizesText)).toEqual(['2 × 64, 30', '5', 'none', '2 × 2'])
})

describe('options', () => {
  test('--help lists all of them, with defaults and an example', async () => {
    const { code, out, err } = await runHere(['--help'])
    expect([code, err]).toEqual([0, ''])
    for (const name of ['only', 'test-size', 'batch-size', 'transforms', 'show', 'epochs', 'seed', 'out', 'help']) expect(out).toContain(`  --${name} `)
    expect(out).toMatch(/--batch-size.*default: 64/)
    for (const name of ['shift', 'flip', 'invert', 'noise', 'normalise']) expect(out).toMatch(new RegExp(`^  ${name}  .*\\w`, 'm'))
    expect(out).toContain('Example:')
  })

  test.each([
    [['--only', '12'], 'different digits from 0 to 9'],
    [['--only', '3,3'], 'different digits from 0 to 9'],
    [['--only', ''], 'different digits from 0 to 9'],
    [['--test-size', '1'], 'number from 0.01 to 0.99'],
    [['--batch-size', '0'], 'whole number from 1'],
    [['--transforms', 'twist'], 'Expected 1 to 8 of shift, flip, invert, noise, normalise'],
    [['--transforms', 'toString'], 'Expected 1 to 8 of shift'],
    [['--transforms', ''], 'Expected 1 to 8 of shift'],
    [['--show', 'all'], 'whole number from 1'],
    [['--epochs', '11'], 'whole number from 1 to 10'],
    [['--seed', '-1'], 'whole number from 0'],
    [['--out', ''], 'Expected a name'],
    [['--transform', 'flip'], 'Did you mean --transforms?'],
    [['12'], 'too many arguments'],
  ])('%j is refused in one line', async (argv, words) => {
    const { code, out, err } = await runHere(argv)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^batches: .*\n$/)
    expect(err).toContain(words)
  })

  test('a folder that cannot be made is refused before any work', async () => {
    writeFileSync(join(folder, 'a-file'), 'mine')
    expect(await runHere(['--out', join(folder, 'a-file')])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('there is a file of that name') })
  })
})

test('Ctrl-C ends it in one line, without a page', async () => {
  const out = join(folder, 'stopped')
  const controller = new AbortController()
  const errors: string[] = []
  const print = (line: string): void => {
    if (line.includes('Order')) controller.abort(new Interrupted('SIGINT'))
  }
  const code = await cli(['--out', out], { columns: 80, colors: false, print }, line => void errors.push(line), controller.signal)
  expect([code, errors]).toEqual([130, ['batches: stopped by Ctrl-C; no page was written']])
  expect(existsSync(join(out, 'batches.html'))).toBe(false)
})
