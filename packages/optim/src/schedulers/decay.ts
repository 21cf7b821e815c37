import { ValueError, describe } from '@ashlar/core'
import type { LRSchedulerOptions } from './lr-scheduler.ts'
import { LRScheduler, finite, knownOptions } from './lr-scheduler.ts'

/** What a {@link CosineScheduler} takes beside its last update. */
export interface CosineSchedulerOptions extends LRSchedulerOptions {
  /** The rate of `maxUpdate` and all later updates (default 0). */
  readonly finalLr?: number
}

/** What a {@link PolyScheduler} takes beside its last update. */
export interface PolySchedulerOptions extends CosineSchedulerOptions {
  /** The power of the fall (default 2). */
  readonly pwr?: number
}

/** A rate that falls from `baseLr` after warming up to `finalLr` at `maxUpdate`, and stays there. */
abstract class DecayScheduler extends LRScheduler {
  readonly maxUpdate: number
  readonly finalLr: number

  constructor(maxUpdate: number, options: CosineSchedulerOptions) {
    super(options)
    if (!Number.isInteger(maxUpdate) || maxUpdate < 1) {
      throw new ValueError(`maximum number of updates must be strictly positive, got ${describe(maxUpdate)}`, { op: 'lrScheduler', hint: 'a whole number' })
    }
    if (maxUpdate < this.warmupSteps) throw new ValueError(`warming up takes ${this.warmupSteps} updates, but the schedule ends after ${maxUpdate}`, { op: 'lrScheduler' })
    this.maxUpdate = maxUpdate
    this.finalLr = finite(options.finalLr ?? 0, 'finalLr')
  }

  /** What is left of the fall, from 1 to 0, when a share of the way from 0 to 1 is done. */
  protected abstract left(done: number): number

  protected override rate(numUpdate: number): number {
    if (numUpdate >= this.maxUpdate) return this.finalLr
    return this.finalLr + (this.baseLr - this.finalLr) * this.left((numUpdate - this.warmupSteps) / (this.maxUpdate - this.warmupSteps))
  }
}

/**
 * Lowers the learning rate along a power: `finalLr + (baseLr - finalLr) (1 - t)^pwr`, with `t` the share of the updates
 * between warming up and `maxUpdate`.
 */
export class PolyScheduler extends DecayScheduler {
  readonly pwr: number

  /** @throws ValueError unless `maxUpdate` is a whole number from 1, and no less than `warmupSteps` */
  constructor(maxUpdate: number, options: PolySchedulerOptions = {}) {
    super(maxUpdate, knownOptions(options, 'PolyScheduler', ['pwr', 'finalLr']))
    this.pwr = finite(options.pwr ?? 2, 'pwr')
  }

  protected override left(done: number): number {
    return (1 - done) ** this.pwr
  }
}

/**
 * Lowers the learning rate along half a wave: `finalLr + (baseLr - finalLr) (1 + cos πt) / 2`, with `t` the share of the
 * updates between warming up and `maxUpdate`.
 *
 * @example
 * ```ts
 * import { lrScheduler } from '@ashlar/optim'
 *
 * const schedule = new lrScheduler.CosineScheduler(8, { baseLr: 1, warmupSteps: 4 })
 * console.log([0, 2, 4, 6, 8].map(n => schedule(n).toFixed(2)))
 * // [ '0.00', '0.50', '1.00', '0.50', '0.00' ]
 * ```
 */
export class CosineScheduler extends DecayScheduler {
  /** @throws ValueError unless `maxUpdate` is a whole number from 1, and no less than `warmupSteps` */
  constructor(maxUpdate: number, options: CosineSchedulerOptions = {}) {
    super(maxUpdate, knownOptions(options, 'CosineScheduler', ['finalLr']))
  }

  protected override left(done: number): number {
    return (1 + Math.cos(Math.PI * done)) / 2
  }
}
