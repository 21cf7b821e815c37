import { fromTypedArray } from './creation.ts'
import { grad, record } from './autograd.ts'
import { AssertionError } from './errors.ts'
import type { NDArray } from './ndarray.ts'
import { formatShape } from './shape.ts'

/** How {@link checkGradients} compares. */
export interface CheckGradientsOptions {
  /** The step of the central differences (default 1e-6, for float64). */
  readonly epsilon?: number
  readonly rtol?: number
  readonly atol?: number
}

/**
 * Compares the gradients of a function with central differences, both in float64.
 *
 * @param fn from arrays (float64 copies of `inputs`) to one array; it must give the same each time
 * @throws AssertionError that names the input, the element and both values, where they differ
 * @example
 * ```ts
 * import { array, checkGradients, np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * checkGradients((x, y) => np.exp(x).mul(y), [array([0.1, 0.2]), array([3, 4])])
 * console.log('they agree')
 * // they agree
 * ```
 */
export function checkGradients(fn: (...inputs: NDArray[]) => NDArray, inputs: readonly NDArray[], options: CheckGradientsOptions = {}): void {
  const { epsilon = 1e-6, rtol = 1e-4, atol = 1e-6 } = options
  const values = inputs.map(input => Float64Array.from(input.astype('float64').toTypedArray() as Float64Array))
  const leaf = (i: number): NDArray => fromTypedArray(values[i]!, inputs[i]!.shape, 'float64', inputs[i]!.context)
  const leaves = inputs.map((_, i) => leaf(i))
  for (const x of leaves) x.attachGrad('null')
  const gradients = grad(record(() => fn(...leaves)), leaves).map(gradient => gradient.toTypedArray() as Float64Array)
  const total = (): number => fn(...inputs.map((_, i) => leaf(i))).sum().item()
  values.forEach((data, i) => {
    for (let at = 0; at < data.length; at++) {
      const before = data[at]!
      data[at] = before + epsilon
      const above = total()
      data[at] = before - epsilon
      const below = total()
      data[at] = before
      const expected = (above - below) / (2 * epsilon)
      const found = gradients[i]![at]!
      // Written so that NaN fails.
      if (!(Math.abs(found - expected) <= atol + rtol * Math.abs(expected))) {
        throw new AssertionError(`input ${i} of shape ${formatShape(inputs[i]!.shape)}, element ${at}: the gradient is ${found}, differences give ${expected}`, { op: 'checkGradients' })
      }
    }
  })
}
