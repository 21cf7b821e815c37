import { renderDocument, scrolling, section } from '@ashlar-examples/shared/page'
import { SHAPES, drawChart } from './chart.ts'
import { MOST_DECADES, decades, sizeText } from './format.ts'
import { STYLE } from './page-style.ts'
import type { Course, Journey } from './travel.ts'
import { reach, wayBack } from './travel.ts'

/** A page that needs nothing else: no scripts, fonts or pictures from elsewhere. */
export function renderPage(journeys: readonly Journey[], course: Course): string {
  return renderDocument({ title: `How far signals travel: ${layers(course.depth)}, ${course.activation}`, style: STYLE, body: `<header>
<h1>How far signals travel</h1>
<p class="settings">${layers(course.depth)} of ${course.width} units, activation ${course.activation}, seed ${course.seed}</p>
</header>
<main>
<p>Random signals go through fresh layers, and random gradients come back. The pictures show how large they are on the way (root of the mean square), what was sent being 1.
Within the tinted band, a hundredfold in either direction, a network can learn; what leaves it has vanished or exploded.</p>
${summary(journeys, course)}
${charts(journeys)}
${numbers(journeys)}
</main>
<footer><p>The same seed draws the same picture.</p></footer>` })
}

const layers = (depth: number): string => `${depth} layer${depth === 1 ? '' : 's'}`

function summary(journeys: readonly Journey[], { depth }: Course): string {
  const rows = journeys.map(journey => {
    const [out, back] = [journey.forward, wayBack(journey)]
    return `<tr><th scope="row">${journey.name}</th><td>${strip(out, `Signals under ${journey.name}`)}</td><td>${reach(out)}</td><td>${strip(back, `Gradients under ${journey.name}`)}</td><td>${reach(back)}</td></tr>`
  })
  return section('reach', 'Layers passed before a signal is lost', `<p class="note">Of ${depth}; signals start at the input, gradients at the output. Blue is smaller than sent, red is larger; full colour is ${MOST_DECADES} decades away.</p>
${scrolling('Layers passed before a signal is lost', `<table class="reach">
<thead><tr><th scope="col" class="first">initializer</th><th scope="col">signals</th><th scope="col">layers</th><th scope="col">gradients</th><th scope="col">layers</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`)}`)
}

/** A square for each layer, coloured by how far its signal is from what was sent. */
function strip(sizes: readonly number[], label: string): string {
  const squares = sizes.map((size, i) => {
    const far = decades(size)
    const share = Math.round((Math.abs(far) / MOST_DECADES) * 100) / 100
    return share === 0 ? '' : `<path class="${far < 0 ? 'less' : 'more'}" opacity="${share}" d="M${i} 0h1v1h-1z"/>`
  })
  return `<svg class="strip" viewBox="0 0 ${sizes.length} 1" preserveAspectRatio="none" role="img" aria-label="${label}: ${sizeText(sizes.at(-1)!)} at the end">${squares.join('')}</svg>`
}

function charts(journeys: readonly Journey[]): string {
  const legend = journeys.map(({ name }, i) => `<li><svg class="curve c${i}" viewBox="0 0 30 14" aria-hidden="true"><path d="M0 7H30"/><path class="mark" transform="translate(15 7)" d="${SHAPES[i % SHAPES.length]}"/></svg>${name}</li>`)
  const ends = (way: (journey: Journey) => readonly number[]): string => journeys.map(journey => `${journey.name} ${sizeText(way(journey).at(-1)!)}`).join(', ')
  const forward = journeys.map(({ name, forward: sizes }) => ({ name, sizes }))
  const backward = journeys.map(journey => ({ name: journey.name, sizes: wayBack(journey) }))
  return section('way', 'On the way', `<ul class="legend">${legend.join('')}</ul>
<div class="charts">
<figure><figcaption>Signals, from the input to the output</figcaption>${drawChart(forward, { label: `Size of signals by layer. At the output: ${ends(({ forward: sizes }) => sizes)}.`, axis: 'layers passed' })}</figure>
<figure><figcaption>Gradients, from the output to the input</figcaption>${drawChart(backward, { label: `Size of gradients by layer. At the input: ${ends(wayBack)}.`, axis: 'layers passed, backwards' })}</figure>
</div>`)
}

function numbers(journeys: readonly Journey[]): string {
  const tableOf = (caption: string, way: (journey: Journey) => readonly number[]): string => {
    const columns = journeys.map(way)
    const rows = columns[0]!.map((_, i) => `<tr><th scope="row">${i}</th>${columns.map(sizes => `<td>${sizeText(sizes[i]!)}</td>`).join('')}</tr>`)
    return scrolling(caption, `<table><caption>${caption}</caption><thead><tr><th scope="col">layers</th>${journeys.map(({ name }) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`)
  }
  return `<details><summary>All numbers</summary>
${tableOf('Signals, by layers passed', ({ forward }) => forward)}
${tableOf('Gradients, by layers passed backwards', wayBack)}
</details>`
}
