/**
 * Blocks: the parts that networks are made of, their parameters, and losses.
 *
 * @packageDocumentation
 */
export { Activation } from './activation.ts'
export type { ActivationName } from './activation.ts'
export { Block } from './block.ts'
export type { BlockOptions } from './block.ts'
export { Constant } from './constant.ts'
export { Dense } from './dense.ts'
export type { DenseOptions } from './dense.ts'
export { HookHandle } from './hooks.ts'
export type { ForwardHook, ForwardPreHook } from './hooks.ts'
export { Loss, SoftmaxCELoss, SoftmaxCrossEntropyLoss } from './loss.ts'
export type { LossOptions, SoftmaxCrossEntropyOptions } from './loss.ts'
export { Parameter } from './parameter.ts'
export type { LoadInitOptions, ParameterInitializeOptions, ParameterOptions } from './parameter.ts'
export { ParameterDict } from './parameter-dict.ts'
export type { InitializeOptions, LoadOptions } from './parameter-dict.ts'
export { Sequential } from './sequential.ts'
export type { AnyBlock } from './sequential.ts'
