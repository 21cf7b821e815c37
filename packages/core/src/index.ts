/**
 * Arrays, operations, automatic differentiation, and the interface that backends implement.
 *
 * @packageDocumentation
 */
export { checkArray, isNDArray } from './array-core.ts'
export * as autograd from './autograd.ts'
export type { BackwardOptions, GradOptions, GradReq } from './autograd.ts'
export { markVariable } from './autograd.ts'
export { checkGradients } from './check-gradients.ts'
export type { CheckGradientsOptions } from './check-gradients.ts'
export { dropout } from './dropout.ts'
export type { DropoutOptions } from './dropout.ts'
export { CustomFunction } from './custom-function.ts'
export type {
  ArgReduceKind, Backend, BinaryKind, Capabilities, CompareKind, Device, DeviceMemory, Kernels, Override, ReduceKind, Tensor, UnaryKind,
} from './backend.ts'
export { Context, checkContext, currentContext, withContext } from './context.ts'
export { nextCount, resetNames } from './counters.ts'
export { copyTo, toStored, toStoredAsync } from './copy.ts'
export { decodeHalf, encodeHalf } from './half.ts'
export { arange, array, eye, fromTypedArray, full, linspace, ones, onesLike, zeros, zerosLike } from './creation.ts'
export type { ArrayLikeInput, ArrayOptions } from './creation.ts'
export { DTYPES, allocate, checkDType, floatType, isBigInt, isFloat, isHalf, itemSize, promoteNumber, promoteTypes } from './dtype.ts'
export type { ArithmeticDType, DType, StorageDType, TypedArray } from './dtype.ts'
export { registerTypes } from './elementwise-program.ts'
export type { ElementwiseProgram, ElementwiseStep } from './elementwise-program.ts'
export {
  AshlarError, AssertionError, DeferredInitializationError, IndexError, KeyError, MXNetError, MemoryError, NotImplementedError, RuntimeError, ValueError,
  isAshlarError, typeError,
} from './errors.ts'
export type { ErrorDetails } from './errors.ts'
export { inspectByRepr } from './inspect.ts'
export { callout, internal, keep, scope } from './memory.ts'
export { memory } from './memory-report.ts'
export type { MemoryReport } from './memory-report.ts'
export { NDArray } from './ndarray.ts'
export type { Nested } from './ndarray.ts'
export * as np from './np.ts'
export * as npx from './npx.ts'
export * as nd from './nd.ts'
export { getState, randomStateOf, seed, setState } from './np-random/streams.ts'
export type { GeneratorSnapshot, RandomSnapshot } from './np-random/streams.ts'
export { bernoulli } from './np-random/discrete.ts'
export type { RandomOptions } from './np-random/draw.ts'
export { RandomState, shuffledOrder } from './random/index.ts'
export { defineOp } from './op.ts'
export type { Gradient, OpDefinition, OpFunction } from './op.ts'
export * from './ops/index.ts'
export { budgetOf, deviceCount, deviceOf, listBackends, openDevices, registerBackend, unregisterBackend } from './registry.ts'
export type { RegisterOptions } from './registry.ts'
export {
  MAX_SIZE, broadcastShapes, checkAxes, checkAxis, checkShape, describe, formatShape, reducedShape, sameShape, sizeOf, specOf, stridesOf,
} from './shape.ts'
export type { Shape, Spec } from './shape.ts'
export { setWarningHandler, warn } from './warn.ts'
export type { WarningHandler, WarningOptions } from './warn.ts'
