import { ValueError, describe } from '@ashlar/core'
import { Callable } from '../callable.ts'

/** What says the learning rate after so many updates. */
export type LearningRateSchedule = LRScheduler | ((numUpdate: number) => number)

/** What every scheduler takes. */
export interface LRSchedulerOptions {
  /** The learning rate that warming up leads to and that the schedule starts from (default 0.01). */
  readonly baseLr?: number
  /** How many updates warm up (default 0). */
  readonly warmupSteps?: number
  /** The learning rate of the first update of these (default 0). */
  readonly warmupBeginLr?: number
  /** Rise evenly (`'linear'`, the default), or stay at `warmupBeginLr` (`'constant'`) until the last. */
  readonly warmupMode?: 'linear' | 'constant'
}

// A scheduler is called with the number of updates.
// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export interface LRScheduler {
  (numUpdate: number): number
}

/** The names of the options of {@link LRScheduler}. */
export const WARMUP: readonly string[] = ['baseLr', 'warmupSteps', 'warmupBeginLr', 'warmupMode']

/**
 * The base of schedulers: a function of the number of updates, with what it remembers. A subclass says in `rate` how it
 * goes on once `warmupSteps` updates have warmed up: `warmupBeginLr + (baseLr - warmupBeginLr) * numUpdate / warmupSteps`.
 * Public fields that are numbers, texts or lists of them are saved with a trainer's states.
 *
 * @example
 * ```ts
 * import { lrScheduler } from '@ashlar/optim'
 *
 * class SquareRootScheduler extends lrScheduler.LRScheduler {
 *   override rate(numUpdate: number): number {
 *     return this.baseLr / Math.sqrt(numUpdate + 1)
 *   }
 * }
 * const schedule = new SquareRootScheduler({ baseLr: 0.1 })
 * console.log(schedule(0), schedule(3))
 * // 0.1 0.05
 * ```
 */
// eslint-disable-next-line typescript/no-unsafe-declaration-merging
export class LRScheduler extends Callable {
  readonly warmupSteps: number
  readonly warmupBeginLr: number
  readonly warmupMode: 'linear' | 'constant'
  /** Where warming up ends. */
  warmupFinalLr: number
  /** The rate that {@link LRScheduler.rate} starts from; schedules that remember lower it as they go. */
  protected current: number

  /** @throws ValueError for numbers that are none, a negative `warmupSteps`, a `baseLr` below `warmupBeginLr`, and another mode */
  constructor(options: LRSchedulerOptions = {}) {
    super()
    const { baseLr = 0.01, warmupSteps = 0, warmupBeginLr = 0, warmupMode = 'linear' } = options
    if (whole(warmupSteps, 'warmupSteps') < 0) throw new ValueError('Warmup steps has to be positive or 0', { op: 'lrScheduler' })
    if (warmupMode !== 'linear' && warmupMode !== 'constant') {
      throw new ValueError(`Supports only linear and constant modes of warmup, got ${describe(warmupMode)}`, { op: 'lrScheduler' })
    }
    this.warmupSteps = warmupSteps
    this.warmupMode = warmupMode
    this.warmupBeginLr = finite(warmupBeginLr, 'warmupBeginLr')
    this.warmupFinalLr = this.current = this.checkBase(baseLr)
  }

  /** The learning rate that the schedule starts from, or has come down to. Setting it lets the schedule go on from there. */
  get baseLr(): number {
    return this.current
  }

  set baseLr(rate: number) {
    this.warmupFinalLr = this.current = this.checkBase(rate)
  }

  private checkBase(rate: number): number {
    if (finite(rate, 'baseLr') >= this.warmupBeginLr) return rate
    throw new ValueError(`Base lr has to be higher than warmup_begin_lr: ${rate} is below ${this.warmupBeginLr}`, { op: 'lrScheduler' })
  }

  /** The learning rate while it warms up. */
  getWarmupLr(numUpdate: number): number {
    if (this.warmupMode === 'constant') return this.warmupBeginLr
    return this.warmupBeginLr + ((this.warmupFinalLr - this.warmupBeginLr) * numUpdate) / this.warmupSteps
  }

  protected override invoke(numUpdate: number): number {
    finite(numUpdate, 'the number of updates')
    return numUpdate < this.warmupSteps ? this.getWarmupLr(numUpdate) : this.rate(numUpdate)
  }

  /** The learning rate after warming up; the base's stays at `baseLr`. */
  protected rate(_numUpdate: number): number {
    return this.baseLr
  }
}

/** Hands options on after a look at their names. @throws ValueError for one that the scheduler does not have */
export function knownOptions<T extends object>(options: T, name: string, own: readonly string[]): T {
  if (typeof options !== 'object' || options === null) throw new ValueError(`the options are an object, got ${describe(options)}`, { op: name })
  const names = [...own, ...WARMUP]
  const unknown = Object.keys(options).find(option => !names.includes(option))
  if (unknown !== undefined) throw new ValueError(`${name} has no option '${unknown}'`, { op: name, hint: `it has ${names.join(', ')}` })
  return options
}

/** Checks a number. @throws ValueError */
export function finite(value: number, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new ValueError(`${name} must be a finite number, got ${describe(value)}`, { op: 'lrScheduler' })
}

/** Checks a whole number. @throws ValueError */
export function whole(value: number, name: string): number {
  if (Number.isInteger(value)) return value
  throw new ValueError(`${name} must be a whole number, got ${describe(value)}`, { op: 'lrScheduler' })
}
