import type { FloatType } from '../wasm/engine.ts'
import type { Naming } from './names.ts'

/** `cblas_sgemm` or `cblas_dgemm`; matrices are addresses. */
export type Gemm = (
  order: number, transposeA: number, transposeB: number, m: number, n: number, k: number,
  alpha: number, a: number, lineA: number, b: number, lineB: number, beta: number, c: number, lineC: number,
) => void

/** An opened library. */
export interface Library {
  /** What the library is, as far as its functions tell. */
  readonly name: string
  readonly naming: Naming
  readonly gemm: Readonly<Record<FloatType, Gemm>>
  /** Sets how many threads it uses; null where it cannot be told. */
  readonly setThreads: ((count: number) => void) | null
  /** Where memory lies in the address space of the process. */
  address(memory: ArrayBufferLike): number
}

/** What the environment offers; the tests have one of their own. */
export interface BlasHost {
  /** What `ASHLAR_BLAS` says: a path, `off`, or nothing. */
  readonly wanted: string | undefined
  /** Why no library can be called at all, as a sentence; null where one can. */
  readonly obstacle: string | null
  /** Libraries that are there, best first. */
  candidates(): readonly string[]
  /** Whether using the library leaves a process alive, tried in another process; else what happened, as a clause. */
  trial(path: string): string | null
  /** Opens a library, or throws. */
  open(path: string): Library
}

export const ROW_MAJOR = 101
export const AS_IT_LIES = 111
export const TRANSPOSED = 112
