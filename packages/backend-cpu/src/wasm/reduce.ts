import type { Local, Value } from './code.ts'
import { instruction } from './code.ts'
import type { Lanes } from './lanes.ts'
import { bits, shuffle } from './lanes.ts'
import type { FunctionBody, Module } from './module.ts'

/** How numbers are brought together. */
export type Reduction = 'sum' | 'max' | 'min'

/**
 * Sums of float32 are kept in double, as everywhere in this backend: a sum of many numbers loses nothing on its way. A
 * gatherer takes vectors of four numbers.
 */
interface Gatherer {
  readonly take: (vector: Value) => void
  /** The four results, as one vector of float32. */
  readonly result: () => Value
  /** All four brought together, as one number. */
  readonly total: () => Value
}

function gatherer(f: FunctionBody, narrow: Lanes, wide: Lanes, kind: Reduction): Gatherer {
  if (kind !== 'sum') {
    const best = f.local(narrow.splat(kind === 'max' ? -Infinity : Infinity))
    const last = (): Value => {
      const pair = f.local(narrow.op(kind, best, shuffle(best, best, [2, 3, 0, 1])))
      return narrow.extract(narrow.op(kind, pair, shuffle(pair, pair, [1, 0, 3, 2])), 0)
    }
    return { take: vector => f.set(best, narrow.op(kind, best, vector)), result: () => best, total: last }
  }
  const low = f.local(wide.splat(0))
  const high = f.local(wide.splat(0))
  return {
    take: value => {
      const vector = f.local(value)
      f.set(low, wide.op('add', low, bits('promoteLow', vector)))
      f.set(high, wide.op('add', high, bits('promoteLow', shuffle(vector, vector, [2, 3, 0, 1]))))
    },
    result: () => shuffle(f.local(bits('demote', low)), f.local(bits('demote', high)), [0, 1, 4, 5]),
    total: () => {
      const sum = f.local(wide.op('add', low, high))
      return wide.one('add', wide.extract(sum, 0), wide.extract(sum, 1))
    },
  }
}

/** Each row of float32 to one number. Parameters: rows, columns, input, output. */
export function reduceRows(m: Module, name: string, narrow: Lanes, wide: Lanes, kind: Reduction): void {
  m.func(name, ['i32', 'i32', 'i32', 'i32'], (f, rows, columns, x, out) => {
    const n = f.local('i32')
    f.while(rows.gt(0), () => {
      f.set(n, columns)
      // Two at a time hide what an addition takes.
      const pair = [gatherer(f, narrow, wide, kind), gatherer(f, narrow, wide, kind)]
      f.while(n.ge(8), () => {
        pair.forEach((gather, i) => gather.take(narrow.load(x, i * 16)))
        f.step(x, 32)
        f.step(n, -8)
      })
      const sum = kind === 'sum'
      const type = sum ? wide : narrow
      const total = f.local(type.one(sum ? 'add' : kind, pair[0]!.total(), pair[1]!.total()))
      f.while(n.gt(0), () => {
        const next = narrow.loadOne(x)
        f.set(total, type.one(sum ? 'add' : kind, total, sum ? widened(next) : next))
        f.step(x, 4)
        f.step(n, -1)
      })
      f.store(out, sum ? narrowed(total) : total)
      f.step(out, 4)
      f.step(rows, -1)
    })
  })
}

/** Columns of float32, each to one number: `rows` of them, `columns` apart. Parameters: rows, columns from here on, bytes between rows, input, output. */
export function reduceColumns(m: Module, name: string, narrow: Lanes, wide: Lanes, kind: Reduction): void {
  m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, line, x, out) => {
    const at = f.local('i32')
    const r = f.local('i32')
    // Sixteen columns are a line of the cache.
    for (const vectors of [4, 1]) {
      f.while(columns.ge(vectors * 4), () => {
        f.set(at, x)
        f.set(r, rows)
        const gatherers = Array.from({ length: vectors }, () => gatherer(f, narrow, wide, kind))
        f.while(r.gt(0), () => {
          gatherers.forEach((gather, i) => gather.take(narrow.load(at, i * 16)))
          f.step(at, line)
          f.step(r, -1)
        })
        gatherers.forEach((gather, i) => f.store(out, gather.result(), i * 16))
        f.step(x, vectors * 16)
        f.step(out, vectors * 16)
        f.step(columns, -vectors * 4)
      })
    }
    f.while(columns.gt(0), () => {
      f.set(at, x)
      f.set(r, rows)
      const gather = gatherer(f, narrow, wide, kind)
      f.while(r.gt(0), () => {
        gather.take(narrow.loadSplat(at))
        f.step(at, line)
        f.step(r, -1)
      })
      f.store(out, narrow.extract(gather.result(), 0))
      f.step(x, 4)
      f.step(out, 4)
      f.step(columns, -1)
    })
  })
}

function widened(value: Value): Value {
  return unaryNumber('f64', 0xbb, value)
}

function narrowed(value: Local): Value {
  return unaryNumber('f32', 0xb6, value)
}

function unaryNumber(type: 'f32' | 'f64', opcode: number, value: Value): Value {
  return instruction(type, [opcode], value)
}
