import type { Local, Value } from './code.ts'
import { instruction } from './code.ts'
import type { Lanes } from './lanes.ts'
import { bits, shuffle } from './lanes.ts'
import type { FunctionBody } from './module.ts'
import { Module } from './module.ts'

/** Goes along `n` numbers from the addresses `at`, a vector at a time, then one by one. */
function along(f: FunctionBody, at: readonly Local[], n: Local, vector: () => void, one: () => void): void {
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

/**
 * Layer normalization of rows: mean and variance are summed in double and rounded, as the composition rounds them. Parameters: rows, columns, input,
 * gamma, beta, output, the bits of epsilon.
 */
function layerNorm(m: Module, narrow: Lanes, wide: Lanes): void {
  m.func('layerNorm', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, x, gamma, beta, out, epsilon) => {
    const number = (opcode: number, type: 'f32' | 'f64', ...operands: Value[]): Value => instruction(type, [opcode], ...operands)
    const count = f.local(number(0xb7, 'f64', columns))
    /** The mean over a row of a function of its numbers. */
    const mean = (of: (x: Value, one: boolean) => Value): Value => {
      const [low, high] = [f.local(wide.splat(0)), f.local(wide.splat(0))]
      const [at, n] = [f.local(x), f.local(columns)]
      const rest = f.local(wide.constant(0))
      along(f, [at], n, () => {
        const value = f.local(of(narrow.load(at), false))
        f.set(low, wide.op('add', low, bits('promoteLow', value)))
        f.set(high, wide.op('add', high, bits('promoteLow', shuffle(value, value, [2, 3, 0, 1]))))
      }, () => f.set(rest, wide.one('add', rest, number(0xbb, 'f64', of(narrow.loadOne(at), true)))))
      const both = f.local(wide.op('add', low, high))
      const sum = wide.one('add', rest, wide.one('add', wide.extract(both, 0), wide.extract(both, 1)))
      return number(0xb6, 'f32', wide.one('div', sum, count))
    }
    f.while(rows.gt(0), () => {
      const center = f.local(mean(value => value))
      const centers = f.local(narrow.splat(center))
      const variance = mean((value, one) => {
        const distance = f.local(one ? narrow.one('sub', value, center) : narrow.op('sub', value, centers))
        return one ? narrow.one('mul', distance, distance) : narrow.op('mul', distance, distance)
      })
      const deviation = f.local(narrow.one('sqrt', narrow.one('add', variance, instruction('f32', [0xbe], epsilon))))
      const deviations = f.local(narrow.splat(deviation))
      const [scale, shift, n] = [f.local(gamma), f.local(beta), f.local(columns)]
      along(f, [x, scale, shift, out], n,
        () => f.store(out, narrow.op('add', narrow.op('mul', narrow.op('div', narrow.op('sub', narrow.load(x), centers), deviations), narrow.load(scale)), narrow.load(shift))),
        () => f.store(out, narrow.one('add', narrow.one('mul', narrow.one('div', narrow.one('sub', narrow.loadOne(x), center), deviation), narrow.loadOne(scale)), narrow.loadOne(shift))))
      f.step(rows, -1)
    })
  })
}

/**
 * `(x - mean) scale + shift` with three numbers for each channel, which the table holds one after the other: all means, all scales, all shifts.
 * `affine rows` has `inner` numbers of a channel side by side. Parameters: rows, the first one's channel, channels, inner, input, output, table.
 * `affine columns` has the channels side by side. Parameters: rows, channels, input, output, table.
 */
function affine(m: Module, lanes: Lanes): void {
  const each = (x: Value, [mean, scale, shift]: readonly Value[]): Value => lanes.op('add', lanes.op('mul', lanes.op('sub', x, mean!), scale!), shift!)
  const last = (x: Value, [mean, scale, shift]: readonly Value[]): Value => lanes.one('add', lanes.one('mul', lanes.one('sub', x, mean!), scale!), shift!)
  m.func('affine rows', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, channel, channels, inner, x, out, table) => {
    const line = f.local(channels.shl(2))
    f.while(rows.gt(0), () => {
      const at = f.local(table.add(channel.shl(2)))
      const values = [at, at.add(line), at.add(line.shl(1))].map(address => f.local(lanes.loadSplat(address)))
      along(f, [x, out], f.local(inner), () => f.store(out, each(lanes.load(x), values)), () => f.store(out, last(lanes.loadOne(x), values.map(value => lanes.extract(value, 0)))))
      f.step(channel, 1)
      f.if(channel.eq(channels), () => f.set(channel, 0))
      f.step(rows, -1)
    })
  })
  m.func('affine columns', ['i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, channels, x, out, table) => {
    f.while(rows.gt(0), () => {
      const mean = f.local(table)
      const scale = f.local(mean.add(channels.shl(2)))
      const shift = f.local(scale.add(channels.shl(2)))
      along(f, [x, out, mean, scale, shift], f.local(channels),
        () => f.store(out, each(lanes.load(x), [lanes.load(mean), lanes.load(scale), lanes.load(shift)])),
        () => f.store(out, last(lanes.loadOne(x), [lanes.loadOne(mean), lanes.loadOne(scale), lanes.loadOne(shift)])))
      f.step(rows, -1)
    })
  })
}

/** Normalizations of float32; the sums of a layer normalization are `wide`. */
export function normalizeModule(narrow: Lanes, wide: Lanes): Module {
  const m = new Module()
  layerNorm(m, narrow, wide)
  affine(m, narrow)
  return m
}
