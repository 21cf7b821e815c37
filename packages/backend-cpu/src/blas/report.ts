import { engine } from '../wasm/engine.ts'
import { blasReport } from './product.ts'
import type { BlasReport } from './select.ts'

/** What the CPU backend runs on. */
export interface CpuReport {
  /** Whether WebAssembly's vectors are there; plain TypeScript computes where they are not. */
  readonly simd: boolean
  /** Whether multiplication and addition are one instruction. */
  readonly relaxedSimd: boolean
  /** Whether memory is shared with threads. */
  readonly sharedMemory: boolean
  /** How many threads may work at the same time. */
  readonly threads: number
  readonly blas: BlasReport
}

/**
 * Says what the CPU backend runs on. Looks for a native BLAS, and tries it, if no product has done so yet: a quarter of a second at
 * the first time on a machine.
 *
 * @example
 * ```ts
 * import { cpuReport } from '@ashlar/backend-cpu'
 * const { simd, blas } = cpuReport()
 * console.log(simd, blas.state === 'used' ? blas.library : 'products run on WebAssembly')
 * // …
 * ```
 */
export function cpuReport(): CpuReport {
  const e = engine()
  if (e === null) {
    const blas: BlasReport = { state: 'absent', path: null, library: null, problems: ['there is no WebAssembly memory to multiply in'] }
    return { simd: false, relaxedSimd: false, sharedMemory: false, threads: 1, blas }
  }
  return { simd: true, relaxedSimd: e.relaxed, sharedMemory: !(e.buffer instanceof ArrayBuffer), threads: e.threads, blas: blasReport()! }
}
