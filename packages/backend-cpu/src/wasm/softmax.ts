import type { Lanes } from './lanes.ts'
import { exp, log } from './elementary.ts'
import type { Local, Value } from './code.ts'
import { shuffle } from './lanes.ts'
import type { FunctionBody, Module } from './module.ts'

function across(f: FunctionBody, lanes: Lanes, kind: 'add' | 'max', vector: Local): Value {
  const pair = f.local(lanes.op(kind, vector, shuffle(vector, vector, [2, 3, 0, 1])))
  return lanes.op(kind, pair, shuffle(pair, pair, [1, 0, 3, 2]))
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
    const along = (whole: () => void, rest: () => void): void => {
      f.set(at, x)
      f.set(to, out)
      f.set(n, columns)
      f.while(n.ge(4), () => {
        whole()
        f.step(at, 16)
        f.step(to, 16)
        f.step(n, -4)
      })
      f.while(n.gt(0), () => {
        rest()
        f.step(at, 4)
        f.step(to, 4)
        f.step(n, -1)
      })
    }
    f.while(rows.gt(0), () => {
      const best = f.local(splat(-Infinity))
      along(() => f.set(best, op('max', best, load(at))), () => f.set(best, op('max', best, loadSplat(at))))
      f.set(best, across(f, lanes, 'max', best))
      const sum = f.local(splat(0))
      const rest = f.local(lanes.constant(0))
      const power = (vector: Value): Value => exp(f, lanes, [f.local(op('sub', vector, best))])[0]!
      along(() => {
        const value = f.local(power(load(at)))
        if (!logarithm) f.store(to, value)
        f.set(sum, op('add', sum, value))
      }, () => {
        const value = f.local(lanes.extract(power(loadSplat(at)), 0))
        if (!logarithm) f.store(to, value)
        f.set(rest, lanes.one('add', rest, value))
      })
      const total = f.local(op('add', across(f, lanes, 'add', sum), splat(rest)))
      if (logarithm) {
        f.set(total, log(f, lanes, [total])[0]!)
        const one = (vector: Value): Value => op('sub', op('sub', vector, best), total)
        along(() => f.store(to, one(load(at))), () => f.store(to, lanes.extract(one(loadSplat(at)), 0)))
      } else {
        f.set(total, op('div', splat(1), total))
        along(() => f.store(to, op('mul', load(to), total)), () => f.store(to, lanes.one('mul', lanes.loadOne(to), lanes.extract(total, 0))))
      }
      f.set(x, at)
      f.set(out, to)
      f.step(rows, -1)
    })
  })
}
