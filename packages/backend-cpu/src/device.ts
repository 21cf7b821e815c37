import { MAX_SIZE } from '@ashlar/core'
import type { Device, TypedArray } from '@ashlar/core'
import { argReduce } from './kernels/argreduce.ts'
import { binary } from './kernels/binary.ts'
import { cast } from './kernels/cast.ts'
import { compare } from './kernels/compare.ts'
import { fill } from './kernels/fill.ts'
import { scatterAdd, take } from './kernels/indexing.ts'
import { matmul } from './kernels/matmul.ts'
import { broadcastTo, concat, pad, slice, transpose } from './kernels/movement.ts'
import { reduce } from './kernels/reduce.ts'
import { unary } from './kernels/unary.ts'
import { where } from './kernels/where.ts'
import { overrides } from './overrides.ts'
import { pool } from './pool.ts'
import { copyInto } from './types.ts'

/** Host memory with the reference kernels; a handle is the dtype's own typed array. */
export const cpuDevice: Device<TypedArray> = {
  capabilities: {
    dtypes: ['float32', 'float64', 'float16', 'int32', 'uint8', 'int8', 'bool', 'int16', 'uint16', 'uint32', 'int64', 'uint64', 'bfloat16'],
    syncRead: true,
    hostMemory: true,
    maxSize: MAX_SIZE,
    get budgetBytes() { return pool.budget },
  },
  kernels: {
    unary, binary, compare, where, cast, reduce, argReduce, transpose, broadcastTo, slice, pad, concat, matmul, take, scatterAdd,
  },
  overrides,
  upload(data, out) {
    const handle = pool.acquire(out.dtype, out.size)
    copyInto(handle, data)
    return handle
  },
  // A typed array's own slice copies, and copies faster than a new array filled by hand.
  download: x => x.handle.slice(),
  fill,
  free: handle => pool.release(handle),
  holds: handle => pool.holds(handle),
  memory: () => pool.counts,
}
