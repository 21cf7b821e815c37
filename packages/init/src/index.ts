/**
 * Initializers: how a network's parameters get their first values.
 *
 * @packageDocumentation
 */
export { Initializer } from './initializer.ts'
export { Constant, Normal, One, Uniform, Zero } from './simple.ts'
export { MSRAPrelu, Xavier } from './xavier.ts'
export type { FactorType, RandomType } from './xavier.ts'
export { create, register } from './registry.ts'
export type { InitializerLike } from './registry.ts'
