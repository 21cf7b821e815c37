import type { Engine, EngineName } from '../engine.ts'
import { convolution, convolutionGradWeight, convolutionTranspose } from './convolution.ts'
import { linear, relu, reluGradient, sigmoid, sigmoidGradient, tanhGradient } from './dense.ts'
import { batchNorm } from './normalization.ts'
import { adamMean, adamSquare, adamStep, nagStep, sgdStep, sgdVelocity } from './optimizer-steps.ts'
import type { Composed } from './override.ts'
import { avgPool, maxPool } from './pooling.ts'
import { logSoftmax, softmax, softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax.ts'
import { foldWindows, unfoldWindows } from './windows.ts'

const STEPS: Readonly<Record<string, Composed>> = { sgdStep, sgdVelocity, nagStep, adamMean, adamSquare, adamStep }

const POOLS: Readonly<Record<string, Composed>> = { maxPool, avgPool }

/** What is quicker than its composition, engine by engine, as measured (see the README). */
const CHOSEN: Readonly<Record<EngineName, Readonly<Record<string, Composed>>>> = {
  cpu: { ...STEPS, ...POOLS },
  wasm: { ...STEPS, ...POOLS, softmax, batchNorm, convolution },
  tensorflow: {
    ...STEPS, ...POOLS, linear, relu, reluGradient, sigmoid, sigmoidGradient, tanhGradient, softmax, logSoftmax, softmaxCrossEntropy, softmaxCrossEntropyGradient,
    convolution, convolutionGradWeight, convolutionTranspose, unfold: unfoldWindows, fold: foldWindows, batchNorm, batchNormTraining: batchNorm,
  },
}

/** The kernels of tfjs that an override cannot do without, beside those that every array needs. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { convolution: ['Conv2D', 'DepthwiseConv2dNative'] }

/** The operations of core that an engine runs as one, chosen when its device is opened: where a kernel is absent, the composition stays. */
export function overridesOf(engine: Engine): Readonly<Record<string, Composed>> {
  return Object.fromEntries(Object.entries(CHOSEN[engine.name]).filter(([name]) => engine.has(...(NEEDED[name] ?? []))))
}
