import { specOf } from '@ashlar/core'
import type { BinaryKind, DType, ReduceKind, Shape, Tensor, UnaryKind } from '@ashlar/core'
import { Desk, generator } from './work.ts'

// What the vector kernels have to give, against definitions in double precision written out here. Sizes lie beyond 256, where vectors begin, with
// every remainder that a loop of four vectors of four can leave.

export type FloatType = 'float32' | 'float64'
type Floats = Float32Array | Float64Array

export interface Case {
  readonly name: string
  /** Throws where a result is wrong. */
  check(): void
}

const TYPES: readonly FloatType[] = ['float32', 'float64']
/** The children, which repeat all of this, look at every third remainder: those meet all of a vector, and of a turn nearly half. */
const EVERY = Number(process.env['EVERY_TAIL'] ?? 1)
const TAILS: readonly number[] = Array.from({ length: 20 }, (_, i) => i).filter(tail => tail % EVERY === 0)
const SPECIAL: Readonly<Record<FloatType, readonly number[]>> = {
  float32: [NaN, Infinity, -Infinity, 0, -0, 1.401298464324817e-45, -1e-40, 1.1754943508222875e-38, 3.4028234663852886e38, -3.4028234663852886e38, 0.5, -1.5, 2.5, 8388609, -0.3],
  float64: [NaN, Infinity, -Infinity, 0, -0, 5e-324, -1e-310, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 0.5, -1.5, 2.5, 4503599627370497, -0.3],
}
const random = generator(11)
const store = (dtype: FloatType, value: number): number => (dtype === 'float32' ? Math.fround(value) : value)

/** Numbers between -3 and 3, some of them of those that kernels get wrong. */
function mixed(dtype: FloatType, n: number, specials = 0.3): Floats {
  const pick = SPECIAL[dtype]
  const values = Array.from({ length: n }, () => (random() < specials ? pick[Math.floor(random() * pick.length)]! : random() * 6 - 3))
  return dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values)
}

const show = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

function same(what: string, got: ArrayLike<number | bigint>, size: number, wanted: (i: number) => number): void {
  if (got.length !== size) throw new Error(`${what}: ${got.length} results, not ${size}`)
  for (let i = 0; i < size; i++) {
    const value = wanted(i)
    if (!Object.is(got[i], value)) throw new Error(`${what}: result ${i} is ${show(Number(got[i]))}, not ${show(value)}`)
  }
}

/** Within an error that may depend on the position; infinities and NaN have to be the same. */
function near(what: string, got: ArrayLike<number | bigint>, size: number, wanted: (i: number) => number, error: (i: number, value: number) => number): void {
  if (got.length !== size) throw new Error(`${what}: ${got.length} results, not ${size}`)
  for (let i = 0; i < size; i++) {
    const value = wanted(i)
    const result = Number(got[i])
    if (Object.is(result, value) || Math.abs(result - value) <= error(i, value)) continue
    throw new Error(`${what}: result ${i} is ${show(result)}, not ${show(value)}`)
  }
}

/** Runs with arrays that are freed at its end. */
function desk(action: (desk: Desk) => void): void {
  const own = new Desk()
  action(own)
  own.clear()
}

function run(own: Desk, shape: Shape, dtype: DType, make: (spec: ReturnType<typeof specOf>) => unknown): ArrayLike<number | bigint> {
  const spec = specOf(shape, dtype)
  return own.read(own.keep(spec, make(spec)))
}

const halfToEven = (x: number): number => {
  if (!Number.isFinite(x) || Number.isInteger(x)) return x
  const floor = Math.floor(x)
  const rounded = x - floor < 0.5 ? floor : x - floor > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1
  return rounded === 0 ? x * 0 : rounded
}
const UNARY: Partial<Record<UnaryKind, (x: number) => number>> = { neg: x => -x, abs: Math.abs, sqrt: Math.sqrt, ceil: Math.ceil, floor: Math.floor, trunc: Math.trunc, rint: halfToEven }

const unaryCases = TYPES.flatMap(dtype => Object.entries(UNARY).map(([kind, definition]): Case => ({
  name: `unary ${kind} ${dtype}`,
  check: () => TAILS.forEach(tail => desk(own => {
    const x = mixed(dtype, 320 + tail)
    const got = run(own, [x.length], dtype, spec => own.device.kernels.unary(kind as UnaryKind, own.tensor(dtype, [x.length], x), spec))
    same(`${kind} of ${x.length}`, got, x.length, i => store(dtype, definition(x[i]!)))
  })),
})))

/** The forms in which two operands meet, for columns from 17 on, so that no row ends with a vector. */
const FORMS: Readonly<Record<string, (rows: number, cols: number) => readonly [Shape, Shape]>> = {
  'equal shapes': (r, c) => [[r, c], [r, c]],
  'a number at the left': (r, c) => [[], [r, c]],
  'a number at the right': (r, c) => [[r, c], [1]],
  'a row at the right': (r, c) => [[r, c], [c]],
  'a row at the left': (r, c) => [[1, c], [r, c]],
  'a column at the right': (r, c) => [[r, c], [r, 1]],
  'a column at the left': (r, c) => [[r, 1], [r, c]],
  'a column and a row': (r, c) => [[r, 1], [c]],
  'a long row': (r, c) => [[r, c + 300], [c + 300]],
  'planes and rows': (r, c) => [[3, r, c], [3, 1, c]],
}
const outOf = (a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length)
  const axis = (shape: Shape, i: number): number => shape[i - rank + shape.length] ?? 1
  return Array.from({ length: rank }, (_, i) => Math.max(axis(a, i), axis(b, i)))
}
/** The position in an array of that shape that meets position `i` of the output. */
function source(shape: Shape, out: Shape): (i: number) => number {
  const strides = out.map(() => 0)
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + out.length - shape.length] = stride
    stride *= shape[axis]!
  }
  return i => {
    let rest = i
    let at = 0
    for (let axis = out.length - 1; axis >= 0; axis--) {
      at += (rest % out[axis]!) * strides[axis]!
      rest = Math.floor(rest / out[axis]!)
    }
    return at
  }
}
const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1)

function pairs(dtype: FloatType, check: (own: Desk, a: Tensor, b: Tensor, out: Shape, at: (i: number) => readonly [number, number], what: string) => void): void {
  for (const [form, shapes] of Object.entries(FORMS)) {
    for (const tail of TAILS) {
      desk(own => {
        const [left, right] = shapes(17, 17 + tail)
        const out = outOf(left, right)
        const [x, y] = [mixed(dtype, sizeOf(left)), mixed(dtype, sizeOf(right))]
        const [i, j] = [source(left, out), source(right, out)]
        check(own, own.tensor(dtype, left, x), own.tensor(dtype, right, y), out, position => [x[i(position)]!, y[j(position)]!], `${form}, ${17 + tail} columns`)
      })
    }
  }
}

const BINARY: Partial<Record<BinaryKind, (a: number, b: number) => number>> = { add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b, maximum: Math.max, minimum: Math.min }
const binaryCases = TYPES.flatMap(dtype => Object.entries(BINARY).map(([kind, definition]): Case => ({
  name: `binary ${kind} ${dtype}`,
  check: () => pairs(dtype, (own, a, b, out, at, what) => {
    same(`${kind}, ${what}`, run(own, out, dtype, spec => own.device.kernels.binary(kind as BinaryKind, a, b, spec)), sizeOf(out), i => store(dtype, definition(...at(i))))
  }),
})))

const COMPARE = { eq: (a: number, b: number) => a === b, ne: (a: number, b: number) => a !== b, lt: (a: number, b: number) => a < b, le: (a: number, b: number) => a <= b, gt: (a: number, b: number) => a > b, ge: (a: number, b: number) => a >= b }
const compareCases = TYPES.flatMap(dtype => Object.entries(COMPARE).map(([kind, definition]): Case => ({
  name: `compare ${kind} ${dtype}`,
  check: () => pairs(dtype, (own, a, b, out, at, what) => {
    same(`${kind}, ${what}`, run(own, out, 'bool', spec => own.device.kernels.compare(kind as 'eq', a, b, spec)), sizeOf(out), i => (definition(...at(i)) ? 1 : 0))
  }),
})))

const whereCases = TYPES.map((dtype): Case => ({
  name: `where ${dtype}`,
  check: () => pairs(dtype, (own, a, b, out, at, what) => {
    const truth = Array.from({ length: sizeOf(out) }, () => (random() < 0.5 ? 0 : 1))
    const condition = own.tensor('bool', out, truth)
    const wanted = (i: number): number => at(i)[truth[i] === 1 ? 0 : 1]
    same(`where, ${what}`, run(own, out, dtype, spec => own.device.kernels.where(condition, a, b, spec)), sizeOf(out), wanted)
    const row = own.tensor('bool', [out.at(-1)!], truth.slice(0, out.at(-1)))
    const byRow = (i: number): number => at(i)[truth[i % out.at(-1)!] === 1 ? 0 : 1]
    same(`where by a row, ${what}`, run(own, out, dtype, spec => own.device.kernels.where(row, a, b, spec)), sizeOf(out), byRow)
  }),
}))

const REDUCE: Readonly<Record<ReduceKind, (a: number, b: number) => number>> = { sum: (a, b) => a + b, prod: (a, b) => a * b, max: Math.max, min: Math.min }
const START: Readonly<Record<ReduceKind, number>> = { sum: 0, prod: 1, max: -Infinity, min: Infinity }
const reduceCases = TYPES.flatMap(dtype => Object.entries(REDUCE).flatMap(([kind, step]) => [0, 0.002].map((specials): Case => ({
  name: `reduce ${kind} ${dtype}${specials > 0 ? ', special numbers' : ''}`,
  check() {
    const order = kind as ReduceKind
    for (const tail of TAILS) {
      for (const [shape, axes] of [[[17, 17 + tail], [1]], [[17, 17 + tail], [0]], [[5, 17, 17 + tail], [1]], [[300 + tail], [0]], [[17, 17 + tail, 3], [0, 2]], [[2, 300 + tail], [1]], [[300, 1 + tail], [0]]] as const) {
        desk(own => {
          // Factors near 1: what is special shall be so because of what goes in.
          const x = mixed(dtype, sizeOf(shape), specials).map(value => (order === 'prod' ? 1 + value / 64 : Math.abs(value) > 1e300 ? 2 : value)) as Floats
          const out = shape.filter((_, axis) => !(axes as readonly number[]).includes(axis))
          const into = shape.map((extent, axis) => ((axes as readonly number[]).includes(axis) ? 1 : extent))
          const to = source(into, shape)
          const wanted = new Float64Array(sizeOf(out)).fill(START[order])
          const sizes = new Float64Array(sizeOf(out))
          for (let i = 0; i < x.length; i++) {
            wanted[to(i)] = step(wanted[to(i)]!, x[i]!)
            sizes[to(i)]! += Math.abs(x[i]!)
          }
          const got = run(own, out, dtype, spec => own.device.kernels.reduce(order, own.tensor(dtype, shape, x), axes, spec))
          const what = `${kind} of [${shape.join(', ')}] along ${axes.join(', ')}`
          if (order === 'max' || order === 'min') same(what, got, wanted.length, i => wanted[i]!)
          // Sums are kept in double: a float32 one is off by its last rounding.
          else near(what, got, wanted.length, i => store(dtype, wanted[i]!), (i, value) => (dtype === 'float32' ? Math.abs(value) * 2 ** -23 : (order === 'sum' ? sizes[i]! : Math.abs(value)) * 1e-13))
        })
      }
    }
  },
}))))

function softmaxOf(row: readonly number[], logarithm: boolean): number[] {
  const best = Math.max(...row)
  const sum = row.reduce((total, x) => total + Math.exp(x - best), 0)
  return row.map(x => (logarithm ? x - best - Math.log(sum) : Math.exp(x - best) / sum))
}

const ROWS: Readonly<Record<string, (i: number) => number>> = {
  'common numbers': () => random() * 20 - 10,
  'far apart': () => (random() - 0.5) * 400,
  'all equal': () => 3,
  'some masked': i => (i % 3 === 0 ? -Infinity : random()),
  'all masked': () => -Infinity,
  'a NaN': i => (i === 5 ? NaN : random()),
  'an infinity': i => (i === 5 ? Infinity : random()),
  'huge ones': i => (i % 2 === 0 ? 3e38 : -3e38),
}
const softmaxCases = TYPES.flatMap(dtype => (['softmax', 'logSoftmax'] as const).map((name): Case => ({
  name: `${name} ${dtype}`,
  check: () => TAILS.forEach(tail => desk(own => {
    const columns = 33 + tail
    const rows = Object.entries(ROWS).map(([label, value]) => ({ label, values: Array.from({ length: columns }, (_, i) => store(dtype, value(i))) }))
    const shape = [rows.length, columns]
    const got = run(own, shape, dtype, spec => own.device.overrides![name]!([own.tensor(dtype, shape, rows.flatMap(({ values }) => values))], { axis: 1 } as never, spec))
    rows.forEach(({ label, values }, r) => {
      const wanted = softmaxOf(values, name === 'logSoftmax')
      const part = Array.from({ length: columns }, (_, i) => Number(got[r * columns + i]))
      const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -50
      // The smallest normal number is where float32 loses digits; a logarithm is a difference of numbers of the size of the largest.
      const largest = Math.max(...values.map(x => (Number.isFinite(x) ? Math.abs(x) : 0)), 1)
      // The difference from the largest is rounded before its power is taken.
      const relative = (value: number): number => (4 + Math.abs(Math.log(value + 2 ** -149))) * eps
      near(`${label}, ${columns} columns`, part, columns, i => store(dtype, wanted[i]!), (_, value) => (name === 'softmax' ? relative(value) * (value + 2 ** -126) : 2 * eps * (largest + Math.abs(value))))
    })
  })),
})))

/** A product by the definition, in double, with the sum of the absolute products, by which errors are judged. */
function product(a: Floats, b: Floats, [m, k, n]: readonly [number, number, number], ta: boolean, tb: boolean, aStart: number, bStart: number): { readonly sums: Float64Array; readonly sizes: Float64Array } {
  const sums = new Float64Array(m * n)
  const sizes = new Float64Array(m * n)
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const left = a[aStart + (ta ? p * m + i : i * k + p)]!
      for (let j = 0; j < n; j++) {
        const term = left * b[bStart + (tb ? j * k + p : p * n + j)]!
        sums[i * n + j]! += term
        sizes[i * n + j]! += Math.abs(term)
      }
    }
  }
  return { sums, sizes }
}

function checkProduct(dtype: FloatType, [m, k, n]: readonly [number, number, number], [aBatch, bBatch]: readonly [Shape, Shape] = [[], []], special = false): void {
  const batch = outOf(aBatch, bBatch)
  for (const [ta, tb] of [[false, false], [true, false], [false, true], [true, true]] as const) {
    desk(own => {
      const aShape = [...aBatch, ...(ta ? [k, m] : [m, k])]
      const bShape = [...bBatch, ...(tb ? [n, k] : [k, n])]
      const [a, b] = [mixed(dtype, sizeOf(aShape), 0), mixed(dtype, sizeOf(bShape), 0)]
      if (special) {
        for (const [i, value] of [NaN, Infinity, -Infinity, -0, 1e-40].entries()) {
          a[Math.floor((a.length * (i + 0.5)) / 5)] = value
          b[Math.floor((b.length * (i + 0.3)) / 5)] = value
        }
      }
      const out = [...batch, m, n]
      const got = run(own, out, dtype, spec => own.device.kernels.matmul(own.tensor(dtype, aShape, a), own.tensor(dtype, bShape, b), ta, tb, spec))
      const eps = (dtype === 'float32' ? 2 ** -24 : 2 ** -53) * (4 + 2 * Math.sqrt(k))
      const [from, other] = [source(aBatch, batch), source(bBatch, batch)]
      for (let at = 0; at < sizeOf(batch); at++) {
        const { sums, sizes } = product(a, b, [m, k, n], ta, tb, from(at) * m * k, other(at) * k * n)
        const part = Array.from({ length: m * n }, (_, i) => Number(got[at * m * n + i]))
        near(`[${aShape.join(', ')}]${ta ? 'T' : ''} times [${bShape.join(', ')}]${tb ? 'T' : ''}`, part, m * n, i => store(dtype, sums[i]!), i => eps * sizes[i]!)
      }
    })
  }
}

const matmulCases = TYPES.flatMap((dtype): Case[] => [
  { name: `matmul of all remainders ${dtype}`, check: () => TAILS.forEach(i => TAILS.forEach(j => checkProduct(dtype, [17 + i, 16 + ((i * 7 + j) % 20), 17 + j]))) },
  { name: `matmul of few rows ${dtype}`, check: () => [1, 2, 3, 5, 6, 8, 11, 12].forEach(m => TAILS.forEach(j => checkProduct(dtype, [m, 29 + ((m * 5 + j) % 20), 300 + j]))) },
  { name: `matmul of few columns ${dtype}`, check: () => [1, 2, 4, 5, 8, 9, 16].forEach(n => TAILS.forEach(i => checkProduct(dtype, [300 + i, 29 + ((n * 5 + i) % 20), n]))) },
  { name: `matmul of long sums ${dtype}`, check: () => TAILS.forEach(tail => checkProduct(dtype, [17 + (tail % 5), 1030 + tail, 18 + ((tail * 3) % 7)])) },
  { name: `matmul beyond one block ${dtype}`, check: () => ([[197, 515, 37], [13, 257, 1043], [101, 300, 1030], [129, 256, 64], [131, 128, 260]] as const).forEach(shape => checkProduct(dtype, shape)) },
  { name: `matmul of special numbers ${dtype}`, check: () => ([[33, 40, 35], [32, 40, 36], [3, 50, 300], [8, 33, 257], [300, 21, 3], [18, 600, 19]] as const).forEach(shape => checkProduct(dtype, shape, [[], []], true)) },
  {
    name: `matmul of batches ${dtype}`,
    check: () => ([[[3], [3]], [[3], []], [[], [3]], [[2, 1], [3]], [[2, 3], [1, 3]], [[1], [4]]] as const).forEach(batches => ([[17, 20, 19], [5, 30, 64]] as const).forEach(shape => checkProduct(dtype, shape, batches))),
  },
])

const ULPS = new DataView(new ArrayBuffer(4))
/** The distance from a float32 number to the next one away from 0. */
function unit(value: number): number {
  ULPS.setFloat32(0, value)
  const exponent = (ULPS.getUint32(0) >>> 23) & 255
  return 2 ** (Math.max(exponent, 1) - 150)
}

/** Functions whose vectors are not the plain kernels' arithmetic: the definition, and the error in units of the last place that is stated. */
export const ELEMENTARY: Readonly<Record<'exp' | 'log' | 'tanh' | 'sigmoid', readonly [definition: (x: number) => number, units: number]>> = {
  exp: [Math.exp, 1.5],
  log: [Math.log, 1.5],
  tanh: [Math.tanh, 2],
  sigmoid: [x => 1 / (1 + Math.exp(-x)), 2.5],
}

/** Neighbours of every place where these functions change their nature, and the ends. */
const PLACES: readonly number[] = [...SPECIAL.float32, -1, 1, 0.625, -0.625, Math.SQRT1_2, Math.SQRT2, 88.72283, 88.722839, 88.7229, -87.3365, -103.97, -103.98, -104, 89, 127 * Math.LN2, 9, 10, -1e-38, -1e-45]

/** The largest error of a function, in units of the last place, over numbers spread over all float32, and densely over those that matter most. */
export function largestError(name: keyof typeof ELEMENTARY, samples: number): number {
  const [definition] = ELEMENTARY[name]
  const bits = Float32Array.from([...PLACES, ...PLACES.map(x => -x)])
  const around = Float32Array.from({ length: bits.length * 9 }, (_, i) => neighbour(bits[i % bits.length]!, Math.floor(i / bits.length) - 4))
  let worst = measure(around)
  const chunk = 65536
  for (let start = 0; start < samples; start += chunk) {
    const step = Math.floor(2 ** 32 / samples)
    worst = Math.max(worst, measure(new Float32Array(Uint32Array.from({ length: chunk }, (_, i) => (start + i) * step).buffer)))
    const spread = 200
    worst = Math.max(worst, measure(Float32Array.from({ length: chunk }, (_, i) => ((start + i) / samples) * spread - spread / 2)))
  }
  return worst

  function measure(x: Float32Array): number {
    let largest = 0
    desk(own => {
      const tensor = own.tensor('float32', [x.length], x)
      const got = run(own, [x.length], 'float32', spec => (name === 'sigmoid' ? own.device.overrides!['sigmoid']!([tensor], {} as never, spec) : own.device.kernels.unary(name, tensor, spec)))
      for (let i = 0; i < x.length; i++) {
        const wanted = definition(x[i]!)
        const value = Number(got[i])
        if (Object.is(value, Math.fround(wanted))) continue
        const error = Math.abs(value - wanted) / unit(wanted)
        // NaN where there should be a number, the other zero, a finite number for an infinity.
        if (!(error < 1e6) || (wanted === 0 && !Object.is(wanted, value))) throw new Error(`${name}(${show(x[i]!)}) is ${show(value)}, not ${show(wanted)}`)
        if (error > largest) largest = error
      }
    })
    return largest
  }
}

function neighbour(x: number, distance: number): number {
  ULPS.setFloat32(0, x)
  ULPS.setUint32(0, ULPS.getUint32(0) + distance)
  return ULPS.getFloat32(0)
}

const elementaryCases = Object.entries(ELEMENTARY).map(([name, [, units]]): Case => ({
  name: `${name} float32 within ${units} units in the last place`,
  check() {
    const worst = largestError(name as keyof typeof ELEMENTARY, 2 ** 21)
    if (worst > units) throw new Error(`${name} is off by ${worst} units in the last place`)
  },
}))

const doubleCases = (['exp', 'log', 'tanh'] as const).map((name): Case => ({
  name: `${name} float64`,
  check: () => TAILS.forEach(tail => desk(own => {
    const x = mixed('float64', 320 + tail)
    const got = run(own, [x.length], 'float64', spec => own.device.kernels.unary(name, own.tensor('float64', [x.length], x), spec))
    near(`${name} of ${x.length}`, got, x.length, i => Math[name](x[i]!), (_, value) => Math.abs(value) * 2 ** -51)
  })),
}))

export const cases: readonly Case[] = [...unaryCases, ...elementaryCases, ...doubleCases, ...binaryCases, ...compareCases, ...whereCases, ...reduceCases, ...softmaxCases, ...matmulCases]
