import { checkArray } from '../array-core.ts'
import type { ArgReduceKind, ReduceKind } from '../backend.ts'
import { ValueError } from '../errors.ts'
import { internal } from '../memory.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { checkAxes, checkAxis, checkOptions, formatShape, reducedShape, specOf } from '../shape.ts'
import { div, mul, sub } from './arithmetic.ts'
import type { ReduceAttributes } from './broadcast.ts'
import { spreadOver, sumOp } from './broadcast.ts'
import { cast, toFloat } from './cast.ts'
import { eq, where } from './compare.ts'
import { fillLike } from './fill.ts'
import { sqrt } from './math.ts'
import { reshape } from './reshape.ts'
import { checkNumber, within } from './within.ts'

/** Which axes a reduction takes: one, several, or (none given) all; and whether they stay as extents of 1. */
export interface ReduceOptions {
  readonly axis?: number | readonly number[] | null
  readonly keepdims?: boolean
}

function attributesOf(x: NDArray, options: ReduceOptions, op: string): ReduceAttributes {
  checkOptions(options, op)
  return { axes: checkAxes(options.axis, checkArray(x, op).ndim, op), keepdims: options.keepdims ?? false }
}

/** The sum; a sum of nothing is 0. bool gives int32. */
export function sum(x: NDArray, options: ReduceOptions = {}): NDArray {
  const attributes = attributesOf(x, options, 'sum')
  return x.dtype === 'bool' ? within('sum', () => sumOp(cast(x, 'int32'), attributes)) : sumOp(x, attributes)
}

/** The number of elements that a reduction takes together. */
function countOver(x: NDArray, axes: readonly number[]): number {
  return axes.reduce((n, axis) => n * x.shape[axis]!, 1)
}

const meanOp = /* #__PURE__ */ defineOp<[NDArray], ReduceAttributes>('mean', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  compose: ([x], attributes) => div(sumOp(x, attributes), countOver(x, attributes.axes)),
  vjp: (g, [x], _, { axes }) => [() => spreadOver(div(g, countOver(x, axes)), x.shape, axes)],
})

/** The arithmetic mean; NaN for nothing. Integers and bools give float32. */
export function mean(x: NDArray, options: ReduceOptions = {}): NDArray {
  return within('mean', () => {
    const attributes = attributesOf(x, options, 'mean')
    return meanOp(toFloat(x, 'mean'), attributes)
  })
}

interface SpreadAttributes extends ReduceAttributes {
  /** Subtracted from the count. */
  readonly ddof: number
}

const distance = (x: NDArray, axes: readonly number[]): NDArray => sub(x, meanOp(x, { axes, keepdims: true }))

const varOp = /* #__PURE__ */ defineOp<[NDArray], SpreadAttributes>('var', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  compose: ([x], { axes, keepdims, ddof }) => {
    const centered = distance(x, axes)
    return div(sumOp(mul(centered, centered), { axes, keepdims }), Math.max(countOver(x, axes) - ddof, 0))
  },
  vjp: (g, [x], _, { axes, ddof }) => [() => mul(distance(x, axes), spreadOver(mul(g, 2 / Math.max(countOver(x, axes) - ddof, 0)), x.shape, axes))],
})

const stdOp = /* #__PURE__ */ defineOp<[NDArray], SpreadAttributes>('std', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  compose: ([x], attributes) => sqrt(varOp(x, attributes)),
  vjp: (g, [x], y, { axes, ddof }) => [() => mul(distance(x, axes), spreadOver(div(g, mul(y, Math.max(countOver(x, axes) - ddof, 0))), x.shape, axes))],
})

function spreadOf(run: OpFunction<[NDArray], SpreadAttributes>, x: NDArray, options: ReduceOptions & { readonly ddof?: number }, op: string): NDArray {
  return within(op, () => {
    const attributes = { ...attributesOf(x, options, op), ddof: checkNumber(options.ddof ?? 0, 'ddof', op) }
    return run(toFloat(x, op), attributes)
  })
}

/** The mean squared distance from the mean; `ddof` is subtracted from the count. */
export function variance(x: NDArray, options: ReduceOptions & { readonly ddof?: number } = {}): NDArray {
  return spreadOf(varOp, x, options, 'var')
}

/** The square root of the variance. */
export function std(x: NDArray, options: ReduceOptions & { readonly ddof?: number } = {}): NDArray {
  return spreadOf(stdOp, x, options, 'std')
}

/** The gradient of an extreme `y` over some axes: equals share it evenly. */
export function shareOfExtremes(g: NDArray, x: NDArray, y: NDArray, axes: readonly number[]): NDArray {
  const hits = cast(eq(x, spreadOver(y, x.shape, axes)), x.dtype)
  return mul(hits, spreadOver(div(g, reshape(sumOp(hits, { axes, keepdims: false }), g.shape)), x.shape, axes))
}

function extreme(kind: Exclude<ReduceKind, 'sum' | 'prod'>): (x: NDArray, options?: ReduceOptions) => NDArray {
  const run = defineOp<[NDArray], ReduceAttributes>(kind, {
    infer: ([x], { axes, keepdims }) => {
      if (x.size === 0 && countOver(x, axes) === 0) {
        throw new ValueError(`zero-size array ${formatShape(x.shape)} has no ${kind}imum`, { op: kind, shapes: [x.shape] })
      }
      return specOf(reducedShape(x.shape, axes, keepdims), x.dtype)
    },
    kernel: (kernels, [x], { axes }, out) => kernels.reduce(kind, x, axes, out),
    vjp: (g, [x], y, { axes }) => [() => shareOfExtremes(g, x, y, axes)],
  })
  return (x, options = {}) => run(x, attributesOf(x, options, kind))
}

/** The largest element; NaN wins. @throws ValueError for nothing */
export const max: (x: NDArray, options?: ReduceOptions) => NDArray = /* #__PURE__ */ extreme('max')
/** The smallest element; NaN wins. @throws ValueError for nothing */
export const min: (x: NDArray, options?: ReduceOptions) => NDArray = /* #__PURE__ */ extreme('min')

/** Of nothing, `any` is false and `all` is true. */
function truth(name: string, extremeOf: (x: NDArray, options: ReduceOptions) => NDArray, empty: number): (x: NDArray, options?: ReduceOptions) => NDArray {
  const run = defineOp<[NDArray], ReduceAttributes>(name, {
    constant: true,
    // It casts to bool first, which every dtype allows.
    movesOnly: true,
    infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), 'bool'),
    compose: ([x], { axes, keepdims }) => countOver(x, axes) === 0
      ? fillLike(x, empty, reducedShape(x.shape, axes, keepdims), 'bool')
      : extremeOf(cast(x, 'bool'), { axis: axes, keepdims }),
  })
  return (x, options = {}) => within(name, () => run(x, attributesOf(x, options, name)))
}

/** Whether any element is true (not zero). */
export const any: (x: NDArray, options?: ReduceOptions) => NDArray = /* #__PURE__ */ truth('any', max, 0)
/** Whether all elements are true (not zero). */
export const all: (x: NDArray, options?: ReduceOptions) => NDArray = /* #__PURE__ */ truth('all', min, 1)

const normOp = /* #__PURE__ */ defineOp<[NDArray], ReduceAttributes>('norm', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  compose: ([x], attributes) => sqrt(sumOp(mul(x, x), attributes)),
  // x / |x|; at 0, where every direction is as good, 0 (as PyTorch has it).
  vjp: (g, [x], y, { axes }) => [() => mul(x, spreadOver(div(g, where(eq(y, 0), 1, y)), x.shape, axes))],
})

/** The Euclidean length (of all elements, or along axes), which is the Frobenius norm of a matrix; its gradient at 0 is 0. */
export function norm(x: NDArray, options: ReduceOptions = {}): NDArray {
  const attributes = attributesOf(x, options, 'norm')
  return within('norm', () => normOp(toFloat(x, 'norm'), attributes))
}

/** Where to look for an extreme: along an axis, or (none given) in all elements. */
export interface ArgReduceOptions {
  readonly axis?: number | null
  readonly keepdims?: boolean
}

function positions(kind: ArgReduceKind): (x: NDArray, options?: ArgReduceOptions) => NDArray {
  const run = defineOp<[NDArray], { axis: number; keepdims: boolean }>(kind, {
    infer: ([x], { axis, keepdims }) => {
      if (x.shape[axis] === 0) throw new ValueError(`attempt to get ${kind} of an empty sequence`, { op: kind, shapes: [x.shape] })
      return specOf(reducedShape(x.shape, [axis], keepdims), 'int32')
    },
    kernel: (kernels, [x], { axis }, out) => kernels.argReduce(kind, x, axis, out),
  })
  return (x, options = {}) => {
    const { axis = null, keepdims = false } = checkOptions(options, kind)
    const rank = checkArray(x, kind).ndim
    if (axis !== null) return run(x, { axis: checkAxis(axis, rank, kind), keepdims })
    return internal(() => {
      const found = run(reshape(x, [x.size]), { axis: 0, keepdims: false })
      return keepdims ? reshape(found, x.shape.map(() => 1)) : found
    })
  }
}

/** The position of the largest element, as int32; the first of equals, and NaN, win. @throws ValueError for nothing */
export const argmax: (x: NDArray, options?: ArgReduceOptions) => NDArray = /* #__PURE__ */ positions('argmax')
/** The position of the smallest element, as int32; the first of equals, and NaN, win. @throws ValueError for nothing */
export const argmin: (x: NDArray, options?: ArgReduceOptions) => NDArray = /* #__PURE__ */ positions('argmin')
