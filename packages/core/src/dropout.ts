import { checkArray } from './array-core.ts'
import { fromTypedArray } from './creation.ts'
import { ValueError } from './errors.ts'
import { internal } from './memory.ts'
import type { NDArray } from './ndarray.ts'
import type { OpFunction } from './op.ts'
import { defineOp } from './op.ts'
import { randomStateOf } from './np-random/streams.ts'
import { mul } from './ops/arithmetic.ts'
import { cast, toFloat } from './ops/cast.ts'
import { copy } from './ops/reshape.ts'
import { checkAxis, describe, sizeOf } from './shape.ts'
import { state } from './state.ts'

/** How {@link dropout} drops. */
export interface DropoutOptions {
  /** Axes along which one decision stands for all elements. */
  readonly axes?: readonly number[]
  /** Drop in training mode only (default), or always. */
  readonly mode?: 'training' | 'always'
}

/** The factor for each element, 0 where it is dropped, is drawn before. */
const dropoutOp: OpFunction<[NDArray, NDArray], {}> = /* #__PURE__ */ defineOp<[NDArray, NDArray]>('dropout', {
  arity: 2,
  infer: ([x]) => x,
  compose: ([x, factors]) => mul(x, factors),
  vjp: (g, [, factors]) => [() => dropoutOp(g, factors), null],
})

/**
 * Sets each element to 0 with probability `p` and divides the others by `1 - p` (Srivastava et al., 2014). Outside
 * training mode the elements stay as they are. The decisions are drawn on the host (behaviour N-05).
 *
 * @throws ValueError unless `0 <= p < 1`
 * @example
 * ```ts
 * import { array, autograd, npx, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const x = array([1, 2, 3, 4])
 * console.log(npx.dropout(x, 0.5))
 * // array([1., 2., 3., 4.])
 * console.log(autograd.trainMode(() => npx.dropout(x, 0)))
 * // array([1., 2., 3., 4.])
 * ```
 */
export function dropout(x: NDArray, p: number, options: DropoutOptions = {}): NDArray {
  if (typeof p !== 'number' || !(p >= 0 && p < 1)) throw new ValueError(`the probability is a number from 0 up to but without 1, got ${describe(p)}`, { op: 'dropout' })
  const axes = (options.axes ?? []).map(axis => checkAxis(axis, checkArray(x, 'dropout').ndim, 'dropout'))
  const drops = p > 0 && (state.training || options.mode === 'always')
  return internal(() => {
    const y = toFloat(x, 'dropout')
    if (!drops) return copy(y)
    const shape = y.shape.map((n, i) => (axes.includes(i) ? 1 : n))
    const mask = new Float32Array(sizeOf(shape))
    randomStateOf(y.context).parallel.fillUniform(mask, 0, 1)
    for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! < 1 - p ? 1 / (1 - p) : 0
    return dropoutOp(y, cast(fromTypedArray(mask, shape, 'float32', y.context, 'dropout'), y.dtype))
  })
}
