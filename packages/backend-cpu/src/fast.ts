import type { BinaryKind, DType, ReduceKind, TypedArray, UnaryKind } from '@ashlar/core'
import type { PairPlane } from './layout.ts'
import { SMALL } from './pool.ts'
import type { Task } from './threads/team.ts'
import type { Engine, FloatType } from './wasm/engine.ts'
import { engine } from './wasm/engine.ts'

/** Elements from which a second thread pays: cheap work is bound by memory, expensive work is not. */
export const SPLIT = { cheap: 131072, dear: 8192 } as const
export function floatType(dtype: DType): FloatType | null {
  return dtype === 'float32' ? 'f32' : dtype === 'float64' ? 'f64' : null
}

/** The range of `n` that thread `i` of `threads` does, in steps of `step`. */
function share(n: number, step: number, threads: number, i: number): readonly [from: number, to: number] {
  const most = Math.ceil(n / step / threads) * step
  return [Math.min(n, i * most), Math.min(n, (i + 1) * most)]
}

/** Hands `n` of something out to the threads, in steps of `step`, or does all of it here. */
export function run(e: Engine, n: number, step: number, split: boolean, task: (from: number, to: number) => Task): void {
  const threads = split ? e.team.size : 1
  const tasks: Task[] = []
  for (let i = 0; i < threads; i++) {
    const [from, to] = share(n, step, threads, i)
    if (from < to) tasks.push(task(from, to))
  }
  e.team.run(tasks)
}

const UNARY: Partial<Record<UnaryKind | 'sigmoid', readonly [name: string, dear: boolean]>> = {
  neg: ['neg', false], abs: ['abs', false], sqrt: ['sqrt', false], ceil: ['ceil', false], floor: ['floor', false], trunc: ['trunc', false], rint: ['nearest', false],
  exp: ['exp', true], log: ['log', true], tanh: ['tanh', true], sigmoid: ['sigmoid', true],
}

/** Computes a function of every element where the vectors can; tells whether it did. */
export function fastUnary(kind: UnaryKind | 'sigmoid', dtype: DType, x: TypedArray, out: TypedArray): boolean {
  if (out.length <= SMALL) return false
  const e = engine()
  const type = floatType(dtype)
  const entry = UNARY[kind]
  if (e === null || type === null || entry === undefined || !e.owns(x) || !e.owns(out)) return false
  const func = e.family('math', type).get(entry[0])
  if (func === undefined) return false
  const bytes = out.BYTES_PER_ELEMENT
  run(e, out.length, 16, out.length >= (entry[1] ? SPLIT.dear : SPLIT.cheap), (from, to) => [func, to - from, x.byteOffset + from * bytes, out.byteOffset + from * bytes])
  return true
}

const BINARY: Partial<Record<BinaryKind, string>> = { add: 'add', sub: 'sub', mul: 'mul', div: 'div', maximum: 'max', minimum: 'min' }

/** Computes a plane of a function of two arrays where the vectors can; tells whether it did. */
export function fastBinary(kind: BinaryKind, dtype: DType, a: TypedArray, b: TypedArray, out: TypedArray, plane: PairPlane): boolean {
  const { rows, cols, aCol, bCol } = plane
  if (out.length <= SMALL || cols < 4 || aCol > 1 || bCol > 1 || aCol + bCol === 0) return false
  const e = engine()
  const type = floatType(dtype)
  const name = BINARY[kind]
  if (e === null || type === null || name === undefined || !e.owns(out)) return false
  const func = e.family('math', type).get(`${name} ${aCol === 1 ? 'v' : 's'}${bCol === 1 ? 'v' : 's'}`)!
  const left = address(e, a, 0)
  const right = address(e, b, 1)
  if (left === 0 || right === 0) return false
  const bytes = out.BYTES_PER_ELEMENT
  const [a0, b0, o0] = [left + plane.a * bytes, right + plane.b * bytes, out.byteOffset + plane.o * bytes]
  const split = rows * cols >= SPLIT.cheap
  const [aRow, bRow] = [plane.aRow * bytes, plane.bRow * bytes]
  if (rows === 1) run(e, cols, 16, split, (from, to) => [func, 1, to - from, a0 + from * aCol * bytes, 0, b0 + from * bCol * bytes, 0, o0 + from * bytes])
  else run(e, rows, 1, split, (from, to) => [func, to - from, cols, a0 + from * aRow, aRow, b0 + from * bRow, bRow, o0 + from * cols * bytes])
  return true
}

/** Where an operand lies in the memory; small ones are copied to a place of theirs. 0 where it cannot be. */
export function address(e: Engine, x: TypedArray, side: 0 | 1): number {
  if (e.owns(x)) return x.byteOffset
  if (x.length > SMALL) return 0
  const place = e.stage(side)
  if (place !== 0) new (x.constructor as Float32ArrayConstructor)(e.buffer as ArrayBuffer, place, x.length).set(x as Float32Array)
  return place
}

/** Compares a plane of float32 where the vectors can; tells whether it did. */
export function fastCompare(kind: 'eq' | 'ne' | 'lt' | 'le', dtype: DType, a: TypedArray, b: TypedArray, out: TypedArray, plane: PairPlane): boolean {
  const { rows, cols, aCol, bCol } = plane
  if (out.length <= SMALL || dtype !== 'float32' || cols < 16 || aCol > 1 || bCol > 1 || aCol + bCol === 0) return false
  const e = engine()
  if (e === null || !e.owns(out)) return false
  const left = address(e, a, 0)
  const right = address(e, b, 1)
  if (left === 0 || right === 0) return false
  const func = e.family('rows', 'f32').get(`${kind} ${aCol === 1 ? 'v' : 's'}${bCol === 1 ? 'v' : 's'}`)!
  run(e, rows, 1, rows * cols >= SPLIT.cheap, (from, to) => [func, to - from, cols, left + (plane.a + from * plane.aRow) * 4, plane.aRow * 4, right + (plane.b + from * plane.bRow) * 4, plane.bRow * 4, out.byteOffset + plane.o + from * cols])
  return true
}

/** Chooses between float32 numbers where the vectors can; `a` and `b` are of the condition's size, or single numbers. */
export function fastWhere(dtype: DType, condition: TypedArray, a: TypedArray, b: TypedArray, out: TypedArray): boolean {
  const n = out.length
  if (n <= SMALL || dtype !== 'float32' || condition.length !== n || (a.length !== n && a.length !== 1) || (b.length !== n && b.length !== 1) || a.length + b.length === 2) return false
  const e = engine()
  if (e === null || !e.owns(out) || !e.owns(condition)) return false
  const left = address(e, a, 0)
  const right = address(e, b, 1)
  if (left === 0 || right === 0) return false
  const [aStep, bStep] = [a.length === n ? 4 : 0, b.length === n ? 4 : 0]
  const func = e.family('rows', 'f32').get(`where ${aStep === 4 ? 'v' : 's'}${bStep === 4 ? 'v' : 's'}`)!
  run(e, n, 16, n >= SPLIT.cheap, (from, to) => [func, to - from, condition.byteOffset + from, left + from * aStep, right + from * bStep, out.byteOffset + from * 4])
  return true
}

/** Reduces the middle one of three axes of float32 where the vectors can; tells whether it did. */
export function fastReduce(kind: ReduceKind, x: TypedArray, out: TypedArray, { outer, extent, inner }: { readonly outer: number; readonly extent: number; readonly inner: number }): boolean {
  if (kind === 'prod' || !(x instanceof Float32Array) || !(out instanceof Float32Array) || x.length <= SMALL) return false
  const e = engine()
  if (e === null || !e.owns(x)) return false
  // A small result is written to where small operands are staged, and read from there.
  const staged = !e.owns(out)
  if (staged && out.length > SMALL) return false
  const to = staged ? e.stage(0) : out.byteOffset
  if (to === 0) return false
  const family = e.family('rows', 'f32')
  const split = x.length >= SPLIT.cheap
  if (inner === 1) {
    const func = family.get(`${kind} rows`)!
    run(e, outer, 1, split, (from, end) => [func, end - from, extent, x.byteOffset + from * extent * 4, to + from * 4])
  } else {
    const func = family.get(`${kind} columns`)!
    for (let block = 0; block < outer; block++) {
      const start = x.byteOffset + block * extent * inner * 4
      run(e, inner, 16, split && outer === 1, (from, end) => [func, extent, end - from, inner * 4, start + from * 4, to + (block * inner + from) * 4])
    }
  }
  if (staged) out.set(new Float32Array(e.buffer as ArrayBuffer, to, out.length))
  return true
}

/** Softmax of rows of float32, or its logarithm, where the vectors can; tells whether it did. */
export function fastSoftmax(name: 'softmax' | 'logSoftmax', x: TypedArray, out: TypedArray, columns: number): boolean {
  if (out.length <= SMALL) return false
  const e = engine()
  if (e === null || !e.owns(x) || !e.owns(out)) return false
  const func = e.family('rows', 'f32').get(name)!
  run(e, out.length / columns, 1, out.length >= SPLIT.dear, (from, to) => [func, to - from, columns, x.byteOffset + from * columns * 4, out.byteOffset + from * columns * 4])
  return true
}
