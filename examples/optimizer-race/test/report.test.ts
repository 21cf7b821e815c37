import { describe, expect, test } from 'vitest'
import { RACERS } from '../src/racers.ts'
import { renderReport } from '../src/report.ts'
import type { Point } from '../src/valley.ts'

const ways = RACERS.map((racer, i) => ({ racer, rate: racer.rate, points: [[-1.2, 1], [0.1 * i, 0]] as Point[], heights: [4, 0.5 + i] }))
const lost = { racer: RACERS[0]!, rate: 1, points: [[-1.2, 1], [1e9, Infinity], [Number.NaN, 0]] as Point[], heights: [4, Infinity, Number.NaN] }
const learned = RACERS.map((racer, i) => ({ racer, losses: [2, 1, 0.1 * (i + 1)], accuracies: [0.1, 0.5, 0.99 - i / 100] }))
const report = { ways, learned, steps: 1, epochs: 3, seed: 5 }

describe('the report', () => {
  const page = renderReport(report)

  test('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\bsrc=|href="[^#]/)
  })

  test('can be read by everybody', () => {
    expect(page).toMatch(/<html lang="en">/)
    expect(page).toContain('name="viewport"')
    expect(page).toContain('prefers-color-scheme: dark')
    for (const [picture] of page.matchAll(/<svg[^>]*>/g)) expect(picture).toMatch(/aria-label="[^"]+"|aria-hidden="true"/)
    expect(page.match(/<th /g)!.length).toBe(page.match(/<th scope="(row|col)"/g)!.length)
  })

  test('shows every racer on a map and in both kinds of curves, and refers only to what it draws', () => {
    expect(page.match(/<use href="#valley"/g)).toHaveLength(RACERS.length)
    expect(page.match(/<use href="#heights"/g)).toHaveLength(RACERS.length)
    expect(page.match(/<use href="#losses"/g)).toHaveLength(RACERS.length)
    for (const [, id] of page.matchAll(/href="#(\w+)"/g)) expect(page).toContain(`<symbol id="${id}"`)
  })

  test('draws who left the valley, a single value, and no digits', () => {
    for (const changed of [{ ways: [...ways, lost] }, { ways: [lost] }, { learned: [] }, { learned: learned.map(each => ({ ...each, losses: [Number.NaN] })) }, { ways: ways.slice(0, 1), learned: learned.slice(0, 1) }]) {
      const other = renderReport({ ...report, ...changed })
      expect(other.replaceAll(/<t[dh][^>]*>NaN|, NaN at the end/g, '')).not.toMatch(/NaN|undefined|Infinity/)
    }
    expect(renderReport({ ...report, learned: [] })).not.toContain('handwritten')
  })

  test('its level curves lie on their heights', () => {
    const [, d] = /<path class="level" d="M([^Z]*)Z/.exec(page)!
    for (const pair of d!.split('L')) {
      const [px, py] = pair.split(',').map(Number) as [number, number]
      // Back from the map of 200 by 155 to the plane, where the first curve is at a height of 0.05.
      const [x, y] = [-1.8 + (px / 200) * 3.6, 2.1 - (py / 155) * 2.8]
      expect(Math.abs((1 - x) ** 2 + 20 * (y - x * x) ** 2 - 0.05)).toBeLessThan(0.02)
    }
  })
})
