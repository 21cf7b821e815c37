/** Learning rates that change as training goes on. */
export { CosineScheduler, PolyScheduler } from './decay.ts'
export type { CosineSchedulerOptions, PolySchedulerOptions } from './decay.ts'
export { FactorScheduler, MultiFactorScheduler } from './factor.ts'
export type { FactorSchedulerOptions, MultiFactorSchedulerOptions } from './factor.ts'
export { LRScheduler } from './lr-scheduler.ts'
export type { LRSchedulerOptions, LearningRateSchedule } from './lr-scheduler.ts'
