import { ValueError, describe } from '@ashlar/core'
import type { AdamOptions } from './adam.ts'
import { Adam } from './adam.ts'
import type { Optimizer } from './optimizer.ts'
import type { SGDOptions } from './sgd.ts'
import { SGD } from './sgd.ts'

/** The options of each optimizer, by name. */
export interface OptimizerOptionsByName {
  sgd: SGDOptions
  adam: AdamOptions
}

interface Entry {
  readonly options: readonly string[]
  make(options: never): Optimizer
}

const COMMON = ['learningRate', 'wd', 'clipGradient']

const OPTIMIZERS: Readonly<Record<string, Entry>> = {
  sgd: { options: [...COMMON, 'momentum'], make: (options: SGDOptions) => new SGD(options) },
  adam: { options: [...COMMON, 'beta1', 'beta2', 'epsilon'], make: (options: AdamOptions) => new Adam(options) },
}

/**
 * The optimizer of a name, in any case.
 *
 * @throws ValueError `Cannot find optimizer unknown`, and for an option that it does not have
 * @example
 * ```ts
 * import { create } from '@ashlar/optim'
 * console.log(create('adam', { learningRate: 0.01 }).learningRate)
 * // 0.01
 * ```
 */
export function create<N extends keyof OptimizerOptionsByName>(name: N, options?: OptimizerOptionsByName[N]): Optimizer
export function create(name: string, options?: object): Optimizer
export function create(name: string, options: object = {}): Optimizer {
  const key = typeof name === 'string' ? name.toLowerCase() : ''
  const entry = Object.hasOwn(OPTIMIZERS, key) ? OPTIMIZERS[key] : undefined
  if (entry === undefined) throw new ValueError(`Cannot find optimizer ${typeof name === 'string' ? name : describe(name)}`, { op: 'optim.create', hint: `there are ${Object.keys(OPTIMIZERS).join(', ')}` })
  const unknown = Object.keys(options).find(option => !entry.options.includes(option))
  if (unknown !== undefined) throw new ValueError(`${key} has no option '${unknown}'`, { op: 'optim.create', hint: `it has ${entry.options.join(', ')}` })
  return entry.make(options as never)
}
