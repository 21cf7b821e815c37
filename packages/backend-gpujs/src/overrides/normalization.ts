import { sizeOf, specOf } from '@ashlar/core'
import type { DType, Override, Spec, Tensor } from '@ashlar/core'
import { release } from '../engine/memory.ts'
import type { Handle } from '../engine/memory.ts'
import { pointwise } from '../kernels/pointwise.ts'
import type { Pointwise } from '../kernels/pointwise.ts'
import { runFold } from '../kernels/reduce.ts'
import type { Fold } from '../kernels/reduce.ts'
import { passesOf } from '../layout.ts'
import type { Pass } from '../layout.ts'
import type { Overrides, Tools } from './types.ts'

const SUM: Fold = { name: 'reduce sum', kind: 'sum' }
const MEAN: Fold = { name: 'mean', kind: 'sum', scalars: ['divisor'], result: 'total / divisor' }
/** `period` is the number of means: lines beyond begin anew. */
const DISTANCE = '(element - means[line - Math.floor((line + 0.5) / period) * period])'
const SQUARES: Fold = { name: 'squares', kind: 'sum', arrays: ['means'], scalars: ['period'], value: `${DISTANCE} * ${DISTANCE}` }
const VARIANCE: Fold = { ...SQUARES, name: 'variance', scalars: ['period', 'divisor'], result: 'total / divisor' }

const QUOTIENT: Pointwise = { name: 'quotient', operands: ['a'], scalars: ['divisor'], statements: () => 'return a / divisor;' }
const SQUARE: Pointwise = { name: 'squared distance', operands: ['a', 'm'], statements: () => 'return (a - m) * (a - m);' }
const LAYER: Pointwise = { name: 'layerNorm', operands: ['x', 'm', 'v', 'g', 'b'], scalars: ['epsilon'], statements: () => 'return (x - m) / sqrtOf(v + epsilon, nan) * g + b;' }
const BATCH: Pointwise = { name: 'batchNorm', operands: ['x', 'g', 'b', 'm', 'v'], scalars: ['epsilon'], statements: () => 'return (x - m) * (g / sqrtOf(v + epsilon, nan)) + b;' }

interface Reduction {
  readonly axes: readonly number[]
  readonly ddof?: number
}

interface Normalization {
  readonly axis: number
  readonly epsilon: number
}

const tensor = (shape: readonly number[], dtype: DType, handle: Handle): Tensor<Handle> => ({ shape, dtype, size: sizeOf(shape), handle })

/** A vector along one axis of an array. */
const along = (vector: Tensor<Handle>, axis: number, { shape, dtype }: Spec): Tensor<Handle> => tensor(shape.map((n, i) => (i === axis ? n : 1)), dtype, vector.handle)

const countOver = ({ shape }: Spec, axes: readonly number[]): number => axes.reduce((n, axis) => n * shape[axis]!, 1)

/** Means, variances and what is normalized by them. */
export function normalizationOverrides({ launcher, fill }: Tools): Overrides {
  /** The sum of `x` over those passes by `divisor`; ends `x` where it is not the caller's. */
  const quotientOf = (x: Tensor<Handle>, passes: readonly Pass[], divisor: number, out: Spec, owned: boolean): Handle => {
    let handle = x.handle
    const advance = (next: Handle): void => {
      if (owned || handle !== x.handle) release(handle)
      handle = next
    }
    passes.forEach((pass, i) => advance(i === passes.length - 1 ? runFold(launcher, MEAN, handle, pass, [], [divisor]) : runFold(launcher, SUM, handle, pass)))
    if (passes.length === 0) advance(pointwise(launcher, QUOTIENT, [tensor(out.shape, out.dtype, handle)], out, [divisor]))
    return handle
  }
  const meanOf = (x: Tensor<Handle>, axes: readonly number[], out: Spec): Handle =>
    (x.size === 0 ? fill(NaN, out) : quotientOf(x, passesOf(x.shape, axes), countOver(x, axes), out, false))
  /** Of the mean squared distances from `means`. */
  const spreadOf = (x: Tensor<Handle>, means: Tensor<Handle>, axes: readonly number[], divisor: number, out: Spec): Handle => {
    const [first, ...rest] = passesOf(x.shape, axes)
    // The means lie as the lines do, once or, where the last pass is over whole arrays of them, again and again.
    if (first !== undefined && rest.length === 0) return runFold(launcher, VARIANCE, x.handle, first, [means.handle], [means.size, divisor])
    if (first !== undefined && rest.length === 1 && rest[0]!.outer === 1) {
      const squares = runFold(launcher, SQUARES, x.handle, first, [means.handle], [means.size])
      const lines = specOf([first.outer * first.inner], x.dtype)
      return quotientOf({ ...lines, handle: squares }, rest, divisor, out, true)
    }
    const squares = pointwise(launcher, SQUARE, [x, means], x)
    return quotientOf(tensor(x.shape, x.dtype, squares), passesOf(x.shape, axes), divisor, out, true)
  }
  const varianceOf = (x: Tensor<Handle>, { axes, ddof = 0 }: Reduction, out: Spec): Handle => {
    if (x.size === 0) return fill(NaN, out)
    const kept = specOf(x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)), x.dtype)
    const means = { ...kept, handle: meanOf(x, axes, kept) }
    const variance = spreadOf(x, means, axes, Math.max(countOver(x, axes) - ddof, 0), out)
    release(means.handle)
    return variance
  }
  const layerNorm = (([x, gamma, beta]: readonly [Tensor<Handle>, Tensor<Handle>, Tensor<Handle>], { axis, epsilon }: Normalization, out: Spec) => {
    if (x.size === 0) return fill(0, out)
    const lines = specOf(x.shape.with(axis, 1), x.dtype)
    const means = { ...lines, handle: meanOf(x, [axis], lines) }
    const variances = { ...lines, handle: spreadOf(x, means, [axis], x.shape[axis]!, lines) }
    const result = pointwise(launcher, LAYER, [x, means, variances, along(gamma, axis, x), along(beta, axis, x)], out, [epsilon])
    release(means.handle)
    release(variances.handle)
    return result
  }) as unknown as Override<Handle>
  const batchNorm = (([x, ...vectors]: readonly [Tensor<Handle>, ...Tensor<Handle>[]], { axis, epsilon }: Normalization, out: Spec) =>
    pointwise(launcher, BATCH, [x, ...vectors.map(vector => along(vector, axis, x))], out, [epsilon])) as unknown as Override<Handle>
  return {
    mean: (([x]: readonly [Tensor<Handle>], { axes }: Reduction, out: Spec) => meanOf(x, axes, out)) as unknown as Override<Handle>,
    var: (([x]: readonly [Tensor<Handle>], reduction: Reduction, out: Spec) => varianceOf(x, reduction, out)) as unknown as Override<Handle>,
    layerNorm, batchNorm, batchNormTraining: batchNorm,
  }
}
