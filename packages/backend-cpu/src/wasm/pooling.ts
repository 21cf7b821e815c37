import type { Local, Value } from './code.ts'
import { instruction, select } from './code.ts'
import { field, fields } from './columns.ts'
import type { Lanes } from './lanes.ts'
import { shuffle } from './lanes.ts'
import type { FunctionBody } from './module.ts'
import { Module } from './module.ts'

// Pooling of float32 planes: a window's rows are brought together first, along whole lines of the array, then its columns.

const toFloat = (n: Value): Value => instruction('f32', [0xb2], n)

/** Where windows lie along one axis: the part of each that is within the array, and how many elements count in a mean. */
interface Axis {
  readonly from: Local
  readonly to: Local
  readonly counted: Local
}

function axisOf(f: FunctionBody, window: Local, stride: Local, pad: Local, kernel: Local, extent: Local, includePad: Local): Axis {
  const start = f.local(window.mul(stride).sub(pad))
  const end = f.local(start.add(kernel))
  const from = f.local(start.max(0))
  const to = f.local(end.min(extent).max(from))
  return { from, to, counted: f.local(select(includePad, end.min(extent.add(pad)).sub(start).max(0), to.sub(from))) }
}

function shapes(f: FunctionBody, description: Local) {
  return {
    ...fields(f, description, 'height', 'width', 'kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'padHeight', 'padWidth', 'outHeight', 'outWidth'),
    includePad: f.local(field(description, 'includePad')),
  }
}

/** Whether windows are pairs of neighbours along a line, all within it. */
function arePairs(f: FunctionBody, s: Record<'width' | 'kernelWidth' | 'strideWidth' | 'padWidth' | 'outWidth', Local>): Local {
  return f.local(s.kernelWidth.eq(2).and(s.strideWidth.eq(2)).and(s.padWidth.eq(0)).and(s.outWidth.mul(2).le(s.width)))
}

/** Goes along `n` numbers from the addresses `at`, a vector at a time, then one by one. */
function alongLine(f: FunctionBody, at: readonly Local[], n: Local, vector: () => void, one: () => void): void {
  f.while(n.ge(4), () => {
    vector()
    for (const address of at) f.step(address, 16)
    f.step(n, -4)
  })
  f.while(n.gt(0), () => {
    one()
    for (const address of at) f.step(address, 4)
    f.step(n, -1)
  })
}

/** `maxPool` and `avgPool`. Parameters: description, planes, input, output, scratch of one line. */
function forward(m: Module, lanes: Lanes, name: 'maxPool' | 'avgPool'): void {
  const kind = name === 'maxPool' ? 'max' : 'add'
  m.func(name, ['i32', 'i32', 'i32', 'i32', 'i32'], (f, description, planes, x, out, line) => {
    const s = shapes(f, description)
    const nothing = f.local(lanes.splat(kind === 'max' ? -Infinity : 0))
    const pairs = arePairs(f, s)
    const lineBytes = f.local(s.width.shl(2))
    const row = f.local('i32')
    const column = f.local('i32')
    const r = f.local('i32')
    f.while(planes.gt(0), () => {
      f.set(row, 0)
      f.range(row, s.outHeight, 1, () => {
        const rows = axisOf(f, row, s.strideHeight, s.padHeight, s.kernelHeight, s.height, s.includePad)
        const [to, n] = [f.local(line), f.local(s.width)]
        const first = f.local(x.add(rows.from.mul(lineBytes)))
        const height = f.local(rows.to.sub(rows.from))
        const at = f.local('i32')
        alongLine(f, [first, to], n, () => {
          const best = f.local(nothing)
          f.set(at, first)
          f.set(r, 0)
          f.range(r, height, 1, () => {
            f.set(best, lanes.op(kind, best, lanes.load(at)))
            f.step(at, lineBytes)
          })
          f.store(to, best)
        }, () => {
          const best = f.local(lanes.extract(nothing, 0))
          f.set(at, first)
          f.set(r, 0)
          f.range(r, height, 1, () => {
            f.set(best, lanes.one(kind, best, lanes.loadOne(at)))
            f.step(at, lineBytes)
          })
          f.store(to, best)
        })
        f.set(column, 0)
        const divided = (sum: Value, counted: Value): Value => (kind === 'max' ? sum : lanes.one('div', sum, toFloat(counted.mul(rows.counted))))
        f.if(pairs, () => {
          const count = f.local(lanes.splat(toFloat(rows.counted.shl(1))))
          const from = f.local(line)
          f.while(column.add(4).le(s.outWidth), () => {
            const [low, high] = [f.local(lanes.load(from)), f.local(lanes.load(from, 16))]
            const both = lanes.op(kind, shuffle(low, high, [0, 2, 4, 6]), shuffle(low, high, [1, 3, 5, 7]))
            f.store(out, kind === 'max' ? both : lanes.op('div', both, count))
            f.step(from, 32)
            f.step(out, 16)
            f.step(column, 4)
          })
        })
        f.range(column, s.outWidth, 1, () => {
          const columns = axisOf(f, column, s.strideWidth, s.padWidth, s.kernelWidth, s.width, s.includePad)
          const best = f.local(lanes.extract(nothing, 0))
          const c = f.local(columns.from)
          f.range(c, columns.to, 1, () => f.set(best, lanes.one(kind, best, lanes.loadOne(line.add(c.shl(2))))))
          f.store(out, divided(best, columns.counted))
          f.step(out, 4)
        })
      })
      f.step(x, s.height.mul(lineBytes))
      f.step(planes, -1)
    })
  })
}

/** Writes `maxPool` and `avgPool`. */
export function poolingModule(lanes: Lanes): Module {
  const m = new Module()
  forward(m, lanes, 'maxPool')
  forward(m, lanes, 'avgPool')
  return m
}
