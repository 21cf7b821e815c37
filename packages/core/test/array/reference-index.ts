import type { Slice } from '@ashlar/core'
import { newaxis } from '@ashlar/core'

/** What `get` takes, but arrays of positions as nested lists. */
export type PlainIndex = number | string | Slice | typeof newaxis | readonly number[]

/** Positions of a Python slice, found by counting, so that nothing is shared with the library's arithmetic. */
export function slicePositions(start: number | null, stop: number | null, step: number, extent: number): number[] {
  const clamp = (value: number | null, low: number, high: number, otherwise: number): number => {
    if (value === null) return otherwise
    const at = value < 0 ? value + extent : value
    return at < low ? low : at > high ? high : at
  }
  const found: number[] = []
  if (step > 0) {
    const end = clamp(stop, 0, extent, extent)
    for (let i = clamp(start, 0, extent, 0); i < end; i += step) found.push(i)
  } else {
    const end = clamp(stop, -1, extent - 1, -1)
    for (let i = clamp(start, -1, extent - 1, extent - 1); i > end; i += step) found.push(i)
  }
  return found
}

function partsOf(text: string): [number | null, number | null, number] {
  const [start, stop, step] = text.split(':').map(part => (part.trim() === '' ? null : Number(part)))
  return [start ?? null, stop ?? null, step ?? 1]
}

/** For each element of the result its flat position in the source, and the result's shape. One list of positions at most. */
export function selectFlat(shape: readonly number[], index: readonly PlainIndex[]): { shape: number[]; positions: number[] } {
  const consuming = index.filter(part => part !== '...' && part !== newaxis).length
  const whole = new Array<PlainIndex>(shape.length - consuming).fill(':')
  const at = index.indexOf('...')
  const parts = at < 0 ? [...index, ...whole] : [...index.slice(0, at), ...whole, ...index.slice(at + 1)]
  const result: number[] = []
  // Along each source axis the positions that are taken, and whether the axis stays.
  const taken: number[][] = []
  for (const part of parts) {
    if (part === newaxis) {
      result.push(1)
      continue
    }
    const extent = shape[taken.length]!
    const wrap = (i: number): number => (i < 0 ? i + extent : i)
    if (typeof part === 'number') {
      taken.push([wrap(part)])
      continue
    }
    const list = Array.isArray(part) ? part.map(wrap)
      : typeof part === 'string' ? slicePositions(...partsOf(part), extent)
        : slicePositions((part as Slice).start, (part as Slice).stop, (part as Slice).step, extent)
    taken.push(list)
    result.push(list.length)
  }
  let positions = [0]
  for (const [axis, list] of taken.entries()) {
    positions = positions.flatMap(base => list.map(i => base * shape[axis]! + i))
  }
  return { shape: result, positions }
}
