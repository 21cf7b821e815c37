import type { Backend, Device, TypedArray } from '@ashlar/core'
import { cpuDevice } from './device.ts'
import type { CpuOptions } from './options.ts'
import { checkCpuOptions } from './options.ts'
import { pool } from './pool.ts'
import { configureEngine } from './wasm/engine.ts'

export type { CpuOptions } from './options.ts'
export { cpuReport } from './blas/report.ts'
export type { CpuReport } from './blas/report.ts'
export type { BlasReport } from './blas/select.ts'
export type { PoolOptions } from './pool.ts'

/**
 * The backend of host memory: type `cpu`, any number of contexts, all of them the same memory.
 *
 * It computes in float32, float64, int32, uint8, int8 and bool, and stores, casts and moves float16, bfloat16, int16, uint16,
 * uint32, int64 and uint64 as well. Large arrays of floats are computed in WebAssembly, with vectors and on several threads where the
 * environment has them; all else in plain TypeScript. The memory of freed results is used again. There is one pool and one team of threads a
 * process, for which what was asked last holds.
 *
 * @throws TypeError for unknown options and values of the wrong kind, ValueError for impossible numbers; the backend, when it is first used,
 * ValueError where it has to go by `ASHLAR_THREADS` and that is no number of threads
 * @example
 * ```ts
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * const backend = cpuBackend({ threads: 2 })
 * console.log(backend.name, backend.type, backend.count)
 * // cpu cpu Infinity
 * ```
 */
export function cpuBackend(options: CpuOptions = {}): Backend {
  const { threads, ...memory } = checkCpuOptions(options)
  const open = (): Device<TypedArray> => {
    configureEngine(threads === undefined ? {} : { threads })
    pool.configure(memory)
    return cpuDevice
  }
  return { name: 'cpu', type: 'cpu', count: Infinity, open }
}
