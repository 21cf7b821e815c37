/** Gluon's names for what lies in several packages: `gluon.Trainer`, `gluon.loss.SoftmaxCrossEntropyLoss`. */
export { Block, Constant, HybridBlock, Parameter, ParameterDict, metric, rnn } from '@ashlar/nn'
export * as nn from '@ashlar/nn'
export * as data from '@ashlar/data'
export { Trainer, lrScheduler } from '@ashlar/optim'
export * as utils from './gluon-utils.ts'
export * as loss from './gluon-loss.ts'
export * as contrib from './gluon-contrib.ts'
