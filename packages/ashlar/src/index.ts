/**
 * Ashlar's front door: everything that everyday work needs, with the CPU backend registered.
 *
 * @packageDocumentation
 */
import { cpuBackend } from '@ashlar/backend-cpu'
import { registerBackend } from '@ashlar/core'

registerBackend(cpuBackend())

export { cpuBackend } from '@ashlar/backend-cpu'
export {
  NDArray, autograd, isAshlarError, keep, listBackends, memory, nd, np, registerBackend, scope, setWarningHandler, unregisterBackend,
} from '@ashlar/core'
export type { Backend, DType, Shape } from '@ashlar/core'
export * as data from '@ashlar/data'
export * as device from '@ashlar/device'
export { splitAndLoad } from '@ashlar/device'
export * as gluon from './gluon.ts'
export * as init from '@ashlar/init'
export * as io from '@ashlar/io'
export * as nn from '@ashlar/nn'
export * as npx from './npx.ts'
export * as optim from '@ashlar/optim'
