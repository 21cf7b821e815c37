import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import { floatType } from '../dtype.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { formatShape, sameShape } from '../shape.ts'
import { mul, sub } from './arithmetic.ts'
import { gt, where } from './compare.ts'
import { unify } from './operands.ts'
import { within } from './within.ts'

// Gradients that an activation's output tells alone, each one operation, so that a backend can compute it in one pass.

type Pair = [g: NDArray, y: NDArray]
type Run = OpFunction<Pair, {}>

/** `g` where `y > 0`, else 0. */
export const reluGradientOp: Run = /* #__PURE__ */ defineOp<Pair>('reluGradient', {
  arity: 2,
  infer: ([g]) => g,
  compose: ([g, y]) => where(gt(y, 0), g, 0),
  vjp: (h, [, y]) => [() => reluGradientOp(h, y), null],
})

/** `g y (1 - y)`. */
export const sigmoidGradientOp: Run = /* #__PURE__ */ defineOp<Pair>('sigmoidGradient', {
  arity: 2,
  infer: ([g]) => g,
  compose: ([g, y]) => mul(g, mul(y, sub(1, y))),
  vjp: (h, [g, y]) => [() => sigmoidGradientOp(h, y), () => mul(mul(h, g), sub(1, mul(y, 2)))],
})

/** `g (1 - y²)`. */
export const tanhGradientOp: Run = /* #__PURE__ */ defineOp<Pair>('tanhGradient', {
  arity: 2,
  infer: ([g]) => g,
  compose: ([g, y]) => mul(g, sub(1, mul(y, y))),
  vjp: (h, [g, y]) => [() => tanhGradientOp(h, y), () => mul(mul(h, g), mul(y, -2))],
})

function checked(run: Run, op: string): (g: NDArray, y: NDArray) => NDArray {
  return (g, y) => within(op, () => {
    if (!sameShape(checkArray(g, op).shape, checkArray(y, op).shape)) {
      throw new ValueError(`a gradient has its output's shape ${formatShape(y.shape)}, got ${formatShape(g.shape)}`, { op, shapes: [g.shape, y.shape] })
    }
    return run(...unify(g, y, op, floatType))
  })
}

/** The gradient of `relu` from that of its output `y`: `g` where `y > 0`, else 0. @throws ValueError for shapes that differ */
export const reluGradient: (g: NDArray, y: NDArray) => NDArray = /* #__PURE__ */ checked(reluGradientOp, 'reluGradient')
/** The gradient of `sigmoid` from that of its output `y`: `g y (1 - y)`. @throws ValueError for shapes that differ */
export const sigmoidGradient: (g: NDArray, y: NDArray) => NDArray = /* #__PURE__ */ checked(sigmoidGradientOp, 'sigmoidGradient')
/** The gradient of `tanh` from that of its output `y`: `g (1 - y²)`. @throws ValueError for shapes that differ */
export const tanhGradient: (g: NDArray, y: NDArray) => NDArray = /* #__PURE__ */ checked(tanhGradientOp, 'tanhGradient')
