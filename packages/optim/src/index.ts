/**
 * Optimizers, and the trainer that applies them.
 *
 * @packageDocumentation
 */
export { Adam } from './adam.ts'
export type { AdamOptions } from './adam.ts'
export { Optimizer } from './optimizer.ts'
export type { OptimizerOptions, OptimizerState, StepSettings } from './optimizer.ts'
export { create } from './registry.ts'
export type { OptimizerOptionsByName } from './registry.ts'
export { SGD } from './sgd.ts'
export type { SGDOptions } from './sgd.ts'
export { Trainer } from './trainer.ts'
export type { StepOptions, TrainerParameters } from './trainer.ts'
