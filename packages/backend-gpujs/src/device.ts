import type { Device, Spec } from '@ashlar/core'
import type { GpujsModule } from './engine/gpujs.ts'
import { Launcher } from './engine/launcher.ts'
import { emptyHandle, release, toFloats, toHost } from './engine/memory.ts'
import type { Handle } from './engine/memory.ts'
import { argReduceKernel } from './kernels/arg-reduce.ts'
import { concatKernel } from './kernels/concat.ts'
import { elementwiseKernels } from './kernels/elementwise.ts'
import { indexingKernels } from './kernels/indexing.ts'
import { matmulKernel } from './kernels/matmul.ts'
import { movementKernels } from './kernels/movement.ts'
import { reduceKernel } from './kernels/reduce.ts'

/** Positions are floats in kernels, and whole only up to here. */
export const MOST_ELEMENTS: number = 2 ** 24

/** gpu.js has float32 and nothing else to keep an integer in. */
const EXACT_INTEGERS = 2 ** 24

/** Opens an engine of gpu.js: a context of its own, whose arrays no other one can read. */
export function openDevice({ GPU, input }: GpujsModule, mode: string, textures: boolean): Device<Handle> {
  const launcher = new Launcher(new GPU({ mode }), mode, textures)
  const fill = (value: number, out: Spec): Handle =>
    launcher.run('fill', () => ({ parameters: ['value'], body: 'return value;' }), [value], out.size)
  const movement = movementKernels(launcher, fill)
  return {
    capabilities: { dtypes: ['float32', 'int32', 'bool'], syncRead: true, maxSize: MOST_ELEMENTS, exactIntegers: EXACT_INTEGERS, needsFree: textures },
    kernels: {
      ...elementwiseKernels(launcher),
      ...movement,
      ...indexingKernels(launcher, fill),
      concat: concatKernel(launcher),
      reduce: reduceKernel(launcher, fill, movement.broadcastTo),
      argReduce: argReduceKernel(launcher),
      matmul: matmulKernel(launcher, fill),
    },
    upload(data, out) {
      if (out.size === 0) return emptyHandle()
      const floats = toFloats(data)
      return textures ? launcher.upload(input(floats, [out.size]), out.size) : { data: floats, length: out.size }
    },
    download: x => toHost(x.handle, x.dtype),
    fill,
    free: release,
  }
}
