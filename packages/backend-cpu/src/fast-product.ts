import type { DType, TypedArray } from '@ashlar/core'
import { BLAS_PRODUCT, BLAS_ROWS, blasProduct, hasBlas } from './blas/product.ts'
import { address, floatType, run } from './fast.ts'
import { SMALL } from './pool.ts'
import type { Task } from './threads/team.ts'
import type { Engine } from './wasm/engine.ts'
import { engine } from './wasm/engine.ts'

/** Multiplications from which a second thread pays. */
const SPLIT_PRODUCT = 200_000
/** Products that are not packed are summed in one go, and so lose more digits the longer they are. */
const LONGEST_CHAIN = 1024
/** A thread's arguments for a batch; there is room for those of 32 threads. */
const TABLE_BYTES = 64
/** Up to so many columns packing the left side costs more than it gives. */
const NARROW = 16
/** Multiplications up to which a product is not worth asking for. */
const LEAST_PRODUCT = 512

/** One side of a product: where it starts, numbers between its lines, whether the steps of a line lie side by side. */
export interface ProductSide {
  readonly data: TypedArray
  readonly start: number
  readonly line: number
  readonly step: number
}

/** A side as it lies in memory: its address, numbers from line to line of memory, and whether each of these is a line of the product. */
interface Placed {
  readonly at: number
  readonly line: number
  readonly across: 0 | 1
}

function placed(e: Engine, { data, start, line, step }: ProductSide, side: 0 | 1): Placed | null {
  const base = address(e, data, side)
  if (base === 0) return null
  const at = base + start * data.BYTES_PER_ELEMENT
  return step === 1 ? { at, line, across: 1 } : { at, line: step, across: 0 }
}

/** Multiplies two matrices where the vectors can; tells whether it did. Which way is chosen depends on the whole shape alone, so results do not depend on threads. */
export function fastProduct(dtype: DType, a: ProductSide, b: ProductSide, out: TypedArray, start: number, m: number, k: number, n: number): boolean {
  // One column is one row of the transposed product, and lies in memory as that does.
  if (n === 1 && m > 1) return fastProduct(dtype, b, a, out, start, 1, k, m)
  if (m * k * n < LEAST_PRODUCT) return false
  const e = engine()
  const type = floatType(dtype)
  if (e === null || type === null) return false
  // A small result is written behind where small operands are staged, and read from there.
  const staged = !e.owns(out)
  if (staged && out.length > SMALL) return false
  const left = placed(e, a, 0)
  const right = placed(e, b, 1)
  if (left === null || right === null) return false
  const bytes = out.BYTES_PER_ELEMENT
  const place = staged ? e.stage(0) : out.byteOffset
  if (place === 0) return false
  const to = staged ? place + SMALL * 8 : place + start * bytes
  const done = (m >= BLAS_ROWS && m * k * n >= BLAS_PRODUCT && blasProduct(e, type, left, right, to, m, k, n)) || multiply(e, bytes as 4 | 8, left, right, to, m, k, n)
  if (staged && done) (out as Float32Array).set(new (out.constructor as Float32ArrayConstructor)(e.buffer as ArrayBuffer, to, m * n), start)
  return done
}

function multiply(e: Engine, bytes: 4 | 8, left: Placed, right: Placed, to: number, m: number, k: number, n: number): boolean {
  const split = m * k * n >= SPLIT_PRODUCT
  const way = wayOf(left, right, 16 / bytes, m, k, n)
  const func = e.family('gemm', bytes === 4 ? 'f32' : 'f64').get(way)!
  if (!hasScratch(e, way, split)) return false
  const product: Product = { func, way, bytes, left, right, to, k, n }
  let thread = 0
  const scratch = (): number => (needsScratch(way) ? e.scratch(thread++) : 0)
  const byRows = m >= 12 && way !== 'dots' && (way !== 'packed' || m >= n || n < 32)
  if (!split) e.team.run([taskOf(product, m, n, 0, 0, scratch())])
  else if (byRows) run(e, m, 6, true, (from, end) => taskOf(product, end - from, n, from, 0, scratch()))
  // A part has to have a vector of columns.
  else run(e, n, 8, n % 8 === 0 || n % 8 >= 4, (from, end) => taskOf(product, m, end - from, 0, from, scratch()))
  return true
}

function needsScratch(way: Way): boolean {
  return way === 'packed' || way === 'narrow'
}

/** Whether each thread has the scratch that a way needs. */
function hasScratch(e: Engine, way: Way, split: boolean): boolean {
  if (!needsScratch(way)) return true
  const threads = split ? e.team.size : 1
  for (let i = 0; i < threads; i++) if (e.scratch(i) === 0) return false
  return true
}

/** A product as one of the functions does it. */
interface Product {
  readonly func: number
  readonly way: Way
  readonly bytes: 4 | 8
  readonly left: Placed
  readonly right: Placed
  readonly to: number
  readonly k: number
  readonly n: number
}

/** The call for `rows` from `i` on by `columns` from `j` on. */
function taskOf({ func, way, bytes, left, right, to, k, n }: Product, rows: number, columns: number, i: number, j: number, scratch: number): Task {
  const lineBytes = right.line * bytes
  const row = left.across === 1 ? left.line * bytes : bytes
  const step = left.across === 1 ? bytes : left.line * bytes
  const x = left.at + i * row
  const y = right.at + j * (right.across === 1 ? lineBytes : bytes)
  const z = to + (i * n + j) * bytes
  if (way === 'dots') return [func, rows, columns, k, x, row, y, lineBytes, z, n * bytes]
  if (way === 'packed') return [func, rows, columns, k, x, left.line, left.across, y, right.line, right.across, z, n, scratch]
  return [func, rows, columns, k, x, row, step, y, lineBytes, z, n * bytes, scratch]
}

/** Many products of matrices that lie one after the other, or of one matrix again and again. */
export interface Batch {
  readonly count: number
  /** Numbers from matrix to matrix of either side. */
  readonly aStep: number
  readonly bStep: number
  readonly m: number
  readonly k: number
  readonly n: number
}

/** Multiplies all of a batch in one call, split between threads by product; tells whether it did, which it leaves to {@link fastProduct} where that is faster. */
export function fastBatch(dtype: DType, a: ProductSide, b: ProductSide, out: TypedArray, { count, aStep, bStep, m, k, n }: Batch): boolean {
  if (n === 1 && m > 1) return fastBatch(dtype, b, a, out, { count, aStep: bStep, bStep: aStep, m: 1, k, n: m })
  const each = m * k * n
  if (count < 2 || each * count < LEAST_PRODUCT || (each >= SPLIT_PRODUCT && count < 8)) return false
  const e = engine()
  const type = floatType(dtype)
  if (e === null || type === null || !e.owns(out) || (m >= BLAS_ROWS && each >= BLAS_PRODUCT && hasBlas(e))) return false
  const left = placed(e, a, 0)
  const right = placed(e, b, 1)
  const tables = e.stage(1)
  if (left === null || right === null || tables === 0) return false
  const bytes = type === 'f32' ? 4 : 8
  const split = each * count >= SPLIT_PRODUCT
  const way = wayOf(left, right, 16 / bytes, m, k, n)
  const func = e.family('gemm', type).get(`${way} batch`)!
  if (!hasScratch(e, way, split)) return false
  let thread = 0
  run(e, count, 1, split, (from, end) => {
    const product: Product = {
      func, way, bytes, k, n,
      left: { ...left, at: left.at + from * aStep * bytes },
      right: { ...right, at: right.at + from * bStep * bytes },
      to: out.byteOffset + from * m * n * bytes,
    }
    const scratch = needsScratch(way) ? e.scratch(thread) : 0
    // Behind where a small operand is staged.
    const table = tables + SMALL * 8 + thread++ * TABLE_BYTES
    new Int32Array(e.buffer as ArrayBuffer, table, TABLE_BYTES / 4).set(taskOf(product, m, n, 0, 0, scratch).slice(1))
    return [func, end - from, table, aStep * bytes, bStep * bytes, m * n * bytes, scratch]
  })
  return true
}

type Way = 'direct' | 'narrow' | 'dots' | 'packed'

/** The way of multiplying, by measurement: what is packed is read faster, and packing costs what a few rows or columns cost. */
function wayOf(left: Placed, right: Placed, lanes: number, m: number, k: number, n: number): Way {
  if (k > LONGEST_CHAIN) return 'packed'
  // A left side that is read across its lines must not be so large that each step of it falls out of the cache.
  const handy = left.across === 1 || (m <= 128 && left.line <= 128)
  if (right.across === 0) return n >= lanes && (m <= 12 || n <= NARROW || (k <= 256 && right.line <= 256 && handy)) ? 'direct' : 'packed'
  if (left.across === 1 && m <= 8) return 'dots'
  return n >= lanes && n <= NARROW ? 'narrow' : 'packed'
}
