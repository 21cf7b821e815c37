import type { NDArray } from '@ashlar/core'
import { np, scope } from '@ashlar/core'

/** The curve that the points lie around: coefficients of 1, x, x² and x³. */
export const TRUTH: readonly number[] = [0.5, -2, 1, 3]

/** Points in the plane: two arrays of shape (n,). */
export interface Points {
  readonly x: NDArray
  readonly y: NDArray
}

/** The powers 0 to `degree` of `x`, shape (n,), side by side: shape (n, degree + 1). */
export function powersOf(x: NDArray, degree: number): NDArray {
  return np.stack(Array.from({ length: degree + 1 }, (_, power) => np.power(x, power)), { axis: 1 })
}

/** Points with x even over [-1, 1] and normal noise on y; the seed decides both. */
export function drawPoints(count: number, noise: number, seed: number): Points {
  return scope(() => {
    np.random.seed(seed)
    const x = np.random.uniform(-1, 1, [count])
    const y = powersOf(x, TRUTH.length - 1).dot(np.array(TRUTH)).add(np.random.normal(0, noise, [count]))
    return { x, y }
  })
}
