import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OptionsError, readOptions } from '../src/options.ts'
import { INTRODUCTION } from '../src/page.ts'
import type { Report } from '../src/report.ts'
import { notes } from '../src/report.ts'
import { cellsOf, markdownTable, textTable } from '../src/table.ts'

const cell = (median: number, ratio: number) => ({ median, ratio, rounds: [median] })

const report: Pick<Report, 'versions' | 'absent' | 'results'> = {
  versions: { ashlar: '1', other: '2' },
  absent: { third: 'not installed' },
  results: [
    { workload: 'small', unit: 'seconds', cells: { ashlar: cell(2.5e-6, 1), other: cell(0.00123, 492) }, failures: {} },
    { workload: 'long', unit: 'seconds', cells: { ashlar: cell(1.5, 1), other: cell(0.75, 0.5) }, failures: {} },
    { workload: 'memory', unit: 'bytes', cells: { ashlar: cell(2 ** 27, 1) }, failures: { other: 'crashed' } },
    { workload: 'ours is missing', unit: 'seconds', cells: { other: cell(0.5, NaN) }, failures: { ashlar: 'crashed' } },
  ],
}

test('a cell has a time and how many times ours it is', () => {
  expect(cellsOf(report)).toEqual([
    ['', 'ashlar', 'other'],
    ['small', '2.50 µs', '1.23 ms (492 x)'],
    ['long', '1.50 s', '750 ms (0.50 x)'],
    ['memory', '128 MiB', '–'],
    ['ours is missing', '–', '500 ms'],
  ])
})

test('the table in columns, and for a page', () => {
  expect(textTable(report).split('\n')[2]).toBe('small            2.50 µs  1.23 ms (492 x)')
  expect(markdownTable(report).split('\n').slice(0, 3)).toEqual(['|  | ashlar | other |', '| --- | --- | --- |', '| small | 2.50 µs | 1.23 ms (492 x) |'])
})

test('who is missing, and what failed, in a line each', () => {
  expect(notes(report)).toEqual(['third is not here: not installed', 'other: crashed (memory)', 'ashlar: crashed (ours is missing)'])
})

test('docs/benchmarks.md is made of the page, whoever measured; `npm run bench -- --markdown docs/benchmarks.md` makes it so', () => {
  expect(readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8').split('## Results')[0]).toBe(`${INTRODUCTION}\n`)
})

test.each([
  [['--fast'], /--fast/],
  [['--threads', '0'], '--threads takes a whole number from 1, got 0'],
  [['--rounds', 'many'], '--rounds takes a whole number from 1, got many'],
  [['--peers', 'tfjs cpu,numpy'], /^nobody is called numpy; there are tfjs cpu, /],
  [['--only', 'fft'], 'no workload is called like fft; --list names them'],
  [['--quick', '--only', 'matmul 1024'], 'no quick workload is called like matmul 1024; --list names them'],
  [['--only', '('], /^--only: /],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args, 'latest')).toThrow(OptionsError)
  expect(() => readOptions(args, 'latest')).toThrow(message)
})

test('only a run that leaves nothing out writes the latest results', () => {
  expect(readOptions([], 'latest').json).toBe('latest')
  for (const args of [['--quick'], ['--only', 'exp'], ['--peers', 'torch'], ['--from', 'there']]) expect(readOptions(args, 'latest').json).toBeNull()
  expect(readOptions(['--quick', '--json', 'here'], 'latest').json).toBe('here')
})
