import { ValueError, describe, warn } from '@ashlar/core'
import type { Optimizer, OptimizerOptions } from './optimizer.ts'
import type { AdaDeltaOptions, AdaGradOptions } from './optimizers/adagrad.ts'
import { AdaDelta, AdaGrad } from './optimizers/adagrad.ts'
import type { AdamOptions, AdamWOptions } from './optimizers/adam.ts'
import { Adam, AdamW, Adamax } from './optimizers/adam.ts'
import { FTML } from './optimizers/ftml.ts'
import type { FtrlOptions } from './optimizers/ftrl.ts'
import { Ftrl } from './optimizers/ftrl.ts'
import type { LAMBOptions, LARSOptions } from './optimizers/layerwise.ts'
import { LAMB, LARS } from './optimizers/layerwise.ts'
import type { NadamOptions } from './optimizers/nadam.ts'
import { Nadam } from './optimizers/nadam.ts'
import type { RMSPropOptions } from './optimizers/rmsprop.ts'
import { RMSProp } from './optimizers/rmsprop.ts'
import type { SGDOptions } from './optimizers/sgd.ts'
import { NAG, SGD } from './optimizers/sgd.ts'
import type { SignumOptions } from './optimizers/signum.ts'
import { Signum } from './optimizers/signum.ts'
import type { DCASGDOptions } from './optimizers/stochastic.ts'
import { DCASGD, SGLD } from './optimizers/stochastic.ts'

/** The options of each optimizer, by name. */
export interface OptimizerOptionsByName {
  sgd: SGDOptions
  nag: SGDOptions
  adam: AdamOptions
  adamW: AdamWOptions
  adamax: AdamOptions
  nadam: NadamOptions
  adagrad: AdaGradOptions
  adadelta: AdaDeltaOptions
  rmsprop: RMSPropOptions
  ftrl: FtrlOptions
  ftml: AdamOptions
  signum: SignumOptions
  lamb: LAMBOptions
  lars: LARSOptions
  sgld: OptimizerOptions
  dcasgd: DCASGDOptions
}

type OptimizerClass = new (options?: never) => Optimizer

const BUILT_IN: Readonly<Record<string, OptimizerClass>> = {
  sgd: SGD, nag: NAG, adam: Adam, adamw: AdamW, adamax: Adamax, nadam: Nadam, adagrad: AdaGrad, adadelta: AdaDelta, rmsprop: RMSProp,
  ftrl: Ftrl, ftml: FTML, signum: Signum, lamb: LAMB, lars: LARS, sgld: SGLD, dcasgd: DCASGD,
}

const own = new Map<string, OptimizerClass>()

const find = (name: string): OptimizerClass | undefined => own.get(name) ?? (Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined)

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
  const found = typeof name === 'string' ? find(name.toLowerCase()) : undefined
  if (found !== undefined) return new found(options as never)
  throw new ValueError(`Cannot find optimizer ${typeof name === 'string' ? name : describe(name)}`, { op: 'optim.create', hint: `there are ${[...Object.keys(BUILT_IN), ...own.keys()].join(', ')}` })
}

/**
 * Makes a class of optimizers known to {@link create} and to trainers under its lower-case name, or under `name`, in place of
 * the one that has the name now. Its constructor takes one object of options. Returns the class.
 */
export function register<T extends new (options?: never) => Optimizer>(optimizer: T, name: string = optimizer.name): T {
  const key = name.toLowerCase()
  const before = find(key)
  if (before !== undefined && before !== optimizer) warn(`New optimizer ${optimizer.name} is overriding existing optimizer ${before.name}`)
  own.set(key, optimizer)
  return optimizer
}

/** What a saved state calls its optimizer: the name it is registered under, or that of its class. */
export function nameOf(optimizer: Optimizer): string {
  const entry = [...own, ...Object.entries(BUILT_IN)].find(([, candidate]) => candidate === optimizer.constructor)
  return entry?.[0] ?? optimizer.constructor.name
}

const steps: ReadonlySet<unknown> = /* #__PURE__ */ new Set(Object.values(BUILT_IN).map(({ prototype }) => (prototype as Optimizer).step))

/** Whether an optimizer's `step` is one of ours, so that what it makes and does not return can be dropped. */
export function isBuiltIn(optimizer: Optimizer): boolean {
  return steps.has(optimizer.step)
}
