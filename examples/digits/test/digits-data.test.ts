import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readDigits } from '../src/digits-data.ts'
import { DATA, runHere, runProcess, temporaryFolder } from './running.ts'

const folder = temporaryFolder()
const packed = readFileSync(DATA)
const text = gunzipSync(packed).toString()
const lines = text.trimEnd().split('\n').slice(0, 40)

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

/** Forty digits, one line of them changed. */
function withLine(number: number, change: (cells: string[]) => unknown): string {
  const cells = lines[number - 1]!.split(',')
  change(cells)
  return lines.with(number - 1, cells.join(',')).join('\n')
}

describe('the data', () => {
  test('are read, gzipped or not, whatever the line ends', () => {
    const digits = readDigits(DATA)
    expect(digits.pixels.length).toBe(1797)
    expect([...digits.labels.subarray(0, 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...digits.pixels[0]!.subarray(0, 8)]).toEqual([0, 0, 5, 13, 9, 1, 0, 0])
    expect(readDigits(write('plain.csv', text.replaceAll('\n', '\r\n')))).toEqual(digits)
    expect(readDigits(write('packed.csv', packed))).toEqual(digits)
  })

  const bad: [name: string, content: string | Uint8Array, words: string][] = [
    ['empty.csv', '', 'is empty'],
    ['empty.csv.gz', '', 'is not gzipped'],
    ['cut.csv.gz', packed.subarray(0, 20_000), 'cut short or damaged'],
    ['damaged.csv.gz', packed.map((byte, i) => (i > 5000 && i < 5100 ? 0 : byte)), 'cut short or damaged'],
    ['cut.csv', lines.join('\n').slice(0, -20), 'line 40: expected 65 numbers (64 pixels and the label), got'],
    ['cut-label.csv', lines.join('\n').slice(0, -1), 'line 40: the label should be a whole number from 0 to 9, got ""'],
    ['long.csv', withLine(3, cells => cells.push('1')), 'line 3: expected 65 numbers (64 pixels and the label), got 66'],
    ['blank.csv', withLine(4, cells => cells.splice(0)), 'line 4: expected 65 numbers'],
    ['words.csv', withLine(5, cells => (cells[6] = 'x\u{1b}[31m')), String.raw`line 5: pixel 7 should be a whole number from 0 to 16, got "x\u001b[31m"`],
    ['dark.csv', withLine(6, cells => (cells[63] = '17')), 'line 6: pixel 64 should be a whole number from 0 to 16, got "17"'],
    ['minus.csv', withLine(6, cells => (cells[0] = '-1')), 'line 6: pixel 1'],
    ['half.csv', withLine(6, cells => (cells[0] = '1.5')), 'line 6: pixel 1'],
    ['label.csv', withLine(7, cells => (cells[64] = '10')), 'line 7: the label should be a whole number from 0 to 9, got "10"'],
    ['few.csv', lines.slice(0, 4).join('\n'), 'holds 4 digits; at least 5 are needed'],
    ['other.csv', gzipSync('hello'), 'line 1: expected 65 numbers'],
  ]

  test.each(bad)('%s is refused in one line', async (name, content, words) => {
    const file = write(name, content)
    const { code, out, err } = await runHere(['--data', file, '--out', join(folder, 'out')])
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(/^digits: .*\n$/)
    expect(err).toContain(name)
    expect(err).toContain(words)
  })

  test('missing, cut and wrong files end the process with 1 and one line', async () => {
    const files = [join(folder, 'not-there.csv'), ...[bad[2]!, bad[9]!].map(([name, content]) => write(name, content))]
    const results = await Promise.all(files.map(file => runProcess(['--data', file])))
    for (const { code, out, err } of results) {
      expect(err).toMatch(/^digits: .*\n$/)
      expect([code, out]).toEqual([1, ''])
    }
    expect(results[0]!.err).toContain('there is no such file')
    expect((await runHere(['--data', folder])).err).toContain('it is a folder')
  })
})
