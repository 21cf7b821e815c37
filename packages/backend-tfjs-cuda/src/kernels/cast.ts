import type { DType } from '@ashlar/core'
import type { Steps } from '../engine.ts'
import type { TensorInfo } from '../tfjs.ts'

/** See `Kernels.cast`. */
export function cast(steps: Steps, x: TensorInfo, dtype: DType): TensorInfo {
  if (x.dtype === dtype) return x
  const { engine } = steps
  if (dtype === 'bool' && engine.deviates('cast-bool')) return steps.call('NotEqual', { a: x, b: steps.scalar(0, x.dtype) })
  const y = steps.call('Cast', { x }, { dtype })
  // A product makes an array of the new dtype, with whole numbers above 2^24 rounded.
  if (dtype !== 'bool' && x.dtype !== 'float32' && engine.deviates('cast-wider')) return steps.call('Multiply', { a: y, b: steps.scalar(1, dtype) })
  return y
}
