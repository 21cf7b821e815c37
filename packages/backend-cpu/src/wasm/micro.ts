import type { Value } from './code.ts'
import { int } from './code.ts'
import type { Lanes } from './lanes.ts'
import type { Func, FunctionBody, Module } from './module.ts'
import type { Local } from './code.ts'

/** Where the inner loop finds the next numbers of each side. */
interface Side {
  /** Address of row `i` (left side) or of the row of vectors (right side), for the `u`-th step of an unrolled turn. */
  readonly at: (i: number, unrolled: number) => readonly [base: Value, offset: number]
  readonly advance: (f: FunctionBody, steps: number) => void
}

/**
 * A tile of `rows` by `vectors` sums in registers. Each step loads one row of the right side as vectors and multiplies it
 * with one number of each left row. Engines have sixteen registers: twelve sums, two vectors and one number fit.
 */
function tile(f: FunctionBody, lanes: Lanes, rows: number, vectors: number, depth: Local, left: Side, right: Side, unroll: number): Local[][] {
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => f.local(lanes.splat(0))))
  const row = Array.from({ length: vectors }, () => f.local('v128'))
  const number = f.local('v128')
  const step = (unrolled: number): void => {
    row.forEach((vector, j) => {
      const [base, offset] = right.at(0, unrolled)
      f.set(vector, lanes.load(base, offset + j * 16))
    })
    sums.forEach((line, i) => {
      const [base, offset] = left.at(i, unrolled)
      f.set(number, lanes.loadSplat(base, offset))
      line.forEach((sum, j) => f.set(sum, lanes.multiplyAdd(number, row[j]!, sum)))
    })
  }
  for (const steps of unroll > 1 ? [unroll, 1] : [1]) {
    f.while(depth.ge(steps), () => {
      for (let u = 0; u < steps; u++) step(u)
      left.advance(f, steps)
      right.advance(f, steps)
      f.step(depth, -steps)
    })
  }
  return sums
}

function storeTile(f: FunctionBody, lanes: Lanes, sums: readonly (readonly Local[])[], out: Local, line: Value, add: boolean): void {
  sums.forEach((row, i) => {
    if (i > 0) f.step(out, line)
    row.forEach((sum, j) => f.store(out, add ? lanes.op('add', lanes.load(out, j * 16), sum) : sum, j * 16))
  })
}

/**
 * A tile from packed sides: `rows` numbers of the left and `vectors` vectors of the right side for each step.
 * Parameters: depth, left, right, out, bytes of an output line, whether to add to what is there.
 */
export function packedTile(m: Module, lanes: Lanes, rows: number, vectors: number): Func {
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, depth, left, right, out, line, add) => {
    const leftBytes = rows * lanes.bytes
    const sums = tile(f, lanes, rows, vectors, depth, {
      at: (i, u) => [left, u * leftBytes + i * lanes.bytes],
      advance: (body, steps) => body.step(left, steps * leftBytes),
    }, {
      at: (_, u) => [right, u * vectors * 16],
      advance: (body, steps) => body.step(right, steps * vectors * 16),
    }, 2)
    f.if(add, () => storeTile(f, lanes, sums, out, line, true), () => storeTile(f, lanes, sums, out, line, false))
  })
}

/**
 * A tile from sides as they lie: any stride between numbers of the left, lines of the right.
 * Parameters: depth, left, bytes between its rows, bytes between its steps, right, bytes between its lines, out, bytes of an output line.
 */
export function directTile(m: Module, lanes: Lanes, rows: number, vectors: number): Func {
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, depth, left, leftRow, leftStep, right, rightLine, out, line) => {
    const starts = [left]
    for (let i = 1; i < rows; i++) starts.push(f.local(starts[i - 1]!.add(leftRow)))
    const sums = tile(f, lanes, rows, vectors, depth, {
      at: i => [starts[i]!, 0],
      advance: body => starts.forEach(start => body.step(start, leftStep)),
    }, {
      at: () => [right, 0],
      advance: body => body.step(right, rightLine),
    }, 1)
    storeTile(f, lanes, sums, out, line, false)
  })
}

/** Calls the function of as many rows as there are; `funcs[0]` is that of one row. */
export function byRows(f: FunctionBody, rows: Value, funcs: readonly Func[], args: readonly Value[]): void {
  const choose = (most: number): void => {
    if (most === 1) f.call(funcs[0]!, ...args)
    else f.if(rows.ge(int(most)), () => f.call(funcs[most - 1]!, ...args), () => choose(most - 1))
  }
  choose(funcs.length)
}
