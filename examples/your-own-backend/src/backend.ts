import { MAX_SIZE, allocate, isFloat, sizeOf, stridesOf } from '@ashlar/core'
import type { Backend, BinaryKind, CompareKind, DType, Device, Kernels, Shape, Spec, Tensor, UnaryKind } from '@ashlar/core'

/** What elements are kept in: the dtype's own typed array, which rounds floats and wraps integers as they are stored. */
type Values = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array
type Plain = Tensor<Values>

const allocated = ({ dtype, size }: Spec): Values => allocate(dtype, size) as Values

/** A path through an array while a shape is walked: where it starts, and how far a step along each axis leads. */
interface Path {
  readonly start?: number
  readonly strides: readonly number[]
}

/** Visits every index of a shape in C order: the number of the visit, and where up to three paths are by then. */
function walk(shape: Shape, paths: readonly Path[], visit: (n: number, i: number, j: number, k: number) => void): void {
  const index = shape.map(() => 0)
  const at = paths.map(({ start = 0 }) => start)
  const size = sizeOf(shape)
  for (let n = 0; n < size; n++) {
    visit(n, at[0]!, at[1]!, at[2]!)
    // As in an odometer the last axis turns; one that is through goes back to 0, and the axis before it turns.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const extent = shape[axis]!
      const through = ++index[axis]! === extent
      for (let p = 0; p < at.length; p++) at[p]! += paths[p]!.strides[axis]! * (through ? 1 - extent : 1)
      if (!through) break
      index[axis] = 0
    }
  }
}

const zeros = (n: number): number[] => new Array<number>(n).fill(0)

/** The path of an array that is broadcast: it stands still along axes that it lacks, or of which it has only one entry. */
function broadcast(shape: Shape, rank: number): Path {
  return { strides: [...zeros(rank - shape.length), ...stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride))] }
}

/** The path of a result that lacks the axes over which it is made, or has them as 1, which is no other place in memory. */
function without(axes: readonly number[], { shape }: Plain): Path {
  const rest = stridesOf(shape.filter((_, axis) => !axes.includes(axis)))
  return { strides: shape.map((_, axis) => (axes.includes(axis) ? 0 : rest.shift()!)) }
}

/** Each element of the output from those of up to three arrays. */
function elementwise(out: Spec, inputs: readonly Plain[], f: (a: number, b: number, c: number) => number): Values {
  const y = allocated(out)
  const [a, b = a, c = a] = inputs.map(x => x.handle)
  walk(out.shape, inputs.map(x => broadcast(x.shape, out.shape.length)), (n, i, j, k) => (y[n] = f(a![i]!, b![j]!, c![k]!)))
  return y
}

/** The elements that lie along a path. */
function gather(x: Plain, path: Path, out: Spec): Values {
  const y = allocated(out)
  walk(out.shape, [path], (n, i) => (y[n] = x.handle[i]!))
  return y
}

/** Writes all of `x` along a path. */
const place = (x: Plain, y: Values, path: Path): void => walk(x.shape, [path], (n, o) => (y[o] = x.handle[n]!))

/** Where an index lies. */
const position = (index: readonly number[], strides: readonly number[]): number => index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0)

/** Sums and products grow in doubles, so that a float is rounded once. */
function store(totals: Float64Array, out: Spec): Values {
  const y = allocated(out)
  y.set(totals)
  return y
}

/** For `take` and `scatterAdd`: the path through an array along which `axis` stands still, that through the indices, and how far one index leads. */
function lookUp(shape: Shape, indices: Plain, axis: number): readonly [stride: number, paths: readonly Path[]] {
  const strides = stridesOf(shape)
  const [before, after] = [strides.slice(0, axis), strides.slice(axis + 1)]
  const still = [...before, ...zeros(indices.shape.length), ...after]
  return [strides[axis]!, [{ strides: still }, { strides: [...zeros(axis), ...stridesOf(indices.shape), ...zeros(after.length)] }]]
}

/** The error function's Taylor series of positive terms (Abramowitz and Stegun 7.1.6). */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [sum, term] = [0, (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x)]
  for (let n = 0; n < 200; n++, term *= (2 * x * x) / (2 * n + 1)) sum += term
  return sum
}

const { abs, sign, exp, expm1, log, log1p, sqrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, floor, ceil, trunc } = Math
const unaryTable: Readonly<Record<UnaryKind, (x: number) => number>> = {
  abs, sign, exp, expm1, log, log1p, sqrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, erf, floor, ceil, trunc,
  neg: x => -x,
  rint: x => (abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
}

type BinaryTable = Readonly<Record<BinaryKind, (a: number, b: number) => number>>
const floatTable: BinaryTable = {
  add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b, atan2: (a, b) => Math.atan2(a, b),
  maximum: (a, b) => Math.max(a, b), minimum: (a, b) => Math.min(a, b),
  // IEEE 754 has 1 where JavaScript has NaN.
  pow: (a, b) => (a === 1 || (a === -1 && abs(b) === Infinity) ? 1 : a ** b),
  // The divisor's sign. What is NaN, such as anything modulo 0, is 0 once it is stored as an integer.
  mod: (a, b) => ((a % b) * b < 0 ? (a % b) + b : a % b),
}

/** Multiplies in 32 bits all along: a power in doubles loses the low ones. */
function integerPow(a: number, b: number): number {
  if (b < 0) return abs(a) === 1 ? integerPow(a, -b) : 0
  return b === 0 ? 1 : Math.imul(integerPow(Math.imul(a, a), floor(b / 2)), b % 2 === 0 ? 1 : a)
}

const integerTable: BinaryTable = { ...floatTable, add: (a, b) => (a + b) | 0, mul: (a, b) => Math.imul(a, b), pow: integerPow }
const tableOf = (dtype: DType): BinaryTable => (isFloat(dtype) ? floatTable : integerTable)

const compareTable: Readonly<Record<CompareKind, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b, ne: (a, b) => a !== b, lt: (a, b) => a < b, le: (a, b) => a <= b, gt: (a, b) => a > b, ge: (a, b) => a >= b,
}
const reduceTable = { sum: ['add', 0], prod: ['mul', 1], max: ['maximum', -Infinity], min: ['minimum', Infinity] } as const

const kernels: Kernels<Values> = {
  unary: (kind, x, out) => elementwise(out, [x], unaryTable[kind]),
  binary: (kind, a, b, out) => elementwise(out, [a, b], tableOf(out.dtype)[kind]),
  compare: (kind, a, b, out) => elementwise(out, [a, b], (x, y) => Number(compareTable[kind](x, y))),
  where: (condition, a, b, out) => elementwise(out, [condition, a, b], (c, x, y) => (c === 0 ? y : x)),
  cast: (x, out) => elementwise(out, [x], out.dtype === 'bool' ? v => Number(v !== 0) : v => v),

  broadcastTo: (x, out) => gather(x, broadcast(x.shape, out.shape.length), out),
  transpose: (x, permutation, out) => gather(x, { strides: permutation.map(axis => stridesOf(x.shape)[axis]!) }, out),
  slice(x, starts, steps, out) {
    const strides = stridesOf(x.shape)
    return gather(x, { start: position(starts, strides), strides: steps.map((step, axis) => step * strides[axis]!) }, out)
  },
  pad(x, before, value, out) {
    const [y, strides] = [allocated(out).fill(value), stridesOf(out.shape)]
    place(x, y, { start: position(before, strides), strides })
    return y
  },
  concat(inputs, axis, out) {
    const [y, strides] = [allocated(out), stridesOf(out.shape)]
    let start = 0
    for (const x of inputs) {
      place(x, y, { start, strides })
      start += x.shape[axis]! * strides[axis]!
    }
    return y
  },

  reduce(kind, x, axes, out) {
    const [name, start] = reduceTable[kind]
    const [f, totals] = [tableOf(x.dtype)[name], new Float64Array(out.size).fill(start)]
    walk(x.shape, [without(axes, x)], (n, o) => (totals[o] = f(totals[o]!, x.handle[n]!)))
    return store(totals, out)
  },
  argReduce(kind, x, axis, out) {
    const [y, best, better] = [allocated(out), new Float64Array(out.size), compareTable[kind === 'argmax' ? 'gt' : 'lt']]
    // A second path that only counts: it is where the walk is along the axis.
    walk(x.shape, [without([axis], x), { strides: x.shape.map((_, i) => Number(i === axis)) }], (n, o, along) => {
      const v = x.handle[n]!
      if (along > 0 && (Number.isNaN(best[o]) || (!Number.isNaN(v) && !better(v, best[o]!)))) return
      best[o] = v
      y[o] = along
    })
    return y
  },

  matmul(a, b, transposeA, transposeB, out) {
    const [{ add, mul }, totals, rank] = [tableOf(out.dtype), new Float64Array(out.size), out.shape.length]
    const [aBatch, aRow, aColumn] = [broadcast(a.shape, rank).strides.slice(0, -2), ...stridesOf(a.shape).slice(-2)] as [number[], number, number]
    const [bBatch, bRow, bColumn] = [broadcast(b.shape, rank).strides.slice(0, -2), ...stridesOf(b.shape).slice(-2)] as [number[], number, number]
    // Behind the axes of the output comes the one that is summed over.
    walk([...out.shape, a.shape.at(transposeA ? -2 : -1)!], [
      { strides: [...aBatch, ...(transposeA ? [aColumn, 0, aRow] : [aRow, 0, aColumn])] },
      { strides: [...bBatch, ...(transposeB ? [0, bRow, bColumn] : [0, bColumn, bRow])] },
      { strides: [...stridesOf(out.shape), 0] },
    ], (_, i, j, o) => (totals[o] = add(totals[o]!, mul(a.handle[i]!, b.handle[j]!))))
    return store(totals, out)
  },

  take(x, indices, axis, out) {
    const [y, [stride, paths]] = [allocated(out), lookUp(x.shape, indices, axis)]
    walk(out.shape, paths, (n, i, j) => (y[n] = x.handle[i + indices.handle[j]! * stride]!))
    return y
  },
  scatterAdd(updates, indices, axis, out) {
    const [{ add }, totals, [stride, paths]] = [tableOf(out.dtype), new Float64Array(out.size), lookUp(out.shape, indices, axis)]
    walk(updates.shape, paths, (n, o, j) => {
      const at = o + indices.handle[j]! * stride
      totals[at] = add(totals[at]!, updates.handle[n]!)
    })
    return store(totals, out)
  },
}

const device: Device<Values> = {
  capabilities: { dtypes: ['float32', 'float64', 'int32', 'uint8', 'int8', 'bool', 'int16', 'uint16', 'uint32'], syncRead: true, maxSize: MAX_SIZE },
  kernels,
  upload: data => data.slice() as Values,
  download: x => x.handle.slice(),
  fill: (value, out) => allocated(out).fill(value),
  // Typed arrays are the garbage collector's.
  free() {},
}

/** A backend in plain loops: one device, the context `plain(0)`. */
export function plainBackend(): Backend {
  return { name: 'plain', type: 'plain', count: 1, open: () => device }
}
