import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { checkAxis, checkOptions, formatShape, sizeOf, specOf } from '../shape.ts'
import { reluGradientOp, sigmoidGradientOp } from './activation-gradients.ts'
import { add, div, mul, neg, sub } from './arithmetic.ts'
import { sumOp } from './broadcast.ts'
import { cast, toFloat } from './cast.ts'
import { lt, where } from './compare.ts'
import type { UnaryFunction } from './elementwise.ts'
import { abs, exp, log, log1p } from './math.ts'
import { matmul, matmulOp } from './linear-algebra.ts'
import { countType, unify, withCast } from './operands.ts'
import { max } from './reduce.ts'
import { copy, reshape } from './reshape.ts'
import { maximum } from './power.ts'
import { within } from './within.ts'

const reluOp = /* #__PURE__ */ defineOp<[NDArray]>('relu', {
  infer: ([x]) => x,
  compose: ([x]) => where(lt(x, 0), 0, x),
  vjp: (g, _, y) => [reluGradientOp(g, y)],
})

/** `max(x, 0)`; NaN passes through, and the gradient at 0 is 0. Bools give int32. */
export const relu: UnaryFunction = x => withCast(reluOp, x, 'relu', countType)

const sigmoidOp = /* #__PURE__ */ defineOp<[NDArray]>('sigmoid', {
  infer: ([x]) => x,
  // exp of a negative number only, so that nothing overflows.
  compose: ([x]) => {
    const e = exp(neg(abs(x)))
    return div(where(lt(x, 0), e, 1), add(e, 1))
  },
  vjp: (g, _, y) => [sigmoidGradientOp(g, y)],
})

/** `1 / (1 + exp(-x))`. */
export const sigmoid: UnaryFunction = x => withCast(sigmoidOp, x, 'sigmoid')

const softplusOp = /* #__PURE__ */ defineOp<[NDArray]>('softplus', {
  infer: ([x]) => x,
  compose: ([x]) => add(maximum(x, 0), log1p(exp(neg(abs(x))))),
  vjp: (g, [x]) => [mul(g, sigmoid(x))],
})

/** `log(1 + exp(x))`, which Gluon calls softrelu. */
export const softplus: UnaryFunction = x => withCast(softplusOp, x, 'softplus')

const softsignOp = /* #__PURE__ */ defineOp<[NDArray]>('softsign', {
  infer: ([x]) => x,
  compose: ([x]) => div(x, add(abs(x), 1)),
  vjp: (g, [x]) => {
    const width = add(abs(x), 1)
    return [div(g, mul(width, width))]
  },
})

/** `x / (1 + |x|)`. */
export const softsign: UnaryFunction = x => withCast(softsignOp, x, 'softsign')

interface AxisAttribute {
  readonly axis: number
}

const total = (x: NDArray, axis: number): NDArray => sumOp(x, { axes: [axis], keepdims: true })

const softmaxOp = /* #__PURE__ */ defineOp<[NDArray], AxisAttribute>('softmax', {
  infer: ([x]) => x,
  compose: ([x], { axis }) => {
    const e = exp(sub(x, max(x, { axis, keepdims: true })))
    return div(e, total(e, axis))
  },
  vjp: (g, _, y, { axis }) => [mul(y, sub(g, total(mul(g, y), axis)))],
})

function alongAxis(run: OpFunction<[NDArray], AxisAttribute>, x: NDArray, options: { readonly axis?: number }, op: string): NDArray {
  const y = toFloat(x, op)
  const axis = checkAxis(checkOptions(options, op).axis ?? -1, y.ndim, op)
  return y.size === 0 ? copy(y) : run(y, { axis })
}

/** `exp(x)` over its sum along `axis` (default the last). */
export function softmax(x: NDArray, options: { readonly axis?: number } = {}): NDArray {
  return within('softmax', () => alongAxis(softmaxOp, x, options, 'softmax'))
}

const logSoftmaxOp = /* #__PURE__ */ defineOp<[NDArray], AxisAttribute>('logSoftmax', {
  infer: ([x]) => x,
  compose: ([x], { axis }) => {
    const shifted = sub(x, max(x, { axis, keepdims: true }))
    return sub(shifted, log(total(exp(shifted), axis)))
  },
  vjp: (g, _, y, { axis }) => [sub(g, mul(exp(y), total(g, axis)))],
})

/** The logarithm of {@link softmax}, without its overflow and underflow. */
export function logSoftmax(x: NDArray, options: { readonly axis?: number } = {}): NDArray {
  return within('logSoftmax', () => alongAxis(logSoftmaxOp, x, options, 'logSoftmax'))
}

const linearOp: OpFunction<[NDArray, NDArray, NDArray], {}> = /* #__PURE__ */ defineOp<[NDArray, NDArray, NDArray]>('linear', {
  arity: 3,
  infer: ([x, weight, bias]) => {
    if (x.shape[1] !== weight.shape[1] || bias.ndim !== 1 || bias.shape[0] !== weight.shape[0]) throw misfit(x, weight, bias)
    return specOf([x.shape[0]!, weight.shape[0]!], x.dtype)
  },
  compose: ([x, weight, bias]) => add(matmul(x, weight, { transposeB: true }), bias),
  vjp: (g, [x, weight]) => [
    () => matmulOp(g, weight, { transposeA: false, transposeB: false }),
    () => matmulOp(g, x, { transposeA: true, transposeB: false }),
    () => sumOp(g, { axes: [0], keepdims: false }),
  ],
})

function misfit(x: NDArray, weight: NDArray, bias: NDArray | null): ValueError {
  return new ValueError(
    `x ${formatShape(x.shape)}, weight ${formatShape(weight.shape)}${bias === null ? '' : `, bias ${formatShape(bias.shape)}`} do not fit`,
    { op: 'linear', shapes: [x.shape, weight.shape], hint: 'x is (…, in), weight (out, in), bias (out,)' },
  )
}

/**
 * `x Wᵀ + b` on the last axis.
 *
 * @param x (…, in)
 * @param weight (out, in)
 * @param bias (out,) or null
 * @returns (…, out)
 * @throws ValueError where the shapes do not fit
 */
export function linear(x: NDArray, weight: NDArray, bias: NDArray | null = null): NDArray {
  return within('linear', () => {
    const [rank, units] = [checkArray(x, 'linear').ndim, checkArray(weight, 'linear').shape[0]]
    if (rank === 0 || weight.ndim !== 2 || x.shape.at(-1) !== weight.shape[1]) throw misfit(x, weight, bias)
    const [a, w] = unify(x, weight, 'linear')
    const rows = rank === 2 ? a : reshape(a, [sizeOf(x.shape.slice(0, -1)), weight.shape[1]!])
    const y = bias === null ? matmul(rows, w, { transposeB: true }) : linearOp(rows, w, cast(checkArray(bias, 'linear'), w.dtype))
    return rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), units!])
  })
}
