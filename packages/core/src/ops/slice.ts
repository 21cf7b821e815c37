import { IndexError, typeError } from '../errors.ts'
import { describe } from '../shape.ts'

/** A range of positions: Python's `start:stop:step`, with null for what is left out. */
export class Slice {
  readonly start: number | null
  readonly stop: number | null
  readonly step: number

  constructor(start: number | null, stop: number | null, step: number) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** Makes a {@link Slice}: `np.slice(1, 3)` is `1:3`. */
export function slice(start: number | null = null, stop: number | null = null, step: number | null = null): Slice {
  for (const part of [start, stop, step]) {
    if (part !== null && !Number.isInteger(part)) throw typeError(`slice bounds are whole numbers or null, got ${describe(part)}`, { op: 'slice' })
  }
  if (step === 0) throw new IndexError('slice step cannot be zero', { op: 'slice' })
  return new Slice(start, stop, step ?? 1)
}

/** Stands for a new axis of extent 1 in an index. */
export const newaxis: unique symbol = Symbol.for('@ashlar/newaxis') as never

/** Reads a slice as text. @throws TypeError for anything else, IndexError for a step of 0 */
export function parseSlice(text: string, op: string): Slice {
  const parts = text.split(':')
  const numbers = parts.map(part => (part.trim() === '' ? null : Number(part)))
  if (parts.length < 2 || parts.length > 3 || numbers.some(n => n !== null && !Number.isInteger(n))) {
    throw typeError(`'${text}' is no slice`, { op, hint: `write 'start:stop:step' with any part left out, or '...'` })
  }
  if (numbers[2] === 0) throw new IndexError(`slice step cannot be zero, got '${text}'`, { op })
  return slice(numbers[0], numbers[1], numbers[2] ?? null)
}
