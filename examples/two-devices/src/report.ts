import type { Page } from '@ashlar-examples/shared/page'
import { escape, scrolling, section, table } from '@ashlar-examples/shared/page'
import { scaleLinear } from 'd3-scale'
import type { Span, Work } from './clock.ts'
import type { Options } from './options.ts'
import type { Findings } from './run.ts'
import { NOTE } from './run.ts'
import { STYLE } from './style.ts'
import { HEADS, bytesText, productsOf, summaryOf, timeText } from './summary.ts'
import { WORK, rangeOf } from './timeline.ts'

/** The page of a run. */
export function reportOf({ spans, rows, difference, together, alone }: Findings, options: Options): Page {
  const devices = rows.length === 1 ? 'one simulated GPU' : `${rows.length} simulated GPUs`
  return {
    title: `One product over ${devices}`,
    result: `AᵀA for A of shape (${options.rows}, ${options.columns}): the sum of the parts is the whole, with a largest relative difference of ${difference.toExponential(1)}.`,
    style: STYLE,
    sections: [
      section('timeline', 'Timeline', `${legend()}\n${scrolling('Timeline', `<figure>${drawTimeline(spans, rows.length)}</figure>`)}\n<p>All devices together took ${timeText(together)} ms, the whole on the host ${timeText(alone)} ms. ${escape(NOTE)}</p>`),
      section('devices', 'Devices', table('Devices', HEADS, summaryOf(spans, rows))),
      section('products', 'Products', table('Products', ['Milliseconds', 'Start', 'End', 'Took'], productsOf(spans))),
      section('settings', 'Settings', table('Settings', ['Setting', 'Value'], [['GPUs', options.gpus], ['Rows', options.rows], ['Columns', options.columns], ['Products each', options.products], ['Seed', options.seed]].map(row => row.map(String)))),
    ],
  }
}

const styleOf = (work: Work): string => work.replace(' ', '-')

function legend(): string {
  return `<ul class="legend">${(Object.keys(WORK) as Work[]).map(work => `<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${styleOf(work)}" width="12" height="12" rx="2"/></svg> ${work}</li>`).join('')}</ul>`
}

const [WIDTH, LANE, GAP, LEFT] = [900, 30, 12, 72]

/** A lane for each device; pointing at a block tells what it is. */
function drawTimeline(spans: readonly Span[], devices: number): string {
  const [start, end] = rangeOf(spans)
  const x = scaleLinear([0, end - start], [LEFT, WIDTH - 10])
  const bottom = devices * (LANE + GAP)
  const lanes = Array.from({ length: devices }, (_, device) => {
    const top = device * (LANE + GAP)
    return `<rect class="lane" x="${LEFT}" y="${top}" width="${WIDTH - 10 - LEFT}" height="${LANE}"/><text x="0" y="${top + LANE / 2 + 5}">gpu(${device})</text>`
  })
  const order = Object.keys(WORK)
  const blocks = [...spans].sort((a, b) => order.indexOf(a.work) - order.indexOf(b.work)).map(({ device, work, start: from, end: to, bytes }) => {
    const [left, right] = [x(from - start), x(to - start)]
    const title = `${work} on gpu(${device}): ${timeText(from - start)} to ${timeText(to - start)} ms, ${bytesText(bytes)}`
    // What takes no time to speak of should still be seen.
    return `<rect class="${styleOf(work)}" x="${round(left)}" y="${device * (LANE + GAP)}" width="${round(Math.max(1.2, right - left))}" height="${LANE}"><title>${title}</title></rect>`
  })
  const ticks = x.ticks(8).map(tick => `<path class="grid" d="M${round(x(tick))} 0V${bottom}"/><text x="${round(x(tick))}" y="${bottom + 16}" text-anchor="middle">${tick}${tick === 0 ? ' ms' : ''}</text>`)
  const label = `Timeline of ${devices === 1 ? 'one device' : `${devices} devices`} over ${timeText(end - start)} ms. Products and copies are in the tables below.`
  return `<svg viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img" aria-label="${escape(label)}">\n${[...lanes, ...ticks, ...blocks].join('\n')}\n</svg>`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
