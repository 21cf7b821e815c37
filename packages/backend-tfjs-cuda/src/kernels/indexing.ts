import type { Spec, Tensor } from '@ashlar/core'
import type { Handle, Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'
import { around, gather, permute } from './movement.ts'

/** See `Kernels.take`. */
export function take(steps: Steps, x: Tensor<Handle>, indices: Tensor<Handle>, axis: number): TensorInfo {
  return gather(steps, x.handle.info, around(x.shape, axis), steps.view(indices.handle.info, [indices.size]))
}

/** See `Kernels.scatterAdd`; there are updates. `ScatterNd` adds up what falls on one place, along the first axis. */
export function scatterAdd(steps: Steps, updates: Tensor<Handle>, indices: Tensor<Handle>, axis: number, out: Spec): TensorInfo {
  const [before, extent, after] = around(out.shape, axis)
  const rows = permute(steps, updates.handle.info, [before, indices.size, after], [1, 0, 2])
  const sums = steps.call('ScatterNd', {
    indices: steps.view(indices.handle.info, [indices.size, 1]),
    updates: steps.view(rows, [indices.size, before * after]),
  }, { shape: [extent, before * after] })
  return permute(steps, sums, [extent, before, after], [1, 0, 2])
}
