import type { NDArray } from '@ashlar/core'
import { ValueError, clip, describe } from '@ashlar/core'

/** What every optimizer takes. */
export interface OptimizerOptions {
  readonly learningRate?: number
  /** Weight decay: the strength of the pull towards 0. */
  readonly wd?: number
  /** Cuts each element of the gradient to [-clipGradient, clipGradient]. */
  readonly clipGradient?: number | null
}

/** What an optimizer keeps for one copy of one parameter, such as its momentum. */
export type OptimizerState = readonly NDArray[]

/** How large this step is, for one parameter. */
export interface StepSettings {
  readonly learningRate: number
  readonly wd: number
  /** How many updates this parameter has had, this one included. */
  readonly updates: number
}

/**
 * The base of optimizers: how one weight follows its gradient. A subclass says what state it keeps and how a step goes;
 * arrays never change, so a step returns new ones.
 */
export abstract class Optimizer {
  learningRate: number
  readonly wd: number
  readonly clipGradient: number | null
  /** What gradients are multiplied with first; the trainer sets 1 over the batch size. */
  rescaleGrad = 1

  protected constructor(options: OptimizerOptions, learningRate: number) {
    this.learningRate = finite(options.learningRate ?? learningRate, 'learningRate')
    this.wd = finite(options.wd ?? 0, 'wd')
    this.clipGradient = options.clipGradient ?? null
  }

  /** Fresh state for a weight, or none. */
  createState(_weight: NDArray): OptimizerState {
    return []
  }

  /** The weight and the state after one step. */
  abstract step(weight: NDArray, gradient: NDArray, state: OptimizerState, settings: StepSettings): { readonly weight: NDArray; readonly state: OptimizerState }

  /** The gradient as steps use it: rescaled, then cut. */
  protected prepare(gradient: NDArray): NDArray {
    return this.cut(gradient.mul(this.rescaleGrad))
  }

  protected cut(gradient: NDArray): NDArray {
    return this.clipGradient === null ? gradient : clip(gradient, -this.clipGradient, this.clipGradient)
  }
}

/** Checks a number option. @throws ValueError */
export function finite(value: number, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new ValueError(`${name} must be a finite number, got ${describe(value)}`, { op: 'optimizer' })
}
