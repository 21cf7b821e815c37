import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { numberText, polynomialText } from '../src/format.ts'
import { plot } from '../src/plot.ts'
import { runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()

describe('a run', () => {
  const out = join(folder, 'new', 'first')

  test('shows losses, coefficients and curves, and writes a page', async () => {
    const { code, out: text, err } = await runProcess(['--out', out])
    expect([code, err]).toEqual([0, ''])
    expect(text).toContain('60 around y = 0.5 − 2x + x² + 3x³')
    expect(text).toMatch(/^step {4}0 {2}loss \d\.\d{4}$/m)
    expect(text).toMatch(/^step 1000 {2}loss \d\.\d{4}$/m)
    expect(text).toMatch(/^ {3,}.*o points, 1 the curve of degree 1, 3 the curve of degree 3$/m)
    expect(text).not.toContain('\x1b')
    // 1, x, x² and x³: solved, descended and their difference.
    const rows = [...text.matchAll(/^(?:1|x[²³]?) +(-?[\d.]+) +(-?[\d.]+) +(-?[\d.]+) +([\d.e+-]+)$/gm)]
    expect(rows).toHaveLength(6)
    for (const [, , solved, found, difference] of rows) {
      expect(Math.abs(Number(solved) - Number(found))).toBeLessThan(2e-4)
      expect(Number(difference)).toBeLessThan(1e-3)
    }
    expect(readdirSync(out)).toEqual(['regression.html'])
  })

  test('prints the same for the same seed, and something else for another one', async () => {
    const numbers = async (seed: string): Promise<string> => (await runHere(['--steps', '50', '--seed', seed, '--out', out])).out
    expect(await numbers('3')).toBe(await numbers('3'))
    expect(await numbers('4')).not.toBe(await numbers('3'))
  })

  test('works without noise, with the highest degree, and with few points', async () => {
    for (const more of [['--noise', '0'], ['--degrees', '9,2,1,4'], ['--points', '10']]) {
      const { code, err } = await runHere(['--steps', '40', '--out', out, ...more])
      expect([code, err]).toEqual([0, ''])
      expect(readFileSync(join(out, 'regression.html'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/)
    }
  })
})

test('the page needs nothing from elsewhere, and can be read by everybody', async () => {
  await runHere(['--steps', '30', '--out', folder])
  const page = readFileSync(join(folder, 'regression.html'), 'utf8')
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\b(src|href)=/)
  expect(page).toMatch(/<html lang="en">/)
  expect(page).toContain('name="viewport"')
  expect(page).toContain('prefers-color-scheme: dark')
  for (const [picture] of page.matchAll(/<svg[^>]*>/g)) expect(picture).toMatch(/aria-label="[^"]+"|aria-hidden="true"/)
  expect(page.match(/<th /g)!.length).toBe(page.match(/<th scope="(row|col)"/g)!.length)
  expect(page.match(/<circle class="dot"/g)).toHaveLength(60)
  // The truth and two fits, then two losses; three and two more in the legends.
  expect(page.match(/class="curve /g)).toHaveLength(10)
})

test('the plot puts points and curves where they are', () => {
  const fits = [{ degree: 2, coefficients: [0, 0, 1] }]
  const lines = plot({ x: [-1, 0, 1], y: [0, 1, 1] }, fits, { columns: 80, colors: false })
  // Eighteen rows from 1 down to 0, 72 columns from -1 to 1 behind the axis.
  expect(lines[0]).toMatch(/1\.0 ┤2.*2$/)
  expect(lines[0]!.indexOf('o') - 7).toBe(36)
  expect(lines[17]).toMatch(/0\.0 ┤o.*2/)
  expect(plot({ x: [0], y: [1] }, [{ degree: 1, coefficients: [1, 0] }], { columns: 20, colors: true }).join('\n')).toContain('\x1b[38;5;75m1\x1b[0m')
  for (const columns of [24, 40, 500]) for (const line of plot({ x: [-1, 1], y: [0, 1] }, fits, { columns, colors: false }).slice(0, -1)) expect(line.length).toBeLessThanOrEqual(Math.min(columns, 80))
})

test('polynomials are written as people write them', () => {
  expect([[0.5, -2, 1, 3], [0, -1], [0, 0, 0, 2.5], [-1]].map(polynomialText)).toEqual(['0.5 − 2x + x² + 3x³', '−x', '2.5x³', '−1'])
  expect([-0.16754, 99_999, 6_364_825.26].map(numberText)).toEqual(['-0.1675', '99999.0000', '6.365e+6'])
})

describe('options', () => {
  test('--help lists all of them, with defaults and an example', async () => {
    const { code, out, err } = await runHere(['--help'])
    expect([code, err]).toEqual([0, ''])
    for (const name of ['points', 'noise', 'degrees', 'steps', 'lr', 'seed', 'out', 'help']) expect(out).toContain(`  --${name} `)
    expect(out).toMatch(/--steps.*default: 1000/)
    expect(out).toContain('Example:')
  })

  test.each([
    [['--points', '9'], 'whole number from 10'],
    [['--points', 'many'], 'whole number from 10'],
    [['--noise', '-1'], 'number from 0 to 100'],
    [['--noise', ''], 'number from 0 to 100'],
    [['--degrees', '0'], '1 to 4 different whole numbers from 1 to 9'],
    [['--degrees', '1,1'], '1 to 4 different whole numbers from 1 to 9'],
    [['--degrees', '1,2,3,4,5'], '1 to 4 different whole numbers from 1 to 9'],
    [['--degrees', '1,'], '1 to 4 different whole numbers from 1 to 9'],
    [['--steps', '1.5'], 'whole number from 1'],
    [['--lr', '0'], 'a number above 0'],
    [['--lr', 'NaN'], 'a number above 0'],
    [['--seed', '-1'], 'whole number from 0'],
    [['--out', ''], 'Expected a name'],
    [['--step', '3'], 'Did you mean --steps?'],
    [['--lr', '5'], 'try an --lr below 5'],
    [['12'], 'too many arguments'],
  ])('%j is refused in one line', async (argv, words) => {
    const { code, err } = await runHere([...(argv.includes('--out') ? [] : ['--out', folder]), ...argv])
    expect(code).toBe(1)
    expect(err).toMatch(/^regression: .*\n$/)
    expect(err).toContain(words)
  })

  test('a folder that cannot be made is refused before any work', async () => {
    writeFileSync(join(folder, 'a-file'), 'mine')
    expect(await runHere(['--out', join(folder, 'a-file')])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('there is a file of that name') })
    expect(readFileSync(join(folder, 'a-file'), 'utf8')).toBe('mine')
  })
})

test('Ctrl-C ends a long descent in one line', async () => {
  const out = join(folder, 'stopped')
  let sent = false
  const { code, err } = await runProcess(['--steps', '1000000', '--out', out], (text, kill) => {
    if (sent || !text.includes('loss')) return
    sent = true
    kill('SIGINT')
  })
  expect(code).toBe(130)
  expect(err).toBe('regression: stopped by Ctrl-C; no page was written\n')
  expect(existsSync(join(out, 'regression.html'))).toBe(false)
})
