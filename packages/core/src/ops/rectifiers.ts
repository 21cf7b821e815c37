import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkOptions, formatShape } from '../shape.ts'
import { sigmoid } from './activations.ts'
import { add, mul } from './arithmetic.ts'
import { toFloat } from './cast.ts'
import { gt, where } from './compare.ts'
import type { UnaryFunction } from './elementwise.ts'
import { checkBeside } from './index-range.ts'
import { erf, expm1, tanh } from './math.ts'
import { clip, minimum } from './power.ts'
import { reshape } from './reshape.ts'
import { checkNumber, within } from './within.ts'

/** `x` above 0, `alpha x` below. */
export function leakyRelu(x: NDArray, alpha = 0.25): NDArray {
  return within('leakyRelu', () => {
    const y = toFloat(x, 'leakyRelu')
    return where(gt(y, 0), y, mul(y, checkNumber(alpha, 'alpha', 'leakyRelu')))
  })
}

/**
 * Leaky relu with a slope that is learnt: one for all, or one for each channel (axis 1).
 *
 * @throws ValueError for another number of slopes
 */
export function prelu(x: NDArray, alpha: NDArray): NDArray {
  return within('prelu', () => {
    const y = toFloat(x, 'prelu')
    checkBeside(y, alpha, 'prelu')
    if (alpha.size !== 1 && (y.ndim < 2 || alpha.size !== y.shape[1])) {
      throw new ValueError(`one slope, or one for each channel of ${formatShape(y.shape)}, is needed, got ${alpha.size}`, { op: 'prelu', shapes: [y.shape, alpha.shape] })
    }
    const slope = reshape(alpha, alpha.size === 1 ? y.shape.map(() => 1) : y.shape.map((n, i) => (i === 1 ? n : 1)))
    return where(gt(y, 0), y, mul(y, slope))
  })
}

/** `x` above 0, `alpha (exp(x) - 1)` below (Clevert et al., 2016). */
export function elu(x: NDArray, alpha = 1): NDArray {
  return within('elu', () => {
    const y = toFloat(x, 'elu')
    // The branch that is not taken sees 0, so that its gradient cannot overflow.
    return where(gt(y, 0), y, mul(expm1(minimum(y, 0)), checkNumber(alpha, 'alpha', 'elu')))
  })
}

/** The self-normalizing elu (Klambauer et al., 2017). */
export const selu: UnaryFunction = x => within('selu', () => mul(elu(x, 1.6732632423543772), 1.0507009873554805))

/** `x Φ(x)` with the normal distribution's Φ; `approximate` takes the tanh formula (Hendrycks and Gimpel, 2016). */
export function gelu(x: NDArray, options: { readonly approximate?: boolean } = {}): NDArray {
  return within('gelu', () => {
    const y = toFloat(x, 'gelu')
    const phi = checkOptions(options, 'gelu').approximate === true
      ? tanh(mul(add(y, mul(mul(mul(y, y), y), 0.044715)), Math.sqrt(2 / Math.PI)))
      : erf(mul(y, Math.SQRT1_2))
    return mul(mul(y, 0.5), add(phi, 1))
  })
}

/** `x sigmoid(beta x)`; with beta 1 it is also called SiLU. */
export function swish(x: NDArray, beta = 1): NDArray {
  return within('swish', () => {
    const y = toFloat(x, 'swish')
    return mul(y, sigmoid(mul(y, checkNumber(beta, 'beta', 'swish'))))
  })
}

/** `clip(alpha x + beta, 0, 1)`. */
export function hardSigmoid(x: NDArray, options: { readonly alpha?: number; readonly beta?: number } = {}): NDArray {
  return within('hardSigmoid', () => {
    const { alpha = 0.2, beta = 0.5 } = checkOptions(options, 'hardSigmoid')
    return clip(add(mul(toFloat(x, 'hardSigmoid'), checkNumber(alpha, 'alpha', 'hardSigmoid')), checkNumber(beta, 'beta', 'hardSigmoid')), 0, 1)
  })
}
