import type { Device, Spec } from '@ashlar/core'
import type { GpujsModule } from './engine/gpujs.ts'
import { Launcher, resultsOf } from './engine/launcher.ts'
import { emptyHandle, release, toFloats } from './engine/memory.ts'
import type { Handle } from './engine/memory.ts'
import { argReduceKernel } from './kernels/arg-reduce.ts'
import { concatKernel } from './kernels/concat.ts'
import { elementwiseKernels } from './kernels/elementwise.ts'
import { indexingKernels } from './kernels/indexing.ts'
import { matmulKernel } from './kernels/matmul.ts'
import { movementKernels } from './kernels/movement.ts'
import { reduceKernel } from './kernels/reduce.ts'
import { overridesOf } from './overrides/index.ts'

/** Positions are floats in kernels, and whole only up to here. */
export const MOST_ELEMENTS: number = 2 ** 24

/** gpu.js has float32 and nothing else to keep an integer in. */
const EXACT_INTEGERS = 2 ** 24

/** Opens an engine of gpu.js: a context of its own, whose arrays no other one can read. */
export function openDevice({ GPU, input }: GpujsModule, mode: string, index: number): Device<Handle> {
  const engine = new GPU({ mode })
  const results = resultsOf(mode)
  const onGpu = results !== 'host'
  const launcher = new Launcher(engine, mode, `the ${mode} context of gpu.js, device ${index},`)
  const fill = (value: number, out: Spec): Handle =>
    launcher.run('fill', () => ({ parameters: ['value'], body: 'return value;' }), [value], out.size)
  const movement = movementKernels(launcher, fill)
  // An array is one texture, its elements in rows.
  const side = results === 'textures' ? (engine.Kernel?.features?.maxTextureSize ?? Infinity) : Infinity
  return {
    capabilities: {
      dtypes: ['float32', 'int32', 'bool'], syncRead: results !== 'promises', maxSize: Math.min(MOST_ELEMENTS, side * side), exactIntegers: EXACT_INTEGERS, needsFree: onGpu,
    },
    kernels: {
      ...elementwiseKernels(launcher),
      ...movement,
      ...indexingKernels(launcher, fill),
      concat: concatKernel(launcher),
      reduce: reduceKernel(launcher, fill, movement.broadcastTo),
      argReduce: argReduceKernel(launcher),
      matmul: matmulKernel(launcher, fill),
    },
    overrides: overridesOf({ launcher, fill }),
    upload(data, out) {
      if (out.size === 0) return emptyHandle()
      const floats = toFloats(data)
      return onGpu ? launcher.upload(input(floats, [out.size]), out.size) : launcher.keep(floats)
    },
    download: x => launcher.download(x.handle, x.dtype),
    downloadAsync: x => launcher.downloadAsync(x.handle, x.dtype),
    fill,
    free: release,
    ...(onGpu ? { bytes: (handle: Handle) => launcher.bytes(handle), memory: () => launcher.counts } : {}),
  }
}
