import type { NDArray, SGDStepOptions } from '@ashlar/core'
import { AshlarError, ValueError, clip, describe, warn } from '@ashlar/core'
import type { LearningRateSchedule } from './schedulers/lr-scheduler.ts'
import { LRScheduler } from './schedulers/lr-scheduler.ts'

/** What every optimizer takes. */
export interface OptimizerOptions {
  /** Default 0.01, or what the optimizer or the scheduler says. */
  readonly learningRate?: number | null
  /** Weight decay: the strength of the pull towards 0. */
  readonly wd?: number
  /** Cuts each element of the gradient to [-clipGradient, clipGradient]. */
  readonly clipGradient?: number | null
  /** What gradients are multiplied with first, before the trainer divides them by the batch size (default 1). */
  readonly rescaleGrad?: number
  /** Says the learning rate of each update; a {@link LRScheduler}, or a function of the number of updates. */
  readonly lrScheduler?: LearningRateSchedule | null
  /** How many updates came before the first (default 0), for schedules and for the corrections of Adam and its kin. */
  readonly beginNumUpdate?: number
  /** Keep float32 copies of weights of float16 and bfloat16, and step these (default false). */
  readonly multiPrecision?: boolean
}

/** What an optimizer keeps for one copy of one parameter, such as its momentum. */
export type OptimizerState = readonly NDArray[]

/** How large this step is, for one parameter. */
export interface StepSettings {
  /** The schedule's rate times the parameter's `lrMult`. */
  readonly learningRate: number
  /** The optimizer's times the parameter's `wdMult`. */
  readonly wd: number
  /** How many updates this parameter has had, this one included. */
  readonly updates: number
  /** What gradients are multiplied with first: the optimizer's over the batch size. */
  readonly rescaleGrad: number
  /** The parameter's name. */
  readonly parameter: string
}

/** A weight and what is kept for it, after a step. */
export interface Stepped {
  readonly weight: NDArray
  readonly state: OptimizerState
}

const COMMON: readonly string[] = ['learningRate', 'wd', 'clipGradient', 'rescaleGrad', 'lrScheduler', 'beginNumUpdate', 'multiPrecision']

/**
 * The base of optimizers: how one weight follows its gradient. A subclass says what state it keeps and how a step goes;
 * arrays never change, so a step returns new ones.
 *
 * A step's numbers are of two kinds. Those that the constructor was given stay. Those that change from step to step come
 * from `settings` alone, so that a traced step can be replayed with others: `step` neither computes with them nor
 * branches on them, beyond handing them to operations. What it needs beside {@link StepSettings}, {@link Optimizer.derive} adds.
 *
 * @example
 * ```ts
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { array, registerBackend, sign } from '@ashlar/core'
 * import type { NDArray, SGDStepOptions } from '@ashlar/core'
 * import { Optimizer, create, register } from '@ashlar/optim'
 * import type { OptimizerOptions, OptimizerState, StepSettings, Stepped } from '@ashlar/optim'
 *
 * registerBackend(cpuBackend())
 * class SignDescent extends Optimizer {
 *   constructor(options: OptimizerOptions = {}) {
 *     super(options, 0.1)
 *   }
 *   step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): Stepped {
 *     return { weight: weight.sub(sign(this.prepare(gradient, settings)).mul(settings.learningRate)), state }
 *   }
 * }
 * register(SignDescent)
 * const settings = { learningRate: 0.5, wd: 0, updates: 1, rescaleGrad: 1, parameter: 'w' }
 * console.log(create('signdescent').step(array([1, 1]), array([-3, 0.2]), [], settings).weight)
 * // array([1.5, 0.5])
 * ```
 */
export abstract class Optimizer<Settings extends StepSettings = StepSettings> {
  readonly wd: number
  readonly clipGradient: number | null
  readonly rescaleGrad: number
  readonly lrScheduler: LearningRateSchedule | null
  readonly beginNumUpdate: number
  readonly multiPrecision: boolean
  /** The most updates that any parameter has had: what the schedule is asked with. */
  numUpdate: number
  /** Whether steps draw random numbers: the copies of a parameter then take over what the first one drew. */
  readonly stochastic: boolean = false
  private rate: number

  /**
   * @param options what the user gave
   * @param learningRate used where neither the options nor a scheduler say one
   * @throws ValueError for numbers that are none, or out of range
   */
  protected constructor(options: OptimizerOptions = {}, learningRate = 0.01) {
    this.wd = finite(options.wd ?? 0, 'wd')
    this.clipGradient = options.clipGradient === undefined || options.clipGradient === null ? null : positive(options.clipGradient, 'clipGradient')
    this.rescaleGrad = finite(options.rescaleGrad ?? 1, 'rescaleGrad')
    this.beginNumUpdate = count(options.beginNumUpdate ?? 0, 'beginNumUpdate')
    this.multiPrecision = flag(options.multiPrecision ?? false, 'multiPrecision')
    this.lrScheduler = options.lrScheduler ?? null
    this.numUpdate = this.beginNumUpdate
    const given = options.learningRate ?? null
    this.rate = finite(given ?? learningRate, 'learningRate')
    if (this.lrScheduler === null) return
    if (typeof this.lrScheduler !== 'function') throw new ValueError(`lrScheduler must be an LRScheduler or a function, got ${describe(this.lrScheduler)}`, { op: 'optimizer' })
    if (given !== null) this.overwrite(this.lrScheduler, given)
  }

  /** Behaviour B-8.5: of two learning rates, the one given to the optimizer counts. */
  private overwrite(scheduler: LearningRateSchedule, rate: number): void {
    if (!(scheduler instanceof LRScheduler)) {
      throw new ValueError('a learningRate beside a function as lrScheduler says two things', { op: 'optimizer', hint: 'let the function alone say the rate' })
    }
    if (scheduler.baseLr === rate) return
    scheduler.baseLr = rate
    warn('learning rate from `lrScheduler` has been overwritten by `learningRate` in optimizer.')
  }

  /** The learning rate at the present number of updates. Setting it throws where a scheduler says it. */
  get learningRate(): number {
    return this.rateAt(this.numUpdate)
  }

  set learningRate(rate: number) {
    if (this.lrScheduler !== null) {
      throw new AshlarError('LRScheduler of the optimizer has already been defined. Note that set_learning_rate can mutate the value of the learning rate of the optimizer only when the LRScheduler of the optimizer is undefined.', { op: 'optimizer' }, 'UserWarning', 'ERR_LEARNING_RATE_SCHEDULED')
    }
    this.rate = finite(rate, 'learningRate')
  }

  /** The learning rate once some parameter has had so many updates. */
  rateAt(numUpdate: number): number {
    return this.lrScheduler === null ? this.rate : finite(this.lrScheduler(numUpdate), 'the learning rate of lrScheduler')
  }

  /** Fresh state for a weight, or none. */
  createState(_weight: NDArray): OptimizerState {
    return []
  }

  /** All numbers of one step, computed on the host: those that every step has, and what this optimizer makes of them. */
  derive(settings: StepSettings): Settings {
    return settings as Settings
  }

  /** The weight and the state after one step. */
  abstract step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: Settings): Stepped

  /** The gradient as steps use it: rescaled, then cut. */
  protected prepare(gradient: NDArray, settings: StepSettings): NDArray {
    return this.cut(gradient.mul(settings.rescaleGrad))
  }

  /** How the operations of core that do a whole step are to take the gradient, and how far they go. */
  protected gradientOptions({ learningRate, wd, rescaleGrad }: StepSettings): SGDStepOptions {
    return { learningRate, wd, rescaleGrad, clipGradient: this.clipGradient }
  }

  /** The gradient with the pull of weight decay, cut together. */
  protected prepareDecayed(gradient: NDArray, weight: NDArray, settings: StepSettings): NDArray {
    return this.cut(this.decayed(gradient.mul(settings.rescaleGrad), weight, settings))
  }

  /** Adds the pull of weight decay to a gradient. */
  protected decayed(gradient: NDArray, weight: NDArray, settings: StepSettings): NDArray {
    return this.wd === 0 ? gradient : gradient.add(weight.mul(settings.wd))
  }

  protected cut(gradient: NDArray): NDArray {
    return this.clipGradient === null ? gradient : clip(gradient, -this.clipGradient, this.clipGradient)
  }
}

/** Hands options on after a look at their names. @throws ValueError for one that the optimizer does not have */
export function known<T extends OptimizerOptions>(options: T, name: string, own: readonly string[] = []): T {
  if (typeof options !== 'object' || options === null) throw new ValueError(`the options are an object, got ${describe(options)}`, { op: name })
  const names = [...COMMON, ...own]
  const unknown = Object.keys(options).find(option => !names.includes(option))
  if (unknown !== undefined) throw new ValueError(`${name} has no option '${unknown}'`, { op: name, hint: `it has ${names.join(', ')}` })
  return options
}

/** Checks a number option. @throws ValueError */
export function finite(value: number, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new ValueError(`${name} must be a finite number, got ${describe(value)}`, { op: 'optimizer' })
}

/** Checks an option that is above 0. @throws ValueError */
export function positive(value: number, name: string): number {
  if (finite(value, name) > 0) return value
  throw new ValueError(`${name} must be above 0, got ${describe(value)}`, { op: 'optimizer' })
}

/** Checks an option that is 0 or above. @throws ValueError */
export function notNegative(value: number, name: string): number {
  if (finite(value, name) >= 0) return value
  throw new ValueError(`${name} must not be below 0, got ${describe(value)}`, { op: 'optimizer' })
}

/** Checks the share of a running mean that stays, from 0 up to 1 but not 1. @throws ValueError */
export function share(value: number, name: string): number {
  if (notNegative(value, name) < 1) return value
  throw new ValueError(`${name} must be below 1, got ${describe(value)}`, { op: 'optimizer' })
}

/** Checks a yes or no. @throws ValueError */
export function flag(value: boolean, name: string): boolean {
  if (typeof value === 'boolean') return value
  throw new ValueError(`${name} must be true or false, got ${describe(value)}`, { op: 'optimizer' })
}

function count(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 0) return value
  throw new ValueError(`${name} must be a whole number from 0, got ${describe(value)}`, { op: 'optimizer' })
}
