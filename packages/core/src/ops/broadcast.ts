import { checkArray } from '../array-core.ts'
import { AshlarError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import type { Shape } from '../shape.ts'
import { broadcastShapes, checkShape, reducedShape, sameShape, specOf } from '../shape.ts'
import { copy, reshape } from './reshape.ts'

/** Where a reduction runs; `axes` ascend. */
export interface ReduceAttributes {
  readonly axes: readonly number[]
  readonly keepdims: boolean
}

/** The sum, whose gradient is a broadcast; the two stand together because each is the other's gradient. */
export const sumOp: OpFunction<[NDArray], ReduceAttributes> = /* #__PURE__ */ defineOp<[NDArray], ReduceAttributes>('sum', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  kernel: (kernels, [x], { axes }, out) => kernels.reduce('sum', x, axes, out),
  vjp: (g, [x], _, { axes }) => [() => spreadOver(g, x.shape, axes)],
})

/** A reduced array, back under the shape that it was reduced from. */
export function spreadOver(x: NDArray, shape: Shape, axes: readonly number[]): NDArray {
  return broadcastTo(reshape(x, reducedShape(shape, axes, true)), shape)
}

const broadcastOp = /* #__PURE__ */ defineOp<[NDArray], { shape: Shape }>('broadcastTo', {
  movesOnly: true,
  infer: ([x], { shape }) => specOf(shape, x.dtype),
  kernel: (kernels, [x], _, out) => kernels.broadcastTo(x, out),
  vjp: (g, [x]) => [() => sumTo(g, x.shape)],
})

/**
 * Repeats `x` along axes of extent 1, and along new ones in front, to fill `shape`.
 *
 * @throws AshlarError where the shapes do not match
 */
export function broadcastTo(x: NDArray, shape: number | readonly number[]): NDArray {
  const target = checkShape(shape, 'broadcastTo')
  if (!sameShape(broadcastShapes(checkArray(x, 'broadcastTo').shape, target, 'broadcastTo'), target)) {
    throw new AshlarError(`operands could not be broadcast together with shapes [${x.shape.join(',')}] [${target.join(',')}]`, { op: 'broadcastTo', shapes: [x.shape, target] })
  }
  return sameShape(x.shape, target) ? copy(x) : broadcastOp(x, { shape: target })
}

/** The opposite of broadcasting: sums a gradient over the axes along which its array was repeated. */
export function sumTo(x: NDArray, shape: Shape): NDArray {
  if (sameShape(x.shape, shape)) return x
  const ahead = x.ndim - shape.length
  const axes = [...x.shape.keys()].filter(i => i < ahead || (shape[i - ahead] === 1 && x.shape[i] !== 1))
  const total = axes.length === 0 ? x : sumOp(x, { axes, keepdims: false })
  return sameShape(total.shape, shape) ? total : reshape(total, shape)
}
