import { sizeOf } from '@ashlar/core'
import type { BinaryKind, Shape, Spec, Tensor } from '@ashlar/core'
import type { Handle, Steps } from '../engine.ts'
import { binary } from '../kernels/binary.ts'
import type { TensorInfo } from '../tfjs.ts'

/** What an override is handed: arrays of core, or what looks like one. */
export type Operand = Tensor<Handle>

/** An override as steps; its output is not empty. */
export type Composed = (steps: Steps, inputs: readonly Operand[], attributes: never, out: Spec) => TensorInfo

/** A tensor of tfjs as an operand of kernels of ours. */
export function operand({ info, shape }: { readonly info: TensorInfo; readonly shape: Shape }): Operand {
  return { handle: { info, isStep: true }, shape, dtype: info.dtype, size: sizeOf(shape) }
}

/** `a` with `b` stretched over it: through our kernels, as those of tfjs do not broadcast every shape that has extents of 1. */
export function over(steps: Steps, kind: BinaryKind, a: TensorInfo, b: TensorInfo): TensorInfo {
  return binary(steps, kind, operand({ info: a, shape: a.shape }), operand({ info: b, shape: b.shape }), a.shape)
}
