import type { Local, Value } from './code.ts'
import { instruction, int, memory, select } from './code.ts'
import type { LaneOp, Lanes } from './lanes.ts'
import { bits } from './lanes.ts'
import type { Form } from './loops.ts'
import type { FunctionBody, Module } from './module.ts'

// Comparisons and choices of float32: sixteen numbers a turn, as many as there are bytes in a vector of truth values.

interface Operand {
  readonly vector: (offset: number) => Value
  readonly step: (bytes: number) => void
}

/** An operand that runs along the row, or stands still. */
function operand(f: FunctionBody, lanes: Lanes, runs: boolean, start: Local): Operand {
  const at = f.local(start)
  if (runs) return { vector: offset => lanes.load(at, offset), step: bytes => f.step(at, bytes) }
  const value = f.local(lanes.loadSplat(at))
  return { vector: () => value, step: () => {} }
}

/**
 * Compares the numbers of a plane; the results are bytes. Parameters: rows, columns, left, bytes between its rows, right, bytes between its rows, output (dense).
 */
export function compareLoop(m: Module, name: string, lanes: Lanes, form: Form, kind: LaneOp): void {
  m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, left, leftRow, right, rightRow, out) => {
    f.while(rows.gt(0), () => {
      const a = operand(f, lanes, form[0] === 'v', left)
      const b = operand(f, lanes, form[1] === 'v', right)
      const n = f.local(columns)
      const one = f.local(bits('splatBytes', int(1)))
      const advance = (count: number): void => {
        a.step(count * 4)
        b.step(count * 4)
        f.step(out, count)
        f.step(n, -count)
      }
      f.while(n.ge(16), () => {
        const [m0, m1, m2, m3] = [0, 16, 32, 48].map(offset => lanes.op(kind, a.vector(offset), b.vector(offset))) as [Value, Value, Value, Value]
        f.store(out, bits('and', bits('narrowTo8', bits('narrowTo16', m0, m1), bits('narrowTo16', m2, m3)), one))
        advance(16)
      })
      f.while(n.gt(0), () => {
        // The rest as vectors of which one lane counts: reading beyond the row stays within the memory.
        f.storeByte(out, firstLane(lanes.op(kind, a.vector(0), b.vector(0))).and(1))
        advance(1)
      })
      f.step(left, leftRow)
      f.step(right, rightRow)
      f.step(rows, -1)
    })
  })
}

const firstLane = (vector: Value): Value => instruction('i32', [0xfd, 0x1b, 0], vector)

/**
 * Takes each number from the left where the condition's byte is not 0, else from the right, all of one size or single numbers.
 * Parameters: how many, condition, left, right, output.
 */
export function whereLoop(m: Module, name: string, lanes: Lanes, form: Form): void {
  m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32'], (f, n, condition, left, right, out) => {
    const a = operand(f, lanes, form[0] === 'v', left)
    const b = operand(f, lanes, form[1] === 'v', right)
    const zero = f.local(bits('splatBytes', int(0)))
    const advance = (count: number): void => {
      a.step(count * 4)
      b.step(count * 4)
      f.step(condition, count)
      f.step(out, count * 4)
      f.step(n, -count)
    }
    f.while(n.ge(16), () => {
      const truth = f.local(bits('differBytes', lanes.load(condition), zero))
      const halves = [f.local(bits('low16', truth)), f.local(bits('high16', truth))]
      halves.forEach((half, h) => {
        for (const [q, part] of (['low32', 'high32'] as const).entries()) {
          const offset = h * 32 + q * 16
          f.store(out, bits('select', a.vector(offset), b.vector(offset), bits(part, half)), offset)
        }
      })
      advance(16)
    })
    f.while(n.gt(0), () => {
      const truth = instruction('i32', [0x2d, ...memory(0)], condition)
      f.store(out, select(truth, lanes.extract(a.vector(0), 0), lanes.extract(b.vector(0), 0)))
      advance(1)
    })
  })
}
