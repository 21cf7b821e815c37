import { escape, renderDocument, section, table } from '@ashlar-examples/shared/page'
import type { Learned } from './digits.ts'
import { heightText, percent, rateText } from './format.ts'
import { drawValley, drawWay, panelsOf } from './maps.ts'
import { STYLE } from './report-style.ts'
import { ARRIVED, rankLearned, rankWays } from './tables.ts'
import { WALLS, arrivalOf, endOf } from './valley.ts'
import type { Way } from './valley.ts'

/** What a report tells. */
export interface Report {
  readonly ways: readonly Way[]
  /** Empty where the digits were left out. */
  readonly learned: readonly Learned[]
  readonly steps: number
  readonly epochs: number
  readonly seed: number
}

/** A page that needs nothing else: no scripts, fonts or pictures from elsewhere. */
export function renderReport(report: Report): string {
  return renderDocument({ title: `A race of ${report.ways.length} optimizers`, style: STYLE, body: `${drawValley()}
<header>
<h1>A race of ${report.ways.length} optimizers</h1>
${summary(report)}
</header>
<main>
${[maps(report), descents(report), digits(report)].filter(Boolean).join('\n')}
</main>
<footer><p>Digits: E. Alpaydin and C. Kaynak, <cite>Optical Recognition of Handwritten Digits</cite> (1998), UCI Machine Learning Repository, CC BY 4.0.</p></footer>` })
}

function summary({ ways, learned }: Report): string {
  const [lowest] = rankWays(ways)
  const [reader] = rankLearned(learned)
  const valley = lowest === undefined ? '' : `<b>${escape(lowest.racer.name)}</b> came furthest down the valley, to ${heightText(endOf(lowest))}.`
  const digits = reader === undefined ? '' : ` <b>${escape(reader.racer.name)}</b> reads the digits best, ${percent(reader.accuracies.at(-1)!)} of those held back.`
  return `<p class="result">${valley}${digits}</p>`
}

function caption(name: string, text: string, place: number): string {
  return `<figcaption><span class="place">${place}.</span> <b>${escape(name)}</b> <span>${text}</span></figcaption>`
}

function maps({ ways, steps }: Report): string {
  const figures = rankWays(ways).map((way, i) => {
    const end = heightText(endOf(way))
    return `<figure>${caption(way.racer.name, way.rate === null ? 'no rate' : `rate ${rateText(way.rate)}`, i + 1)}${drawWay(way, end)}</figure>`
  })
  return section('valley-ways', 'Through the valley', `<p>The ground is (1 − <i>x</i>)² + ${WALLS} (<i>y</i> − <i>x</i>²)²: a curved valley with steep walls, whose floor hardly slopes. From the ring on the left, ${steps} steps lead towards the cross; a dot shows where
each way ends. Lines are places of one height. Everyone tried the same learning rates; the one that led lowest is shown. The lowest end comes first.</p>
<div class="panels">${figures.join('\n')}</div>`)
}

function descents({ ways, steps }: Report): string {
  const ranked = rankWays(ways)
  const high = Math.max(10, ...ways.map(({ heights }) => heights[0]!))
  const panels = panelsOf(ways.map(way => way.heights), { id: 'heights', low: 1e-7, high, first: 0, unit: 'step' })
  const figures = ranked.map((way, i) => {
    const end = heightText(endOf(way))
    return `<figure>${caption(way.racer.name, end, i + 1)}${panels.draw(way.heights, `${way.racer.name}: height by step, ${end} at the end; the other racers behind.`)}</figure>`
  })
  const rows = ranked.map(way => [way.racer.name, rateText(way.rate), heightText(endOf(way)), String(arrivalOf(way, ARRIVED) ?? '–')])
  return section('descents', 'Height by step', `<p>On a logarithmic scale, each racer in front of all others.</p>
${panels.backdrop}
<div class="panels">${figures.join('\n')}</div>
${numbers('Heights in numbers', ['Racer', 'Learning rate', `Height after ${steps} steps`, `Stays below ${ARRIVED} from step`], rows)}`)
}

function digits({ learned, epochs, seed }: Report): string {
  if (learned.length === 0) return ''
  const ranked = rankLearned(learned)
  const panels = panelsOf(learned.map(({ losses }) => losses), { id: 'losses', low: 0.03, high: 3, first: 1, unit: 'epoch' })
  const figures = ranked.map(({ racer, losses, accuracies }, i) =>
    `<figure>${caption(racer.name, `${percent(accuracies.at(-1)!)} right`, i + 1)}${panels.draw(losses, `${racer.name}: loss by epoch, ${losses.at(-1)!.toFixed(4)} at the end; the other racers behind.`)}</figure>`)
  const rows = ranked.map(({ racer, losses, accuracies }) => [racer.name, rateText(racer.rate), losses.at(-1)!.toFixed(4), percent(accuracies.at(-1)!)])
  return section('digits', 'On handwritten digits', `<p>The loss of a network of 64, 32 and 10 units by epoch, on a logarithmic scale. First values and the order of the digits are the same for all (seed ${seed}); a fifth of the digits is held back.</p>
${panels.backdrop}
<div class="panels">${figures.join('\n')}</div>
${numbers('Digits in numbers', ['Racer', 'Learning rate', `Loss in epoch ${epochs}`, 'Held back, read right'], rows)}`)
}

function numbers(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<details><summary>${title}</summary>
${table(title, heads, rows)}</details>`
}
