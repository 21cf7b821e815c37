import { sizeOf, specOf } from '@ashlar/core'
import type { DType, Shape, Spec } from '@ashlar/core'
import type { Steps } from '../engine.ts'
import { binary } from '../kernels/binary.ts'
import { cast } from '../kernels/cast.ts'
import { matmul } from '../kernels/matmul.ts'
import { permute } from '../kernels/movement.ts'
import { reduce } from '../kernels/reduce.ts'
import type { TensorInfo } from '../tfjs.ts'
import { convolve, convolveBack, convolveWeight, isDirect } from './direct-convolution.ts'
import type { Composed, Operand } from './override.ts'
import { operand } from './override.ts'
import type { Windows } from './windows.ts'
import { fold, unfold } from './windows.ts'

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
  /** Of all groups, on the side of `x` and on that of `y`. */
  readonly channels: number
  readonly outChannels: number
  readonly spatial: Shape
  readonly dtype: DType
}

function convolutionOf(x: Shape, weight: Shape, y: Shape, { stride, padding, dilation, groups }: Attributes, dtype: DType): Convolution {
  return {
    images: x[0]!, groups, channels: x[1]!, outChannels: y[1]!, spatial: x.slice(2),
    kernel: weight.slice(2), stride, dilation, before: padding, output: y.slice(2), dtype,
  }
}

/** Elements of a window of a group. */
const rowsOf = (c: Convolution): number => (c.channels / c.groups) * sizeOf(c.kernel)

/** A weight (out, in / groups, …kernel) as matrices of groups, with the places of a window in the order of `unfold`. */
function matrices(steps: Steps, weight: Operand, c: Convolution): Operand {
  const rank = c.kernel.length
  const info = permute(steps, weight.handle.info, weight.shape, [0, 1, ...c.kernel.map((_, i) => rank + 1 - i)])
  return operand({ info, shape: [c.groups, c.outChannels / c.groups, rowsOf(c)] })
}

const windowsShape = (c: Convolution, rows: number): Shape => [c.images, c.groups, rows, sizeOf(c.output)]

function product(steps: Steps, a: Operand, b: Operand, transposeA: boolean, transposeB: boolean, shape: Shape): Operand {
  return operand({ info: matmul(steps, a, b, transposeA, transposeB, specOf(shape, a.dtype)), shape })
}

/** Bools are counted, and any but none is true. */
const countable = (steps: Steps, x: Operand): Operand => (x.dtype === 'bool' ? operand({ info: cast(steps, x.handle.info, 'int32'), shape: x.shape }) : x)

/** The result with a bias for each channel. */
function withBias(steps: Steps, y: TensorInfo, bias: Operand | undefined, out: Spec): TensorInfo {
  if (bias === undefined) return cast(steps, y, out.dtype)
  const along = operand({ info: countable(steps, bias).handle.info, shape: [1, bias.size, ...out.shape.slice(2).map(() => 1)] })
  return cast(steps, binary(steps, 'add', operand({ info: y, shape: out.shape }), along, out.shape), out.dtype)
}

/** Whether there is nothing to multiply. */
const isEmpty = (...inputs: readonly (Operand | undefined)[]): boolean => inputs.some(x => x?.size === 0)

const nothing = (steps: Steps, bias: Operand | undefined, out: Spec): TensorInfo =>
  withBias(steps, steps.fill(0, out.shape, out.dtype === 'bool' ? 'int32' : out.dtype), bias, out)

/** See `convolution` in core. */
export const convolution = ((steps: Steps, [x, weight, bias]: readonly Operand[], attributes: Attributes, out: Spec) => {
  if (isEmpty(x, weight)) return nothing(steps, bias, out)
  const c = convolutionOf(x!.shape, weight!.shape, out.shape, attributes, out.dtype)
  if (isDirect(steps.engine, 'forward', c)) return convolve(steps, x!.handle.info, weight!.handle.info, bias?.handle.info, c)
  const shape = windowsShape(c, rowsOf(c))
  const columns = operand({ info: unfold(steps, countable(steps, x!), c, 0), shape })
  return withBias(steps, product(steps, matrices(steps, countable(steps, weight!), c), columns, false, false, windowsShape(c, c.outChannels / c.groups)).handle.info, bias, out)
}) as Composed

/** See `convolutionTranspose` in core, which is also the gradient of a convolution's input. */
export const convolutionTranspose = ((steps: Steps, [y, weight, bias]: readonly Operand[], attributes: Attributes, out: Spec) => {
  if (isEmpty(y, weight)) return nothing(steps, bias, out)
  const c = convolutionOf(out.shape, weight!.shape, y!.shape, attributes, out.dtype)
  if (isDirect(steps.engine, 'back', c)) return convolveBack(steps, y!.handle.info, weight!.handle.info, bias?.handle.info, c)
  const kernel = matrices(steps, countable(steps, weight!), c)
  const spread = operand({ info: countable(steps, y!).handle.info, shape: windowsShape(c, c.outChannels / c.groups) })
  const columns = product(steps, kernel, spread, true, false, windowsShape(c, rowsOf(c)))
  return withBias(steps, fold(steps, columns.handle.info, c, out), bias, out)
}) as Composed

/** See `convolutionGradWeight` in core: of `x` and the gradient of a convolution's output, the gradient of its weight. */
export const convolutionGradWeight = ((steps: Steps, [x, g]: readonly Operand[], attributes: Attributes, out: Spec) => {
  if (isEmpty(x, g)) return steps.fill(0, out.shape, out.dtype)
  const c = convolutionOf(x!.shape, out.shape, g!.shape, attributes, out.dtype)
  if (isDirect(steps.engine, 'weight', c)) return convolveWeight(steps, x!.handle.info, g!.handle.info, c)
  const columns = operand({ info: unfold(steps, x!, c, 0), shape: windowsShape(c, rowsOf(c)) })
  const gradient = operand({ info: g!.handle.info, shape: windowsShape(c, c.outChannels / c.groups) })
  const each = product(steps, gradient, columns, false, true, [c.images, c.groups, c.outChannels / c.groups, rowsOf(c)])
  const sum = reduce(steps, 'sum', each, [0], specOf(each.shape.slice(1), out.dtype))
  const reversed = [c.outChannels, c.channels / c.groups, ...c.kernel.toReversed()]
  return permute(steps, sum, reversed, [0, 1, ...c.kernel.map((_, i) => c.kernel.length + 1 - i)])
}) as Composed

