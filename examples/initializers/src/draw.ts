import type { Screen } from '@ashlar-examples/shared/screen'
import { MOST_DECADES, decades, sizeText } from './format.ts'
import type { Course, Journey } from './travel.ts'
import { reach, wayBack } from './travel.ts'

/** By decades from what was sent. */
const SHRUNK = ['·', '-', '~', '_']
const GROWN = ['·', '+', '*', '#']
/** Colours of the 256: from grey to blue for what shrinks, to red for what grows. */
const BLUES = [252, 153, 111, 69, 27, 21, 19, 18, 17]
const REDS = [252, 223, 216, 209, 203, 197, 161, 125, 89]

/** A table of strips, one character a layer, that fits the terminal. */
export function drawTerminal(journeys: readonly Journey[], course: Course, screen: Screen): string[] {
  const names = Math.max(...journeys.map(({ name }) => name.length))
  const room = Math.max(10, screen.columns - names - 28)
  const step = Math.ceil((course.depth + 1) / room)
  const table = (title: string, way: (journey: Journey) => readonly number[]): string[] => [
    '', title, ...journeys.map(journey => {
      const sizes = way(journey)
      const strip = sizes.filter((_, i) => i % step === 0 || i === course.depth)
      return `  ${journey.name.padEnd(names)}  ${strip.map(size => cell(size, screen.colors)).join('')}  ${reachText(sizes)}`
    }),
  ]
  return [
    `${course.depth} layers of ${course.width} units, activation ${course.activation}, seed ${course.seed}`,
    ...table('Signals, from the input on (left) to the output (right):', ({ forward }) => forward),
    ...table('Gradients, from the output (left) back to the input (right):', wayBack),
    '',
    screen.colors
      ? `grey: as large as sent; ${paint(' ', BLUES[4]!)} smaller, ${paint(' ', REDS[4]!)} larger, darker by the decade`
      : `${SHRUNK[0]} as large as sent, ${SHRUNK.slice(1).join(' ')} smaller and ${GROWN.slice(1).join(' ')} larger by one, two, more decades; 0 nothing left`,
  ]
}

function reachText(sizes: readonly number[]): string {
  const layers = reach(sizes)
  if (layers === sizes.length - 1) return `arrives, at ${sizeText(sizes.at(-1)!)}`
  return `${sizes[layers + 1]! < 1 ? 'vanishes' : 'explodes'} after ${layers} of ${sizes.length - 1}`
}

function cell(size: number, colors: boolean): string {
  const far = decades(size)
  if (colors) return paint(' ', (far < 0 ? BLUES : REDS)[Math.min(MOST_DECADES, Math.round(Math.abs(far)))]!)
  if (size === 0) return '0'
  return (far < 0 ? SHRUNK : GROWN)[Math.min(3, Math.round(Math.abs(far)))]!
}

const paint = (text: string, color: number): string => `\x1b[48;5;${color}m${text}\x1b[0m`
