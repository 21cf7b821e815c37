import { blasHost } from '#blas'
import { warn } from '@ashlar/core'
import type { Engine, FloatType } from '../wasm/engine.ts'
import { engine } from '../wasm/engine.ts'
import type { BlasHost } from './library.ts'
import { AS_IT_LIES, ROW_MAJOR, TRANSPOSED } from './library.ts'
import type { BlasReport, Selection } from './select.ts'
import { selectBlas } from './select.ts'

/** Multiplications from which a native library is faster than our own kernels, its call of 0.4 microseconds included. */
export const BLAS_PRODUCT = 30_000
/** With fewer rows a product is bound by memory, and libraries that pack both sides lose. */
export const BLAS_ROWS = 8

/** A matrix in memory: its address, numbers from line to line, and whether these are the lines that are multiplied: rows of the left, columns of the right. */
export interface MatrixPlace {
  readonly at: number
  readonly line: number
  readonly across: 0 | 1
}

/** How long our own threads wait busily between products that a library's threads compute, in microseconds: those find no core otherwise. */
const SPIN_BESIDE_LIBRARY = 50

interface Made extends Selection {
  /** Where the engine's memory begins in the address space of the process. */
  readonly base: number
  /** What the library was told last. */
  threads: number
}

let made: Made | undefined

function selection(e: Engine, host?: BlasHost): Made {
  if (made !== undefined) return made
  const chosen = selectBlas(host ?? blasHost(), e, e.threads)
  const { problems, state, path } = chosen.report
  made = { ...chosen, base: chosen.library?.address(e.buffer) ?? 0, threads: e.threads }
  if (chosen.library !== null) e.team.spin = SPIN_BESIDE_LIBRARY
  if (problems.length > 0) warn(`${problems.join('; ')}; ${state === 'used' ? `${path} is used instead` : 'products run on WebAssembly'}`, { category: 'RuntimeWarning' })
  return made
}

/** Looks for a library again, on this host or the real one: for tests. */
export function selectAgain(host?: BlasHost): BlasReport {
  made = undefined
  return selection(engine()!, host).report
}

/** What native BLAS is used, which is found out now if no product has needed it yet; null where WebAssembly is missing. */
export function blasReport(): BlasReport | null {
  const e = engine()
  return e === null ? null : selection(e).report
}

/** Whether large products run on a native library. */
export function hasBlas(e: Engine): boolean {
  return selection(e).library !== null
}

/** Multiplies by a native library where there is one; tells whether it did. The output is dense. */
export function blasProduct(e: Engine, type: FloatType, a: MatrixPlace, b: MatrixPlace, out: number, m: number, k: number, n: number): boolean {
  const chosen = selection(e)
  const { library, base } = chosen
  if (library === null) return false
  if (chosen.threads !== e.threads) library.setThreads?.((chosen.threads = e.threads))
  // A matrix of one line may say anything of the next.
  const lineA = Math.max(a.line, a.across === 1 ? k : m)
  const lineB = Math.max(b.line, b.across === 1 ? k : n)
  library.gemm[type](
    ROW_MAJOR, a.across === 1 ? AS_IT_LIES : TRANSPOSED, b.across === 1 ? TRANSPOSED : AS_IT_LIES, m, n, k,
    1, base + a.at, lineA, base + b.at, lineB, 0, base + out, n,
  )
  return true
}
