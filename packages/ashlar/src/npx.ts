/** What networks need beyond NumPy, with files and devices, under Gluon's names: `npx.relu`, `npx.save`, `npx.gpu`. */
export {
  avgPool, batchNorm, batchNormTraining, convolution, convolutionTranspose, dropout, elu, embedding, erf, gatherNd, gelu, globalAvgPool, globalMaxPool, groupNorm,
  hardSigmoid, instanceNorm, layerNorm, leakyRelu, linear, logSoftmax, logsumexp, maxPool, oneHot, pick, prelu, relu, rsqrt, scatterNd, selu,
  sigmoid, softmax, softplus, softsign, swish, topk,
} from '@ashlar/core'
export { cpu, cpuPinned, currentContext, gpu, gpuMemoryInfo, numGpus, waitall } from '@ashlar/device'
export { load, loadAsync, save, saveAsync, savez } from '@ashlar/io'
export { isNpArray, isNpShape, resetNp, setNp } from './np-mode.ts'
export * as random from './npx-random.ts'
