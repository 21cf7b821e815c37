/** What networks need beyond NumPy, with files and devices, under Gluon's names: `npx.relu`, `npx.save`, `npx.gpu`. */
export { erf, linear, logSoftmax, oneHot, pick, relu, sigmoid, softmax, softplus, softsign } from '@ashlar/core'
export { cpu, currentContext, gpu, numGpus } from '@ashlar/device'
export { load, save } from '@ashlar/io'
export * as random from './npx-random.ts'
