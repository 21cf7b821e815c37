import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkOptions, formatShape } from '../shape.ts'
import { sigmoid } from './activations.ts'
import { add, mul, sub } from './arithmetic.ts'
import { sumTo } from './broadcast.ts'
import { toFloat } from './cast.ts'
import { gt, logicalOr, lt, where } from './compare.ts'
import type { UnaryFunction } from './elementwise.ts'
import { checkBeside } from './index-range.ts'
import { erf, exp, expm1, tanh } from './math.ts'
import { unify } from './operands.ts'
import { clip, minimum } from './power.ts'
import { reshape } from './reshape.ts'
import { checkNumber, within } from './within.ts'

interface AlphaAttribute {
  readonly alpha: number
}

const leakyReluOp = /* #__PURE__ */ defineOp<[NDArray], AlphaAttribute>('leakyRelu', {
  infer: ([x]) => x,
  compose: ([x], { alpha }) => where(gt(x, 0), x, mul(x, alpha)),
  vjp: (g, [x], _, { alpha }) => [where(gt(x, 0), g, mul(g, alpha))],
})

/** `x` above 0, `alpha x` below. */
export function leakyRelu(x: NDArray, alpha = 0.25): NDArray {
  return within('leakyRelu', () => {
    const y = toFloat(x, 'leakyRelu')
    return leakyReluOp(y, { alpha: checkNumber(alpha, 'alpha', 'leakyRelu') })
  })
}

function slopesOf(x: NDArray, alpha: NDArray): NDArray {
  return reshape(alpha, alpha.size === 1 ? x.shape.map(() => 1) : x.shape.map((n, i) => (i === 1 ? n : 1)))
}

/** The slopes have one dtype with `x`, and are one or as many as it has channels. */
const preluOp = /* #__PURE__ */ defineOp<[NDArray, NDArray]>('prelu', {
  arity: 2,
  infer: ([x]) => x,
  compose: ([x, alpha]) => {
    return where(gt(x, 0), x, mul(x, slopesOf(x, alpha)))
  },
  vjp: (g, [x, alpha]) => [
    () => where(gt(x, 0), g, mul(g, slopesOf(x, alpha))),
    () => reshape(sumTo(where(gt(x, 0), 0, mul(g, x)), slopesOf(x, alpha).shape), alpha.shape),
  ],
})

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
    return preluOp(...unify(y, alpha, 'prelu'))
  })
}

const eluOp = /* #__PURE__ */ defineOp<[NDArray], AlphaAttribute>('elu', {
  infer: ([x]) => x,
  // The branch that is not taken sees 0, so that its gradient cannot overflow.
  compose: ([x], { alpha }) => where(gt(x, 0), x, mul(expm1(minimum(x, 0)), alpha)),
  vjp: (g, [x], y, { alpha }) => [where(gt(x, 0), g, mul(g, add(y, alpha)))],
})

/** `x` above 0, `alpha (exp(x) - 1)` below (Clevert et al., 2016). */
export function elu(x: NDArray, alpha = 1): NDArray {
  return within('elu', () => {
    const y = toFloat(x, 'elu')
    return eluOp(y, { alpha: checkNumber(alpha, 'alpha', 'elu') })
  })
}

const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 } as const

const seluOp = /* #__PURE__ */ defineOp<[NDArray]>('selu', {
  infer: ([x]) => x,
  compose: ([x]) => mul(eluOp(x, { alpha: SELU.alpha }), SELU.scale),
  vjp: (g, [x], y) => [where(gt(x, 0), mul(g, SELU.scale), mul(g, add(y, SELU.alpha * SELU.scale)))],
})

/** The self-normalizing elu (Klambauer et al., 2017). */
export const selu: UnaryFunction = x => within('selu', () => seluOp(toFloat(x, 'selu')))

const CUBIC = 0.044715

/** `2 Φ(x) - 1`. */
function centeredPhi(x: NDArray, approximate: boolean): NDArray {
  return approximate ? tanh(mul(add(x, mul(mul(mul(x, x), x), CUBIC)), Math.sqrt(2 / Math.PI))) : erf(mul(x, Math.SQRT1_2))
}

const geluOp = /* #__PURE__ */ defineOp<[NDArray], { approximate: boolean }>('gelu', {
  infer: ([x]) => x,
  compose: ([x], { approximate }) => {
    return mul(mul(x, 0.5), add(centeredPhi(x, approximate), 1))
  },
  vjp: (g, [x], _, { approximate }) => {
    const phi = centeredPhi(x, approximate)
    // Twice the density, or what takes its place.
    const slope = approximate
      ? mul(sub(1, mul(phi, phi)), mul(add(mul(mul(x, x), 3 * CUBIC), 1), Math.sqrt(2 / Math.PI)))
      : mul(exp(mul(mul(x, x), -0.5)), Math.sqrt(2 / Math.PI))
    return [mul(g, mul(add(add(phi, 1), mul(x, slope)), 0.5))]
  },
})

/** `x Φ(x)` with the normal distribution's Φ; `approximate` takes the tanh formula (Hendrycks and Gimpel, 2016). */
export function gelu(x: NDArray, options: { readonly approximate?: boolean } = {}): NDArray {
  return within('gelu', () => {
    const y = toFloat(x, 'gelu')
    return geluOp(y, { approximate: checkOptions(options, 'gelu').approximate === true })
  })
}

const swishOp = /* #__PURE__ */ defineOp<[NDArray], { beta: number }>('swish', {
  infer: ([x]) => x,
  compose: ([x], { beta }) => mul(x, sigmoid(mul(x, beta))),
  vjp: (g, [x], y, { beta }) => {
    const s = sigmoid(mul(x, beta))
    return [mul(g, add(s, mul(mul(y, sub(1, s)), beta)))]
  },
})

/** `x sigmoid(beta x)`; with beta 1 it is also called SiLU. */
export function swish(x: NDArray, beta = 1): NDArray {
  return within('swish', () => {
    const y = toFloat(x, 'swish')
    return swishOp(y, { beta: checkNumber(beta, 'beta', 'swish') })
  })
}

const hardSigmoidOp = /* #__PURE__ */ defineOp<[NDArray], { alpha: number; beta: number }>('hardSigmoid', {
  infer: ([x]) => x,
  compose: ([x], { alpha, beta }) => clip(add(mul(x, alpha), beta), 0, 1),
  vjp: (g, [x], _, { alpha, beta }) => {
    const line = add(mul(x, alpha), beta)
    return [where(logicalOr(lt(line, 0), gt(line, 1)), 0, mul(g, alpha))]
  },
})

/** `clip(alpha x + beta, 0, 1)`. */
export function hardSigmoid(x: NDArray, options: { readonly alpha?: number; readonly beta?: number } = {}): NDArray {
  return within('hardSigmoid', () => {
    const { alpha = 0.2, beta = 0.5 } = checkOptions(options, 'hardSigmoid')
    return hardSigmoidOp(toFloat(x, 'hardSigmoid'), { alpha: checkNumber(alpha, 'alpha', 'hardSigmoid'), beta: checkNumber(beta, 'beta', 'hardSigmoid') })
  })
}
