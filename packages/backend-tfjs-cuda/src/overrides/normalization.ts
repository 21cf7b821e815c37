import type { Spec } from '@ashlar/core'
import { FLOATS } from '../attributes.ts'
import type { Steps } from '../engine.ts'
import { around } from '../kernels/movement.ts'
import type { Composed, Operand } from './override.ts'
import { over } from './override.ts'

/**
 * See `batchNorm` and `batchNormTraining` in core: both are handed their statistics. TensorFlow's op takes channels last on CPUs; where they
 * are elsewhere, moving them takes longer than three passes over the array.
 */
export const batchNorm = ((steps: Steps, [x, ...vectors]: readonly Operand[], { axis, epsilon }: { readonly axis: number; readonly epsilon: number }, out: Spec) => {
  const [before, channels, after] = around(out.shape, axis)
  const { isNative, onGpu } = steps.engine
  if (isNative && (onGpu || after === 1)) {
    const [gamma, beta, mean, variance] = vectors.map(vector => steps.view(vector.handle.info, [channels]))
    const image = steps.view(x!.handle.info, onGpu ? [before, channels, 1, after] : [before, 1, 1, channels])
    return steps.op('FusedBatchNormV3', [image, gamma!, beta!, mean!, variance!], [
      ...FLOATS, ['U', 'type', 'float32'], ['epsilon', 'real', epsilon], ['data_format', 'text', onGpu ? 'NCHW' : 'NHWC'], ['is_training', 'flag', false],
    ], 6)
  }
  const [gamma, beta, mean, variance] = vectors.map(vector => steps.view(vector.handle.info, [1, channels, 1]))
  const deviation = steps.call('Sqrt', { x: steps.call('Add', { a: variance, b: steps.scalar(epsilon) }) })
  const shape = [before, channels, after]
  const centered = steps.view(over(steps, 'sub', steps.view(x!.handle.info, shape), mean!), shape)
  const scaled = steps.view(over(steps, 'mul', centered, steps.call('RealDiv', { a: gamma, b: deviation })), shape)
  return over(steps, 'add', scaled, beta!)
}) as Composed
