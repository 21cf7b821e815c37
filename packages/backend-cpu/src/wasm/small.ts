import type { Local, Value } from './code.ts'
import { select } from './code.ts'
import type { Lanes } from './lanes.ts'
import { shuffle } from './lanes.ts'
import { byRows, directTile } from './micro.ts'
import type { Func, FunctionBody, Module } from './module.ts'
import { called } from './module.ts'

/** Shapes of direct tiles: the widest that the registers hold for each number of rows, then two vectors, then one. */
function widths(rows: number): number[] {
  const widest = [8, 6, 3, 2, 2, 2][rows - 1]!
  return [...new Set([widest, 2, 1])].filter(width => width <= widest)
}

/**
 * Products that are too small for packing to pay: the right side is read as it lies, its columns side by side, at least a vector of them.
 * Parameters: m, n, k, left, bytes between its rows, bytes between its steps, right, bytes between its lines, out, bytes between output lines.
 */
export function direct(m: Module, lanes: Lanes, rows: number): Func {
  const tiles = Array.from({ length: rows }, (_, i) => widths(i + 1).map(vectors => ({ columns: vectors * lanes.count, func: directTile(m, lanes, i + 1, vectors) })))
  const lines = tiles.map(sizes =>
    m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, n, k, left, leftRow, leftStep, right, rightLine, out, outLine) => {
      const j = f.local(0)
      const tile = (func: Func): void => f.call(func, k, left, leftRow, leftStep, right.add(j.shl(lanes.shift)), rightLine, out.add(j.shl(lanes.shift)), outLine)
      for (const { columns, func } of sizes) {
        f.while(j.add(columns).le(n), () => {
          tile(func)
          f.step(j, columns)
        })
      }
      // The last columns as a whole vector, of which some are computed again, and come out the same.
      f.if(j.lt(n), () => {
        f.set(j, n.sub(lanes.count))
        tile(sizes.at(-1)!.func)
      })
    }))
  return m.func('direct', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, height, n, k, left, leftRow, leftStep, right, rightLine, out, outLine) => {
    const i = f.local(0)
    f.range(i, height, rows, () => {
      const count = f.local(height.sub(i).min(rows))
      byRows(f, count, lines, [n, k, left.add(i.mul(leftRow)), leftRow, leftStep, right, rightLine, out.add(i.mul(outLine)), outLine])
    })
  })
}

/**
 * Products with a transposed right side of few columns: these are laid side by side, and the left side is read as it lies.
 * Parameters: those of {@link direct}, where the lines of the right are its columns, and scratch.
 */
export function narrow(m: Module, lanes: Lanes, across: Func, directly: Func): Func {
  return m.func('narrow', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, height, n, k, left, leftRow, leftStep, right, rightLine, out, outLine, scratch) => {
    const width = f.local(n.add(lanes.count - 1).and(-lanes.count))
    f.call(across, right, rightLine, k, n, width, scratch)
    f.call(directly, height, n, k, left, leftRow, leftStep, scratch, width.shl(lanes.shift), out, outLine)
  })
}

/** The sum of a vector's lanes for each of `count` vectors, as one vector. */
function sums(f: FunctionBody, lanes: Lanes, vectors: readonly Local[]): Value {
  if (lanes.count === 2) {
    const [a, b] = vectors as [Local, Local]
    return lanes.op('add', shuffle(a, b, [0, 2]), shuffle(a, b, [1, 3]))
  }
  const [a, b, c, d] = vectors as [Local, Local, Local, Local]
  const low = f.local(lanes.op('add', shuffle(a, b, [0, 4, 1, 5]), shuffle(a, b, [2, 6, 3, 7])))
  const high = f.local(lanes.op('add', shuffle(c, d, [0, 4, 1, 5]), shuffle(c, d, [2, 6, 3, 7])))
  return lanes.op('add', shuffle(low, high, [0, 1, 4, 5]), shuffle(low, high, [2, 3, 6, 7]))
}

/**
 * Few rows times the lines of a transposed right side: both run along memory, so that each sum is a dot product and
 * nothing has to be packed. Parameters: m, n, k, left, bytes between its lines, right, bytes between its lines, out, bytes between output lines.
 */
export function dots(m: Module, lanes: Lanes): Func {
  const n = lanes.count
  /** Two rows of the left with a vector's worth of lines of the right; with one row the second repeats the first. */
  const block = m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, k, left, leftLine, right, rightLine, out, outLine) => {
    const rows = [left, f.local(left.add(leftLine))]
    const lines = [right]
    for (let j = 1; j < n; j++) lines.push(f.local(lines[j - 1]!.add(rightLine)))
    const acc = rows.map(() => lines.map(() => f.local(lanes.splat(0))))
    const loaded = rows.map(() => f.local('v128'))
    const line = f.local('v128')
    f.while(k.ge(n), () => {
      rows.forEach((row, i) => f.set(loaded[i]!, lanes.load(row)))
      lines.forEach((address, j) => {
        f.set(line, lanes.load(address))
        acc.forEach((sumsOfRow, i) => f.set(sumsOfRow[j]!, lanes.multiplyAdd(loaded[i]!, line, sumsOfRow[j]!)))
      })
      for (const address of [...rows, ...lines]) f.step(address, 16)
      f.step(k, -n)
    })
    const totals = acc.map(vectors => f.local(sums(f, lanes, vectors)))
    f.while(k.gt(0), () => {
      // One number of each line, gathered into a vector.
      f.set(line, lanes.gather(lines))
      totals.forEach((total, i) => f.set(total, lanes.multiplyAdd(lanes.loadSplat(rows[i]!), line, total)))
      for (const address of [...rows, ...lines]) f.step(address, lanes.bytes)
      f.step(k, -1)
    })
    f.store(out, totals[0]!)
    f.if(outLine, () => f.store(out.add(outLine), totals[1]!))
  })
  const one = m.func(null, ['i32', 'i32', 'i32'], (f, k, a, b) => {
    const acc = f.local(lanes.splat(0))
    f.while(k.ge(n), () => {
      f.set(acc, lanes.multiplyAdd(lanes.load(a), lanes.load(b), acc))
      f.step(a, 16)
      f.step(b, 16)
      f.step(k, -n)
    })
    let total = lanes.extract(acc, 0)
    for (let lane = 1; lane < n; lane++) total = lanes.one('add', total, lanes.extract(acc, lane))
    const sum = f.local(total)
    f.while(k.gt(0), () => {
      f.set(sum, lanes.one('add', sum, lanes.one('mul', lanes.loadOne(a), lanes.loadOne(b))))
      f.step(a, lanes.bytes)
      f.step(b, lanes.bytes)
      f.step(k, -1)
    })
    f.result(sum)
  }, lanes.scalar)
  return m.func('dots', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, height, width, k, left, leftLine, right, rightLine, out, outLine) => {
    const j = f.local(0)
    const i = f.local('i32')
    const target = (): Value => out.add(i.mul(outLine)).add(j.shl(lanes.shift))
    f.while(j.add(n).le(width), () => {
      f.set(i, 0)
      f.range(i, height, 2, () => {
        const pair = i.add(1).lt(height)
        f.call(block, k, left.add(i.mul(leftLine)), select(pair, leftLine, 0), right.add(j.mul(rightLine)), rightLine, target(), select(pair, outLine, 0))
      })
      f.step(j, n)
    })
    f.range(j, width, 1, () => {
      f.set(i, 0)
      f.range(i, height, 1, () => {
        f.store(target(), called(one, k, left.add(i.mul(leftLine)), right.add(j.mul(rightLine))))
      })
    })
  })
}
