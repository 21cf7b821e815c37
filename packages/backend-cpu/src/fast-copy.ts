import type { TypedArray } from '@ashlar/core'
import { SPLIT, address, run } from './fast.ts'
import { SMALL } from './pool.ts'
import type { Task } from './threads/team.ts'
import { engine } from './wasm/engine.ts'

/** Strides of a plane on one side, in elements. */
export interface CopySide {
  readonly data: TypedArray
  readonly row: number
  readonly col: number
}

/** Copies a plane, from one place of an array to one of another. */
export type Copy = (from: number, to: number) => void

/** How planes of 4-byte words are copied to rows that are dense, where the vectors can; else null. */
export function fastCopy(from: CopySide, to: CopySide, rows: number, cols: number): Copy | null {
  if (to.data.length <= SMALL || to.data.BYTES_PER_ELEMENT !== 4 || to.col !== 1 || cols < 4) return null
  const e = engine()
  if (e === null || !e.owns(to.data)) return null
  const source = address(e, from.data, 0)
  if (source === 0) return null
  const family = e.family('copy', 'f32')
  const split = rows * cols >= SPLIT.cheap
  const [row, col, toRow] = [from.row * 4, from.col * 4, to.row * 4]
  const out = to.data.byteOffset
  const over = (name: string, move: number, rest: readonly number[], step = 1): Copy => {
    const func = family.get(name)!
    return (i, o) => run(e, rows, step, split, (first, end): Task => [func, end - first, cols, source + i * 4 + first * row, move, out + o * 4 + first * toRow, toRow, ...rest])
  }
  if (from.col === 1) return over('rows', row, [])
  if (from.col === 0) return over('spread', row, [])
  if (from.row === 1 && rows >= 4) return over('turned', col, [], 16)
  return over('gather', row, [col])
}
