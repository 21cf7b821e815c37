import type { Page } from '@ashlar-examples/shared/page'
import { escape, scrolling, section, table } from '@ashlar-examples/shared/page'
import { scaleLinear } from 'd3-scale'
import { scaled } from './draw.ts'
import type { Order, Sizes, Stage } from './lessons.ts'
import { listOf } from './lessons.ts'
import type { Options } from './options.ts'
import type { Findings } from './run.ts'
import { STYLE } from './style.ts'
import { sizesText } from './tell.ts'

const SIDE = 8
/** More pictures would only be slow to show. */
const MOST = 12

/** The page of a run. */
export function reportOf(findings: Findings, options: Options): Page {
  const { counts, statistics: { before, after } } = findings
  const [train, test] = [counts.train, counts.test].map(part => part.reduce((a, b) => a + b, 0)) as [number, number]
  const kinds = [...options.only].sort((a, b) => a - b)
  return {
    title: 'Handwritten digits in batches',
    result: `${train + test} digits: ${train} to train with, in batches of ${options.batchSize}, and ${test} held back.`,
    style: STYLE,
    sections: [
      section('split', 'Split', `<p>Both parts have the same share of each kind of digit.</p>\n${table('Split', ['Digit', ...kinds.map(String)], [
        ['to train with', ...kinds.map(kind => String(counts.train[kind]))], ['held back', ...kinds.map(kind => String(counts.test[kind]))],
      ])}`),
      section('order', 'Order', orderList(findings.orders)),
      section('transforms', 'Transforms', `<p>The first digits of a batch, before and after each transform. All pixels: mean ${before.mean.toFixed(3)} and spread ${before.spread.toFixed(3)} before, ${after.mean.toFixed(3)} and ${after.spread.toFixed(3)} after. Each row is drawn from its lowest value to its highest.</p>\n${stagesTable(findings.stages, findings.labels)}`),
      section('last', 'Last batch', lastBatches(findings.lastBatches, train, options.batchSize)),
      section('batchify', 'A batchify of your own', paddedPictures(findings.padded)),
    ],
  }
}

function orderList(orders: readonly Order[]): string {
  const items = orders.map(({ name, labels, same }) => {
    const note = same === undefined ? '' : ` <span class="note">the same as ${escape(same)}</span>`
    return `<li><b>${escape(name)}</b>${note}<br><code>${labels.slice(0, 40).join(' ')}${labels.length > 40 ? ' …' : ''}</code></li>`
  })
  return `<p>Labels of the first batch. A seed and the number of the epoch decide the order, whatever else draws random numbers.</p>\n<ul class="orders">${items.join('\n')}</ul>`
}

function stagesTable(stages: readonly Stage[], labels: readonly number[]): string {
  const shown = labels.slice(0, MOST)
  const head = shown.map(label => `<th scope="col">${label}</th>`).join('')
  const rows = stages.map(({ name, pictures }) => {
    const cells = scaled(pictures).slice(0, MOST).map((pixels, i) => `<td>${drawDigit(pixels, SIDE, `A handwritten ${labels[i]}, ${name}`)}</td>`)
    return `<tr><th scope="row">${escape(name)}</th>${cells.join('')}</tr>`
  })
  return scrolling('Digits before and after each transform', `<table class="pictures"><thead><tr><th scope="col">label</th>${head}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`)
}

function drawDigit(pixels: readonly number[], width: number, label: string): string {
  const squares = pixels.flatMap((level, i) => {
    const opacity = Math.round(Math.min(1, Math.max(0, level)) * 100) / 100
    return opacity === 0 ? [] : [`<path d="M${i % width} ${Math.floor(i / width)}h1v1h-1z" opacity="${opacity}"/>`]
  })
  return `<svg class="digit" viewBox="0 0 ${width} ${pixels.length / width}" role="img" aria-label="${escape(label)}">${squares.join('')}</svg>`
}

const [WIDTH, BAR, GAP] = [640, 16, 6]

/** Each epoch as a bar that is cut into its batches; what does not come at once is paler. */
function lastBatches(modes: Readonly<Record<string, readonly Sizes[]>>, count: number, batchSize: number): string {
  const longest = Math.max(count, ...Object.values(modes).flat().map(({ sizes, waiting }) => sizes.reduce((a, b) => a + b, 0) + waiting))
  const x = scaleLinear([0, longest], [0, WIDTH - 2])
  const figures = Object.entries(modes).map(([mode, epochs]) => {
    const bars = epochs.map(({ sizes, waiting }, epoch) => barOf(sizes, waiting, epoch * (BAR + GAP), x, batchSize))
    const text = epochs.map(({ sizes, waiting }, i) => `epoch ${i}: ${sizesText(sizes)}${waiting > 0 ? `, and ${waiting} wait` : ''}`).join('; ')
    return `<figure><figcaption><b>${mode}</b> ${escape(text)}</figcaption><svg viewBox="0 0 ${WIDTH} ${epochs.length * (BAR + GAP)}" role="img" aria-label="${escape(`${mode}: ${text}`)}">${bars.join('\n')}</svg></figure>`
  })
  return `<p>${count} digits are ${Math.floor(count / batchSize)} batches of ${batchSize}${count % batchSize === 0 ? ', and none is left over' : ` and ${count % batchSize} more`}. A bar is an epoch, a block a batch; a hollow block waits for the next epoch.</p>\n${figures.join('\n')}`
}

function barOf(sizes: readonly number[], waiting: number, top: number, x: (count: number) => number, batchSize: number): string {
  let start = 0
  const block = (size: number, style: string): string => {
    const [left, right] = [x(start), x(start + size)]
    start += size
    return `<rect class="${style}" x="${round(left + 1)}" y="${top + 1}" width="${round(Math.max(0.5, right - left - 1))}" height="${BAR}" rx="1.5"/>`
  }
  return [...sizes.map(size => block(size, size < batchSize ? 'short' : 'full')), ...(waiting > 0 ? [block(waiting, 'waiting')] : [])].join('')
}

function paddedPictures({ refusal, batch }: Findings['padded']): string {
  const widths = listOf(batch.widths)
  const labels = listOf(batch.labels)
  const width = batch.pictures.shape[2]!
  const figures = widths.slice(0, MOST).map((own, i) => `<figure>${drawDigit(listOf(batch.pictures.get(i)), width, `A handwritten ${labels[i]}, ${own} pixels wide`)}<figcaption>${own} wide</figcaption></figure>`)
  return `<p>Cut to their ink, digits are ${Math.min(...widths)} to ${Math.max(...widths)} pixels wide. The loader's own way answers:</p>
<p><code>${escape(refusal)}</code></p>
<p>A function that pads gives pictures of shape (${batch.pictures.shape.join(', ')}), and the widths.</p>
<div class="digits">${figures.join('\n')}</div>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
