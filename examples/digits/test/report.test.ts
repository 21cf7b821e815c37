import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { drawMisread } from '../src/draw.ts'
import type { Misread } from '../src/evaluate.ts'
import { confusionOf, misreadOf } from '../src/evaluate.ts'
import { showProgress } from '../src/progress.ts'
import type { Report } from '../src/report.ts'
import { renderReport } from '../src/report.ts'

const misread: Misread[] = Array.from({ length: 7 }, (_, i) => ({ pixels: Uint8Array.from({ length: 64 }, (_, p) => (p + i) % 17), label: i, predicted: i + 1, certainty: 0.9 - i / 10 }))
const epoch = (number: number) => ({ number, train: { loss: 1 / number, accuracy: 1 - 0.5 / number }, test: { loss: 1.2 / number, accuracy: 1 - 0.6 / number } })
const report: Report = {
  settings: { Data: 'a<b>&.csv' },
  history: [1, 2, 3].map(epoch),
  test: { loss: 0.4, accuracy: 0.8 },
  confusion: confusionOf([0, 1, 1, 9, 9], [0, 1, 2, 9, 8]),
  misread,
}

describe('the report', () => {
  const page = renderReport(report)

  test('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\b(src|href)=/)
  })

  test('can be read by everybody', () => {
    expect(page).toMatch(/<html lang="en">/)
    expect(page).toMatch(/<title>.*80\.0 %.*<\/title>/)
    expect(page).toContain('name="viewport"')
    expect(page).toContain('prefers-color-scheme: dark')
    for (const [picture] of page.matchAll(/<svg[^>]*>/g)) expect(picture).toMatch(/aria-label="[^"]+"|aria-hidden="true"/)
    expect(page.match(/<th /g)!.length).toBe(page.match(/<th scope="(row|col)"/g)!.length)
    expect(page).toContain('a&lt;b&gt;&amp;.csv')
  })

  test('counts every digit once in the confusion matrix', () => {
    const cells = [...page.matchAll(/<td class="(?:none|right|wrong)"[^>]*>(\d+)</g)].map(([, n]) => Number(n))
    expect(cells.length).toBe(100)
    expect(cells.reduce((a, b) => a + b, 0)).toBe(5)
  })

  test('draws curves that hold every epoch, and one epoch as well', () => {
    expect([...page.matchAll(/class="curve (?:train|test)" d="([^"]*)"/g)].filter(([, d]) => d!.split(/[ML]/).length === 4).length).toBe(4)
    for (const history of [[epoch(1)], []]) expect(renderReport({ ...report, history })).not.toMatch(/NaN|undefined|Infinity/)
    expect(renderReport({ ...report, misread: [] })).toContain('None.')
  })
})

describe('misread digits', () => {
  test('come with the surest mistake first', () => {
    const reading = { loss: 0, accuracy: 0, predicted: [1, 2, 3], certainty: [0.5, 0.7, 0.9], scores: [] }
    const pixels = misread.map(digit => digit.pixels)
    expect(misreadOf(reading, pixels, [0, 0, 3]).map(digit => digit.predicted)).toEqual([2, 1])
  })

  test('are drawn side by side, as many as fit and six at most', () => {
    const drawn = (columns: number): string[] => drawMisread(misread, { columns, colors: false })
    expect(drawn(80)).toHaveLength(10)
    expect(drawn(80).at(-2)!.match(/read as/g)).toHaveLength(4)
    expect(drawn(500).at(-2)!.match(/read as/g)).toHaveLength(6)
    expect(drawn(5).at(-2)!.match(/read as/g)).toHaveLength(1)
    for (const line of drawn(80)) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('have greys where the terminal shows them', () => {
    const lines = drawMisread(misread.slice(0, 1), { columns: 80, colors: true })
    expect(lines[0]).toContain('\x1b[48;5;232m')
    expect(lines[0]!.endsWith('\x1b[0m')).toBe(true)
  })
})

describe('progress', () => {
  test('is a bar with epoch, loss and accuracy on a terminal', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
    const progress = showProgress({ stream: stream as unknown as NodeJS.WriteStream, live: true, columns: 80, colors: true, print: () => {} }, 2, 3)
    progress.batch()
    progress.epoch(epoch(1))
    progress.stop()
    const drawn = String(stream.read())
    expect(drawn).toContain('epoch 2/2  loss 1.0000  held back 40.0 %')
    expect(drawn).toContain('░')
  })

  test('is about ten lines elsewhere', () => {
    const lines: string[] = []
    const progress = showProgress({ stream: process.stdout, live: false, columns: 80, colors: false, print: line => void lines.push(line) }, 95, 3)
    for (let number = 1; number <= 95; number++) progress.epoch(epoch(number))
    progress.stop()
    expect(lines).toHaveLength(11)
    expect(lines[0]).toContain('epoch  1/95  loss 1.0000 accuracy  50.0 %  held back: loss 1.2000 accuracy  40.0 %')
    expect(lines.at(-1)).toContain('epoch 95/95')
  })
})
