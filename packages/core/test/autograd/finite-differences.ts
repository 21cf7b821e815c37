import { array, autograd, mul, sum } from '@ashlar/core'
import type { NDArray } from '@ashlar/core'
import { flat } from '../support/close.ts'
import { points } from '../support/points.ts'

/** An argument of a differentiable function: a shape, and the range that its elements come from. */
export interface Argument {
  readonly shape: readonly number[]
  readonly low?: number
  readonly high?: number
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

function make({ shape, low = -1, high = 1 }: Argument, seed: number): number[] {
  return points(sizeOf(shape), low, high, seed)
}

const tensor = (values: readonly number[], { shape }: Argument): NDArray => array([...values], { dtype: 'float64' }).reshape(shape)

/**
 * The largest difference between the gradient and central differences, relative to the gradient where that exceeds 1.
 * The head has random weights, so that no two outputs stand for each other.
 */
export function gradientError(run: (...inputs: NDArray[]) => NDArray, args: readonly Argument[], step = 1e-5): number {
  const values = args.map((argument, i) => make(argument, i + 1))
  const weights = (y: NDArray): NDArray => tensor(points(y.size, -1, 1, 99), { shape: y.shape })
  const total = (inputs: readonly (readonly number[])[]): number => {
    const y = run(...inputs.map((input, i) => tensor(input, args[i]!)))
    return sum(mul(y, weights(y))).item()
  }
  const leaves = values.map((input, i) => tensor(input, args[i]!))
  for (const leaf of leaves) leaf.attachGrad()
  const loss = autograd.record(() => {
    const y = run(...leaves)
    return sum(mul(y, weights(y)))
  })
  let worst = 0
  for (const [i, gradient] of autograd.grad(loss, leaves).entries()) {
    for (const [j, analytic] of flat(gradient).entries()) {
      const shifted = (by: number): number => total(values.map((input, k) => (k === i ? input.with(j, input[j]! + by) : input)))
      const numeric = (shifted(step) - shifted(-step)) / (2 * step)
      const error = Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric))
      worst = Number.isNaN(error) ? Infinity : Math.max(worst, error)
    }
  }
  return worst
}
