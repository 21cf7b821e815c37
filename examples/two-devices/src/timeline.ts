import type { Screen } from '@ashlar-examples/shared/screen'
import { scaleLinear } from 'd3-scale'
import type { Span, Work } from './clock.ts'

/** What stands for each kind of work, in colour among the 256. Later ones are drawn over earlier ones: copies are short. */
export const WORK: Readonly<Record<Work, { readonly mark: string; readonly color: number }>> = {
  'product': { mark: '█', color: 75 },
  'cut': { mark: '·', color: 245 },
  'sum': { mark: '+', color: 114 },
  'copy in': { mark: '↓', color: 215 },
  'copy out': { mark: '↑', color: 210 },
}

const MARGIN = 9

/** From the first start to the last end. */
export function rangeOf(spans: readonly Span[]): [start: number, end: number] {
  return spans.reduce<[number, number]>(([start, end], span) => [Math.min(start, span.start), Math.max(end, span.end)], [Infinity, -Infinity])
}

/** Time from left to right, a lane for each device, and a legend. */
export function drawLanes(spans: readonly Span[], devices: number, screen: Pick<Screen, 'columns' | 'colors'>): string[] {
  const width = Math.max(20, Math.min(120, screen.columns - MARGIN - 1))
  const [start, end] = rangeOf(spans)
  const x = scaleLinear([0, end - start], [0, width])
  const paint = (work: Work): string => {
    const { mark, color } = WORK[work]
    return screen.colors ? `\x1b[38;5;${color}m${mark}\x1b[0m` : mark
  }
  const lanes = Array.from({ length: devices }, (_, device) => {
    const cells = new Array<string>(width).fill(' ')
    for (const work of Object.keys(WORK) as Work[]) {
      for (const span of spans) {
        if (span.device !== device || span.work !== work) continue
        const first = Math.min(width - 1, Math.floor(x(span.start - start)))
        // A product that only begins or ends within a cell leaves it to whatever fills more of it.
        const last = Math.min(width, Math.max(first + 1, work === 'product' ? Math.round(x(span.end - start)) : Math.ceil(x(span.end - start))))
        cells.fill(paint(work), first, last)
      }
    }
    return `${`gpu(${device})`.padEnd(MARGIN)}${cells.join('').trimEnd()}`
  })
  const axis = new Array<string>(width + 8).fill(' ')
  for (const tick of x.ticks(Math.max(2, Math.floor(width / 14)))) String(tick).split('').forEach((digit, i) => (axis[Math.round(x(tick)) + i] = digit))
  const legend = (Object.keys(WORK) as Work[]).map(work => `${paint(work)} ${work}`).join('   ')
  return [...lanes, `${'ms'.padEnd(MARGIN)}${axis.join('').trimEnd()}`, `${' '.repeat(MARGIN)}${legend}`]
}
