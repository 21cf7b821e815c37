/** What networks need beyond NumPy, under Gluon's names: `npx.relu`, `npx.softmax`, `npx.pick`. */
export { linear, logSoftmax, relu, sigmoid, softmax, softplus, softsign } from './ops/activations.ts'
export { oneHot, pick } from './ops/indexing.ts'
export { erf } from './ops/math.ts'
export * as random from './npx-random.ts'
