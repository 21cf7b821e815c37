import { setImmediate } from 'node:timers/promises'
import { UserError } from '@ashlar-examples/shared/errors'
import { autograd, np, scope } from '@ashlar/core'
import type { Points } from './points.ts'
import { powersOf } from './points.ts'

export interface DescentOptions {
  /** The highest power of x. */
  readonly degree: number
  readonly steps: number
  /** How far a step goes, as a multiple of the gradient. */
  readonly lr: number
  /** Ends the descent between two steps. */
  readonly signal: AbortSignal
}

/** A polynomial that was fitted step by step. */
export interface Descent {
  /** Coefficients of 1, x, x², … */
  readonly coefficients: readonly number[]
  /** The mean squared error before the first step and after each. */
  readonly losses: readonly number[]
}

/**
 * Fits a polynomial by gradient descent from zeros. The loss is the mean squared error, `mean((X w - y)²)`, and autograd
 * finds its gradient.
 *
 * @param listen is told the loss after each step, and before the first as step 0
 * @throws the signal's reason where it was aborted; UserError where the loss is no number any more
 */
export async function descend({ x, y }: Points, options: DescentOptions, listen: (step: number, loss: number) => void): Promise<Descent> {
  const features = powersOf(x, options.degree)
  const w = np.zeros([options.degree + 1])
  w.attachGrad()
  const losses: number[] = []
  for (let step = 0; ; step++) {
    const value = scope(() => {
      const loss = autograd.record(() => np.square(features.dot(w).sub(y)).mean())
      loss.backward()
      return loss.item()
    })
    if (!Number.isFinite(value)) throw new UserError(`the loss of degree ${options.degree} is ${value} after ${step} steps: they are too large; try an --lr below ${options.lr}`)
    losses.push(value)
    listen(step, value)
    if (step === options.steps) return { coefficients: Array.from(w.toTypedArray(), Number), losses }
    scope(() => w.isub(w.grad!.mul(options.lr)))
    // Ctrl-C gets its turn here.
    if (step % 20 === 0) await setImmediate()
    options.signal.throwIfAborted()
  }
}
