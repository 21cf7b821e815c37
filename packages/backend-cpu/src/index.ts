import type { Backend, Device, TypedArray } from '@ashlar/core'
import { cpuDevice } from './device.ts'
import type { PoolOptions } from './pool.ts'
import { pool } from './pool.ts'

export type { PoolOptions } from './pool.ts'

/**
 * The backend of host memory: type `cpu`, any number of contexts, all of them the same memory.
 *
 * It computes in float32, float64, int32, uint8, int8 and bool, and stores, casts and moves float16, bfloat16, int16, uint16,
 * uint32, int64 and uint64 as well. Its kernels are plain TypeScript and run wherever JavaScript does. The memory of freed results
 * is used again; there is one such pool a process.
 *
 * @example
 * ```ts
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * const backend = cpuBackend()
 * console.log(backend.name, backend.type, backend.count)
 * // cpu cpu Infinity
 * ```
 */
export function cpuBackend(options: PoolOptions = {}): Backend {
  const open = (): Device<TypedArray> => {
    pool.configure(options)
    return cpuDevice
  }
  return { name: 'cpu', type: 'cpu', count: Infinity, open }
}
