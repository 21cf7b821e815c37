/**
 * Initializers: how a network's parameters get their first values.
 *
 * @packageDocumentation
 */
export { InitDesc } from './init-desc.ts'
export type { InitDescOptions } from './init-desc.ts'
export { Initializer } from './initializer.ts'
export type { Summary } from './initializer.ts'
export { Load } from './load.ts'
export type { NamedArrays } from './load.ts'
export { Mixed } from './mixed.ts'
export { Orthogonal } from './orthogonal.ts'
export { Bilinear, LSTMBias } from './shaped.ts'
export { Constant, Normal, One, Uniform, Zero } from './simple.ts'
export { MSRAPrelu, Xavier } from './xavier.ts'
export type { FactorType, RandomType } from './xavier.ts'
export { alias, create, register } from './registry.ts'
export type { InitializerLike } from './registry.ts'
