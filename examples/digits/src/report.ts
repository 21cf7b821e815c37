import { escape, renderDocument, scrolling, section, table } from '@ashlar-examples/shared/page'
import { drawChart } from './chart.ts'
import { INK, SIDE } from './digits-data.ts'
import type { Misread, Score } from './evaluate.ts'
import { lossText, percent } from './format.ts'
import { STYLE } from './report-style.ts'
import type { Epoch } from './train.ts'

/** What a report tells. */
export interface Report {
  /** What the run was made with, by name. */
  readonly settings: Readonly<Record<string, string>>
  /** Empty where the network was loaded. */
  readonly history: readonly Epoch[]
  readonly test: Score
  /** How often each digit (row) was read as each (column). */
  readonly confusion: readonly (readonly number[])[]
  readonly misread: readonly Misread[]
}

/** More pictures would only be slow to show. */
const MOST = 60

/** A page that needs nothing else: no scripts, fonts or pictures from elsewhere. */
export function renderReport(report: Report): string {
  const count = report.confusion.flat().reduce((a, b) => a + b, 0)
  return renderDocument({ title: `Handwritten digits: ${percent(report.test.accuracy)} read right`, style: STYLE, body: `<header>
<h1>Handwritten digits</h1>
<p class="result"><strong>${percent(report.test.accuracy)}</strong> of ${count} digits that were held back are read right</p>
</header>
<main>
${[training(report.history), confusionTable(report.confusion, count), misreadDigits(report.misread), settingsTable(report.settings)].filter(Boolean).join('\n')}
</main>
<footer><p>Digits: E. Alpaydin and C. Kaynak, <cite>Optical Recognition of Handwritten Digits</cite> (1998), UCI Machine Learning Repository, CC BY 4.0.</p></footer>` })
}

function training(history: readonly Epoch[]): string {
  if (history.length === 0) return ''
  const curves = (of: (score: Score) => number) => [
    { name: 'learned from', style: 'train', values: history.map(epoch => of(epoch.train)) },
    { name: 'held back', style: 'test', values: history.map(epoch => of(epoch.test)) },
  ]
  const losses = curves(score => score.loss)
  const accuracies = curves(score => score.accuracy)
  const ends = (text: (value: number) => string, [learned, heldBack]: typeof losses): string =>
    `${history.length} epochs; at the end ${text(learned!.values.at(-1)!)} for the digits learned from and ${text(heldBack!.values.at(-1)!)} for those held back. All numbers are in the table below.`
  const highest = Math.max(...losses.flatMap(curve => curve.values))
  const lowest = Math.min(...accuracies.flatMap(curve => curve.values))
  const rows = history.map(({ number, train, test }) => [String(number), lossText(train.loss), lossText(test.loss), percent(train.accuracy), percent(test.accuracy)])
  return section('training', 'Training', `<ul class="legend">${losses.map(({ name, style }) => `<li><svg viewBox="0 0 24 8" aria-hidden="true"><path class="curve ${style}" d="M0 4H24"/></svg> ${name}</li>`).join('')}</ul>
<div class="charts">
<figure><figcaption>Loss (mean cross entropy)</figcaption>${drawChart(losses, { label: `Loss by epoch. ${ends(lossText, losses)}`, low: 0, high: highest, format: value => String(value) })}</figure>
<figure><figcaption>Accuracy</figcaption>${drawChart(accuracies, { label: `Accuracy by epoch. ${ends(percent, accuracies)}`, low: Math.min(lowest, 0.99), high: 1, format: value => `${Math.round(value * 1000) / 10} %` })}</figure>
</div>
<details><summary>The numbers of each epoch</summary>
${table('The numbers of each epoch', ['Epoch', 'Loss, learned from', 'Loss, held back', 'Accuracy, learned from', 'Accuracy, held back'], rows)}</details>`)
}

function confusionTable(confusion: readonly (readonly number[])[], count: number): string {
  const rows = confusion.map((row, label) => {
    const total = row.reduce((a, b) => a + b, 0)
    const cells = row.map((n, predicted) => {
      // Mistakes are few, so that a share of the row would hardly show.
      const tint = n === 0 ? 0 : predicted === label ? Math.round((n / total) * 55) : Math.min(70, 25 + n * 12)
      return `<td class="${n === 0 ? 'none' : predicted === label ? 'right' : 'wrong'}" style="--tint:${tint}%">${n}</td>`
    })
    return `<tr><th scope="row">${label}</th>${cells.join('')}<td class="share">${total === 0 ? '–' : percent(row[label]! / total)}</td></tr>`
  })
  return section('confusion', 'What was read as what', scrolling('What was read as what', `<table class="confusion"><caption>Each row holds the digits that are one number, each column those that were read as one; ${count} in all.</caption>
<thead><tr><th scope="col">is \\ read as</th>${confusion.map((_, digit) => `<th scope="col">${digit}</th>`).join('')}<th scope="col">right</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`))
}

function misreadDigits(misread: readonly Misread[]): string {
  if (misread.length === 0) return section('misread', 'Misread digits', '<p>None.</p>')
  const figures = misread.slice(0, MOST).map(digit => `<figure>${drawDigit(digit)}<figcaption>read as <b>${digit.predicted}</b> (${percent(digit.certainty)})<br>but is <b>${digit.label}</b></figcaption></figure>`)
  return section('misread', 'Misread digits', `<p>${misread.length === 1 ? 'One digit was' : `${misread.length} digits were`} misread, the surest mistakes first (how sure, in brackets)${misread.length > MOST ? `; these are the first ${MOST}` : ''}.</p>
<div class="digits">${figures.join('\n')}</div>`)
}

function drawDigit({ pixels, label, predicted }: Misread): string {
  const squares = [...pixels].flatMap((level, i) => (level === 0 ? [] : [`<path d="M${i % SIDE} ${Math.floor(i / SIDE)}h1v1h-1z" opacity="${Math.round((level / INK) * 100) / 100}"/>`]))
  return `<svg class="digit" viewBox="-.5 -.5 ${SIDE + 1} ${SIDE + 1}" role="img" aria-label="A handwritten ${label} that was read as ${predicted}">${squares.join('')}</svg>`
}

function settingsTable(settings: Readonly<Record<string, string>>): string {
  return section('settings', 'Settings', `<table class="settings"><tbody>${Object.entries(settings).map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`).join('\n')}</tbody></table>`)
}
