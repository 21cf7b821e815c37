import { checkArray } from '../array-core.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkAxes, checkAxis, checkOptions, reducedShape, specOf } from '../shape.ts'
import { add, mul } from './arithmetic.ts'
import type { ReduceAttributes } from './broadcast.ts'
import { cast } from './cast.ts'
import type { ReduceOptions } from './reduce.ts'
import { reshape } from './reshape.ts'
import { flip, padded, strided } from './slicing.ts'
import { transpose } from './transpose.ts'
import { within } from './within.ts'

interface AxisAttribute {
  readonly axis: number
}

/** `x` moved along an axis by `distance` positions towards the end, `fill` coming in. */
function shifted(x: NDArray, axis: number, distance: number, fill: number): NDArray {
  const kept = strided(x, {
    starts: x.shape.map(() => 0),
    steps: x.shape.map(() => 1),
    shape: x.shape.map((n, i) => (i === axis ? n - distance : n)),
  })
  return padded(kept, { before: x.shape.map((_, i) => (i === axis ? distance : 0)), shape: x.shape, value: fill })
}

/** Running totals by doubling (Hillis and Steele, 1986): log n steps that any device runs. */
function scan(x: NDArray, axis: number, fill: number, join: (a: NDArray, b: NDArray) => NDArray): NDArray {
  let y = x
  for (let distance = 1; distance < x.shape[axis]!; distance *= 2) y = join(y, shifted(y, axis, distance, fill))
  return y
}

const cumsumOp: (x: NDArray, attributes: AxisAttribute) => NDArray = /* #__PURE__ */ defineOp<[NDArray], AxisAttribute>('cumsum', {
  infer: ([x]) => x,
  compose: ([x], { axis }) => scan(x, axis, 0, add),
  vjp: (g, _, __, { axis }) => [() => flip(cumsumOp(flip(g, axis), { axis }), axis)],
})

/** Running sums along an axis; without one, of all elements in C order. bool gives int32. */
export function cumsum(x: NDArray, options: { readonly axis?: number | null } = {}): NDArray {
  return within('cumsum', () => {
    const { axis = null } = checkOptions(options, 'cumsum')
    const y = checkArray(x, 'cumsum').dtype === 'bool' ? cast(x, 'int32') : x
    return axis === null ? cumsumOp(reshape(y, [y.size]), { axis: 0 }) : cumsumOp(y, { axis: checkAxis(axis, x.ndim, 'cumsum') })
  })
}

/** For each element the product of all others along the last axis, without a division, so that zeros are no trouble. */
function productOfOthers(x: NDArray): NDArray {
  const axis = x.ndim - 1
  const before = scan(shifted(x, axis, 1, 1), axis, 1, mul)
  const behind = flip(scan(shifted(flip(x, axis), axis, 1, 1), axis, 1, mul), axis)
  return mul(before, behind)
}

const prodOp = /* #__PURE__ */ defineOp<[NDArray], ReduceAttributes>('prod', {
  infer: ([x], { axes, keepdims }) => specOf(reducedShape(x.shape, axes, keepdims), x.dtype),
  kernel: (kernels, [x], { axes }, out) => kernels.reduce('prod', x, axes, out),
  vjp: (g, [x], _, { axes }) => [() => {
    if (x.size === 0) return x
    // The reduced axes are brought to the end and taken as one.
    const order = [...x.shape.keys()].filter(i => !axes.includes(i)).concat(axes)
    const moved = transpose(x, order)
    const rest = reducedShape(x.shape, axes, false)
    const others = productOfOthers(reshape(moved, [...rest, -1]))
    const gradient = mul(reshape(g, [...rest, 1]), others)
    return transpose(reshape(gradient, moved.shape), order.map((_, i) => order.indexOf(i)))
  }],
})

/** The product; a product of nothing is 1. bool gives int32. */
export function prod(x: NDArray, options: ReduceOptions = {}): NDArray {
  return within('prod', () => {
    const { axis, keepdims = false } = checkOptions(options, 'prod')
    const axes = checkAxes(axis, checkArray(x, 'prod').ndim, 'prod')
    return prodOp(x.dtype === 'bool' ? cast(x, 'int32') : x, { axes, keepdims })
  })
}
