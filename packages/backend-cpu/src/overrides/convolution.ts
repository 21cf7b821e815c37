import { sizeOf, specOf } from '@ashlar/core'
import type { Override, Shape, Spec, TypedArray } from '@ashlar/core'
import { binary } from '../kernels/binary.ts'
import { matmul } from '../kernels/matmul.ts'
import { reduce } from '../kernels/reduce.ts'
import { pool } from '../pool.ts'
import type { HostTensor } from '../types.ts'
import { fastConvolution } from './fast-convolution.ts'
import type { Windows } from './windows.ts'
import { columnsOf, foldColumns, placesOf } from './windows.ts'

// Convolutions as products with columns; unlike in the compositions, the places of a window are in the order of the weight's memory,
// so that the weight is multiplied as it lies.

/** The attributes of convolutions in core, as far as they matter here. */
interface Attributes {
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
}

/** A convolution, whichever way it is run: `x` is the side that windows slide over, `y` has one element a window. */
export interface Convolution extends Windows {
  readonly images: number
  readonly groups: number
  /** Of each group, on the side of `x` and on that of `y`. */
  readonly channels: number
  readonly outChannels: number
  readonly spatial: Shape
}

function convolutionOf(x: Shape, weight: Shape, y: Shape, { stride, padding, dilation, groups }: Attributes): Convolution {
  return {
    images: x[0]!, groups, channels: x[1]! / groups, outChannels: y[1]! / groups, spatial: x.slice(2),
    kernel: weight.slice(2), stride, dilation, before: padding, output: y.slice(2),
  }
}

/** Inputs are arrays of core whose handle is no field of their own: they cannot be spread into another object. */
const tensor = (handle: TypedArray, shape: Shape, { dtype }: Spec): HostTensor => ({ ...specOf(shape, dtype), handle })

/** Rows of the columns matrix of a group. */
const rowsOf = (c: Convolution): number => c.channels * placesOf(c)

function withBias(y: TypedArray, bias: HostTensor | undefined, out: Spec): TypedArray {
  if (bias === undefined) return y
  const vector = tensor(bias.handle, [1, bias.size, ...out.shape.slice(2).map(() => 1)], out)
  // A sum of bools is whether either holds.
  const sum = binary(out.dtype === 'bool' ? 'maximum' : 'add', tensor(y, out.shape, out), vector, out)
  pool.release(y)
  return sum
}

/** Uses an array that nobody else sees, and gives its memory back. */
function using<T>(x: HostTensor, use: (x: HostTensor) => T): T {
  const result = use(x)
  pool.release(x.handle)
  return result
}

const columnsShape = (c: Convolution): Shape => [c.images, c.groups, rowsOf(c), sizeOf(c.output)]

function unfolded<T>(x: HostTensor, c: Convolution, use: (columns: HostTensor) => T): T {
  const shape = columnsShape(c)
  return using(tensor(columnsOf(x, c, 'memory', specOf(shape, x.dtype)), shape, x), use)
}

/** See `convolution` in core. */
export const convolution = (([x, weight, bias]: readonly HostTensor[], attributes: Attributes, out: Spec) => {
  const c = convolutionOf(x!.shape, weight!.shape, out.shape, attributes)
  const fast = fastConvolution('forward', c, { x: x!.handle, weight: weight!.handle, bias: bias?.handle ?? null }, out)
  if (fast !== null) return fast
  return unfolded(x!, c, columns => {
    const kernel = tensor(weight!.handle, [c.groups, c.outChannels, rowsOf(c)], out)
    return withBias(matmul(kernel, columns, false, false, specOf([c.images, c.groups, c.outChannels, sizeOf(c.output)], out.dtype)), bias, out)
  })
}) as Override<TypedArray>

/** See `convolutionGradWeight` in core: of `x` and the gradient of a convolution's output, the gradient of its weight. */
export const convolutionGradWeight = (([x, g]: readonly HostTensor[], attributes: Attributes, out: Spec) => {
  const c = convolutionOf(x!.shape, out.shape, g!.shape, attributes)
  const fast = fastConvolution('weights', c, { x: x!.handle, y: g!.handle }, out)
  if (fast !== null) return fast
  return unfolded(x!, c, columns => {
    const gradient = tensor(g!.handle, [c.images, c.groups, c.outChannels, sizeOf(c.output)], out)
    const each = specOf([c.images, c.groups, c.outChannels, rowsOf(c)], out.dtype)
    return using({ ...each, handle: matmul(gradient, columns, false, true, each) }, products => reduce('sum', products, [0], specOf(each.shape.slice(1), out.dtype)))
  })
}) as Override<TypedArray>

/** See `convolutionTranspose` in core, which is also the gradient of a convolution's input. */
export const convolutionTranspose = (([y, weight, bias]: readonly HostTensor[], attributes: Attributes, out: Spec) => {
  const c = convolutionOf(out.shape, weight!.shape, y!.shape, attributes)
  const fast = fastConvolution('back', c, { y: y!.handle, weight: weight!.handle, bias: bias?.handle ?? null }, out)
  if (fast !== null) return fast
  const kernel = tensor(weight!.handle, [c.groups, c.outChannels, rowsOf(c)], out)
  const spread = tensor(y!.handle, [c.images, c.groups, c.outChannels, sizeOf(c.output)], out)
  const columns = specOf(columnsShape(c), out.dtype)
  return using({ ...columns, handle: matmul(kernel, spread, true, false, columns) }, product => withBias(foldColumns(product, c, 'memory', out), bias, out))
}) as Override<TypedArray>
