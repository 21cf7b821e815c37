import type { Override, TypedArray } from '@ashlar/core'
import { gelu, relu, reluGradient, sigmoid, sigmoidGradient, tanhGradient } from './overrides/activations.ts'
import { convolution, convolutionGradWeight, convolutionTranspose } from './overrides/convolution.ts'
import { linear } from './overrides/linear.ts'
import { batchNorm, layerNorm } from './overrides/normalization.ts'
import { adamMean, adamSquare, adamStep, nagStep, sgdStep, sgdVelocity } from './overrides/optimizer-steps.ts'
import { avgPool, maxPool } from './overrides/pooling.ts'
import { logSoftmax, softmax, softmaxCrossEntropy, softmaxCrossEntropyGradient } from './overrides/softmax.ts'
import { fold, unfold } from './overrides/windows.ts'

/** See `Device.overrides`: compositions in one kernel. For small arrays that spares a dispatch for each step, for large ones memory. */
export const overrides: Readonly<Record<string, Override<TypedArray>>> = {
  relu, reluGradient, sigmoid, sigmoidGradient, tanhGradient, gelu,
  softmax, logSoftmax, softmaxCrossEntropy, softmaxCrossEntropyGradient,
  convolution, convolutionGradWeight, convolutionTranspose, unfold, fold,
  maxPool, avgPool, linear,
  layerNorm, batchNorm, batchNormTraining: batchNorm,
  sgdStep, sgdVelocity, nagStep, adamMean, adamSquare, adamStep,
}
