import { ValueError, describe } from '@ashlar/core'
import type { LRSchedulerOptions } from './lr-scheduler.ts'
import { LRScheduler, finite, knownOptions, whole } from './lr-scheduler.ts'

/** What a {@link FactorScheduler} takes beside its step. */
export interface FactorSchedulerOptions extends LRSchedulerOptions {
  /** What the rate is multiplied with, 1 at most (default 1). */
  readonly factor?: number
  /** The rate never falls below this (default 1e-8). */
  readonly stopFactorLr?: number
}

/**
 * Multiplies the learning rate by `factor` after every `step` updates. It remembers how far it came: asked about an
 * earlier update, it does not go back.
 *
 * @example
 * ```ts
 * import { lrScheduler } from '@ashlar/optim'
 *
 * const schedule = new lrScheduler.FactorScheduler(2, { factor: 0.5, baseLr: 1 })
 * console.log([1, 2, 3, 4, 5].map(schedule))
 * // [ 1, 1, 0.5, 0.5, 0.25 ]
 * ```
 */
export class FactorScheduler extends LRScheduler {
  readonly step: number
  readonly factor: number
  readonly stopFactorLr: number
  /** The update after which the rate fell last. */
  count = 0

  /** @throws ValueError for a step below 1 or a factor above 1 */
  constructor(step: number, options: FactorSchedulerOptions = {}) {
    super(knownOptions(options, 'FactorScheduler', ['factor', 'stopFactorLr']))
    this.step = checkStep(step)
    this.factor = checkFactor(options.factor ?? 1)
    this.stopFactorLr = finite(options.stopFactorLr ?? 1e-8, 'stopFactorLr')
  }

  protected override rate(numUpdate: number): number {
    while (numUpdate > this.count + this.step) {
      this.count += this.step
      this.current = Math.max(this.current * this.factor, this.stopFactorLr)
    }
    return this.current
  }
}

/** What a {@link MultiFactorScheduler} takes beside its steps. */
export interface MultiFactorSchedulerOptions extends LRSchedulerOptions {
  /** What the rate is multiplied with, 1 at most (default 1). */
  readonly factor?: number
}

/** Multiplies the learning rate by `factor` once the number of updates is past each of the steps. It remembers how far it came. */
export class MultiFactorScheduler extends LRScheduler {
  readonly step: readonly number[]
  readonly factor: number
  /** How many of the steps are behind. */
  passed = 0

  /** @throws ValueError unless the steps are whole numbers from 1, each above the one before, and for a factor above 1 */
  constructor(step: readonly number[], options: MultiFactorSchedulerOptions = {}) {
    super(knownOptions(options, 'MultiFactorScheduler', ['factor']))
    if (!Array.isArray(step) || step.length === 0) throw new ValueError(`the steps are a list, got ${describe(step)}`, { op: 'MultiFactorScheduler' })
    this.step = step.map(checkStep)
    const fall = step.findIndex((at, i) => i > 0 && at <= step[i - 1]!)
    if (fall > 0) throw new ValueError(`Schedule step must be an increasing integer list: ${step[fall]} comes after ${step[fall - 1]}`, { op: 'MultiFactorScheduler' })
    this.factor = checkFactor(options.factor ?? 1)
  }

  protected override rate(numUpdate: number): number {
    while (this.passed < this.step.length && numUpdate > this.step[this.passed]!) {
      this.passed++
      this.current *= this.factor
    }
    return this.current
  }
}

function checkStep(step: number): number {
  if (whole(step, 'step') >= 1) return step
  throw new ValueError(`Schedule step must be greater or equal than 1 round, got ${step}`, { op: 'lrScheduler' })
}

function checkFactor(factor: number): number {
  if (finite(factor, 'factor') <= 1) return factor
  throw new ValueError(`Factor must be no more than 1 to make lr reduce, got ${factor}`, { op: 'lrScheduler' })
}
