import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { sigmoid } from './activations.ts'
import { add, mul } from './arithmetic.ts'
import { toFloat } from './cast.ts'
import { gt, where } from './compare.ts'
import type { UnaryFunction } from './elementwise.ts'
import { erf, expm1, tanh } from './math.ts'
import { clip, minimum } from './power.ts'
import { reshape } from './reshape.ts'

/** `x` above 0, `alpha x` below. */
export function leakyRelu(x: NDArray, alpha = 0.25): NDArray {
  const y = toFloat(x, 'leakyRelu')
  return where(gt(y, 0), y, mul(y, alpha))
}

/** Leaky relu with a slope that is learnt: one for all, or one for each channel (axis 1). */
export function prelu(x: NDArray, alpha: NDArray): NDArray {
  const y = toFloat(x, 'prelu')
  if (checkArray(alpha, 'prelu').size !== 1 && (y.ndim < 2 || alpha.size !== y.shape[1])) {
    throw new ValueError(`one slope, or one for each channel, is needed, got ${alpha.size}`, { op: 'prelu', shapes: [y.shape, alpha.shape] })
  }
  const slope = reshape(alpha, alpha.size === 1 ? y.shape.map(() => 1) : y.shape.map((n, i) => (i === 1 ? n : 1)))
  return where(gt(y, 0), y, mul(y, slope))
}

/** `x` above 0, `alpha (exp(x) - 1)` below (Clevert et al., 2016). */
export function elu(x: NDArray, alpha = 1): NDArray {
  const y = toFloat(x, 'elu')
  // The branch that is not taken sees 0, so that its gradient cannot overflow.
  return where(gt(y, 0), y, mul(expm1(minimum(y, 0)), alpha))
}

/** The self-normalizing elu (Klambauer et al., 2017). */
export const selu: UnaryFunction = x => mul(elu(x, 1.6732632423543772), 1.0507009873554805)

/** `x Φ(x)` with the normal distribution's Φ; `approximate` takes the tanh formula (Hendrycks and Gimpel, 2016). */
export function gelu(x: NDArray, options: { readonly approximate?: boolean } = {}): NDArray {
  const y = toFloat(x, 'gelu')
  const phi = options.approximate === true
    ? tanh(mul(add(y, mul(mul(mul(y, y), y), 0.044715)), Math.sqrt(2 / Math.PI)))
    : erf(mul(y, Math.SQRT1_2))
  return mul(mul(y, 0.5), add(phi, 1))
}

/** `x sigmoid(beta x)`; with beta 1 it is also called SiLU. */
export function swish(x: NDArray, beta = 1): NDArray {
  const y = toFloat(x, 'swish')
  return mul(y, sigmoid(mul(y, beta)))
}

/** `clip(alpha x + beta, 0, 1)`. */
export function hardSigmoid(x: NDArray, options: { readonly alpha?: number; readonly beta?: number } = {}): NDArray {
  return clip(add(mul(toFloat(x, 'hardSigmoid'), options.alpha ?? 0.2), options.beta ?? 0.5), 0, 1)
}
