import type { Lanes } from './lanes.ts'
import { exp, log } from './elementary.ts'
import type { Local, Value } from './code.ts'
import { shuffle } from './lanes.ts'
import type { FunctionBody, Module } from './module.ts'

function across(f: FunctionBody, lanes: Lanes, kind: 'add' | 'max', vector: Local): Value {
  const pair = f.local(lanes.op(kind, vector, shuffle(vector, vector, [2, 3, 0, 1])))
  return lanes.op(kind, pair, shuffle(pair, pair, [1, 0, 3, 2]))
}

/** Where the vectors of a turn lie, in bytes: enough of them to hide what an instruction takes. */
const TURN = [0, 16, 32, 48]

function joined({ op }: Lanes, kind: 'add' | 'max', vectors: readonly Value[]): Value {
  return vectors.reduce((a, b) => op(kind, a, b))
}

/**
 * Softmax of each row of float32, or its logarithm: exp(x - max) over its sum. Parameters: rows, columns, input, output.
 * The last numbers of a row are loaded as vectors of equal numbers, of which one lane counts.
 */
export function softmaxRows(m: Module, name: string, lanes: Lanes, logarithm: boolean): void {
  const { op, splat, loadSplat, load } = lanes
  m.func(name, ['i32', 'i32', 'i32', 'i32'], (f, rows, columns, x, out) => {
    const at = f.local('i32')
    const to = f.local('i32')
    const n = f.local('i32')
    /** Goes along a row: four vectors a turn, then one, then a number. */
    const along = (whole: (offsets: readonly number[]) => void, rest: () => void): void => {
      f.set(at, x)
      f.set(to, out)
      f.set(n, columns)
      for (const offsets of [TURN, [0]]) {
        f.while(n.ge(offsets.length * 4), () => {
          whole(offsets)
          f.step(at, offsets.length * 16)
          f.step(to, offsets.length * 16)
          f.step(n, -offsets.length * 4)
        })
      }
      f.while(n.gt(0), () => {
        rest()
        f.step(at, 4)
        f.step(to, 4)
        f.step(n, -1)
      })
    }
    f.while(rows.gt(0), () => {
      // As many as vectors in a turn, so that none waits for another.
      const bests = TURN.map(() => f.local(splat(-Infinity)))
      along(offsets => offsets.forEach((offset, i) => f.set(bests[i]!, op('max', bests[i]!, load(at, offset)))), () => f.set(bests[0]!, op('max', bests[0]!, loadSplat(at))))
      const best = f.local(across(f, lanes, 'max', f.local(joined(lanes, 'max', bests))))
      const sums = TURN.map(() => f.local(splat(0)))
      const rest = f.local(lanes.constant(0))
      const powers = (vectors: readonly Value[]): Value[] => exp(f, lanes, vectors.map(vector => f.local(op('sub', vector, best))))
      along(offsets => {
        powers(offsets.map(offset => load(at, offset))).forEach((power, i) => {
          const value = f.local(power)
          if (!logarithm) f.store(to, value, offsets[i])
          f.set(sums[i]!, op('add', sums[i]!, value))
        })
      }, () => {
        const value = f.local(lanes.extract(powers([loadSplat(at)])[0]!, 0))
        if (!logarithm) f.store(to, value)
        f.set(rest, lanes.one('add', rest, value))
      })
      const total = f.local(op('add', across(f, lanes, 'add', f.local(joined(lanes, 'add', sums))), splat(rest)))
      if (logarithm) {
        f.set(total, log(f, lanes, [total])[0]!)
        const one = (vector: Value): Value => op('sub', op('sub', vector, best), total)
        along(offsets => offsets.forEach(offset => f.store(to, one(load(at, offset)), offset)), () => f.store(to, lanes.extract(one(loadSplat(at)), 0)))
      } else {
        f.set(total, op('div', splat(1), total))
        along(offsets => offsets.forEach(offset => f.store(to, op('mul', load(to, offset), total), offset)), () => f.store(to, lanes.one('mul', lanes.loadOne(to), lanes.extract(total, 0))))
      }
      f.set(x, at)
      f.set(out, to)
      f.step(rows, -1)
    })
  })
}
