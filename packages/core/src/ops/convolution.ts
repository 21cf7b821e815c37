import { checkArray } from '../array-core.ts'
import { checkArithmetic } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import { checkOptions, checkShape, describe, formatShape, sizeOf, specOf } from '../shape.ts'
import { add } from './arithmetic.ts'
import { cast } from './cast.ts'
import { checkBeside } from './index-range.ts'
import { matmul } from './linear-algebra.ts'
import { unify } from './operands.ts'
import { reshape } from './reshape.ts'
import { flip, padded, strided } from './slicing.ts'
import { transpose } from './transpose.ts'
import type { Extents } from './windows.ts'
import { extents, geometry, unfold } from './windows.ts'
import { within } from './within.ts'

/** How a convolution slides. */
export interface ConvolutionOptions {
  readonly stride?: Extents
  readonly padding?: Extents
  readonly dilation?: Extents
  /** Channels in as many groups, each convolved alone. */
  readonly groups?: number
}

function checkOperands(x: NDArray, weight: NDArray, bias: NDArray | null, groups: number, op: string, out: () => number, fits: (channels: number) => boolean): number {
  const rank = checkArray(x, op).ndim - 2
  checkBeside(x, weight, op)
  if (rank < 1 || rank > 3 || weight.ndim !== rank + 2) {
    throw new ValueError(`x is (N, channels, 1 to 3 spatial axes) and weight has as many axes, got ${formatShape(x.shape)} and ${formatShape(weight.shape)}`, { op, shapes: [x.shape, weight.shape] })
  }
  if (!Number.isInteger(groups) || groups < 1 || x.shape[1]! % groups !== 0 || weight.shape[0]! % groups !== 0 || !fits(x.shape[1]!)) {
    throw new ValueError(`channels do not fit: x ${formatShape(x.shape)}, weight ${formatShape(weight.shape)}, ${describe(groups)} groups`, { op, shapes: [x.shape, weight.shape] })
  }
  if (weight.shape.slice(2).includes(0)) throw new ValueError(`the kernel is empty: weight ${formatShape(weight.shape)}`, { op, shapes: [weight.shape] })
  if (bias === null) return rank
  checkBeside(x, bias, op)
  checkArithmetic(bias.dtype, op)
  if (bias.ndim !== 1 || bias.size !== out()) throw new ValueError(`bias is a vector of ${out()}, got ${formatShape(bias.shape)}`, { op, shapes: [weight.shape, bias.shape] })
  return rank
}

function withBias(y: NDArray, bias: NDArray | undefined): NDArray {
  return bias === undefined ? y : add(y, reshape(bias, [1, bias.size, ...new Array<number>(y.ndim - 2).fill(1)]))
}

/** {@link ConvolutionOptions} with a number for every spatial axis. */
interface ConvolutionAttributes {
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
}

function attributesOf(options: ConvolutionOptions, rank: number, groups: number, op: string): ConvolutionAttributes {
  return {
    stride: extents(options.stride ?? 1, rank, 1, 'stride', op),
    padding: extents(options.padding ?? 0, rank, 0, 'padding', op),
    dilation: extents(options.dilation ?? 1, rank, 1, 'dilation', op),
    groups,
  }
}

/** x, weight and the bias where there is one, in one dtype. */
function operands(x: NDArray, weight: NDArray, bias: NDArray | null, op: string): NDArray[] {
  const [a, w] = unify(x, weight, op)
  return bias === null ? [a, w] : [a, w, cast(bias, a.dtype)]
}

const convolutionOp = /* #__PURE__ */ defineOp<NDArray[], ConvolutionAttributes>('convolution', {
  arity: 'list',
  infer: ([x, weight], attributes) => {
    const { output } = geometry(x!, weight!.shape.slice(2), attributes, 'convolution')
    return specOf([x!.shape[0]!, weight!.shape[0]!, ...output], x!.dtype)
  },
  compose: ([x, weight, bias], attributes) => {
    const { groups } = attributes
    const windows = geometry(x!, weight!.shape.slice(2), attributes, 'convolution')
    const [n, out] = [x!.shape[0]!, weight!.shape[0]!]
    const k = weight!.shape[1]! * sizeOf(windows.kernel)
    // (N, groups, in/groups * kernel, windows), then one batched product with (groups, out/groups, in/groups * kernel).
    const columns = reshape(unfold(x!, windows), [n, groups, k, sizeOf(windows.output)])
    const y = matmul(reshape(weight!, [groups, out / groups, k]), columns)
    return withBias(reshape(y, [n, out, ...windows.output]), bias)
  },
})

/**
 * The convolution of deep learning (a cross-correlation) over 1 to 3 spatial axes.
 *
 * @param x (N, in, …spatial)
 * @param weight (out, in / groups, …kernel)
 * @param bias (out,) or null
 * @returns (N, out, …windows)
 */
export function convolution(x: NDArray, weight: NDArray, bias: NDArray | null = null, options: ConvolutionOptions = {}): NDArray {
  return within('convolution', () => {
    const groups = checkOptions(options, 'convolution').groups ?? 1
    const rank = checkOperands(x, weight, bias, groups, 'convolution', () => weight.shape[0]!, channels => channels === weight.shape[1]! * groups)
    return convolutionOp(operands(x, weight, bias, 'convolution'), attributesOf(options, rank, groups, 'convolution'))
  })
}

/** How a transposed convolution spreads. */
export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** Extra extent behind each axis, after padding was taken off. */
  readonly outputPadding?: Extents
}

interface TransposedAttributes extends ConvolutionAttributes {
  readonly outputPadding: readonly number[]
}

function transposedExtent(x: NDArray, weight: NDArray, { stride, padding, dilation, outputPadding }: TransposedAttributes): number[] {
  return x.shape.slice(2).map((n, i) => (n - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (weight.shape[i + 2]! - 1) + outputPadding[i]! + 1)
}

const transposeOp = /* #__PURE__ */ defineOp<NDArray[], TransposedAttributes>('convolutionTranspose', {
  arity: 'list',
  infer: ([x, weight], attributes) => {
    const extent = transposedExtent(x!, weight!, attributes)
    if (extent.some(n => n < 1)) {
      const [kernel, padding] = [weight!.shape.slice(2), attributes.padding]
      throw new ValueError(`the result would have extents ${formatShape(extent)}: x ${formatShape(x!.shape)}, kernel ${formatShape(kernel)}, padding ${formatShape(padding)}`, {
        op: 'convolutionTranspose', shapes: [x!.shape, weight!.shape],
      })
    }
    checkShape([x!.shape[0]!, x!.shape[1]!, ...extent], 'convolutionTranspose')
    return specOf([x!.shape[0]!, weight!.shape[1]! * attributes.groups, ...extent], x!.dtype)
  },
  // A convolution of the input, its elements set apart by the stride, with the kernel turned round.
  compose: ([x, weight, bias], { stride, padding, dilation, groups, outputPadding }) => {
    const reach = weight!.shape.slice(2).map((n, i) => dilation[i]! * (n - 1))
    const apart = spreadApart(x!, stride)
    const around = framed(apart, reach.map((r, i) => r - padding[i]!), reach.map((r, i) => r - padding[i]! + outputPadding[i]!))
    const each = { stride: stride.map(() => 1), padding: padding.map(() => 0), dilation, groups }
    return convolutionOp([around, turned(weight!, groups), ...(bias === undefined ? [] : [bias])], each)
  },
})

/**
 * The transposed convolution: what the gradient of {@link convolution} does to an output.
 *
 * @param x (N, in, …spatial)
 * @param weight (in, out / groups, …kernel)
 * @returns (N, out, …), of extent (n - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1
 */
export function convolutionTranspose(x: NDArray, weight: NDArray, bias: NDArray | null = null, options: TransposedConvolutionOptions = {}): NDArray {
  const op = 'convolutionTranspose'
  return within(op, () => {
    const groups = checkOptions(options, op).groups ?? 1
    const rank = checkOperands(x, weight, bias, groups, op, () => weight.shape[1]! * groups, channels => channels === weight.shape[0])
    const outputPadding = extents(options.outputPadding ?? 0, rank, 0, 'outputPadding', op)
    return transposeOp(operands(x, weight, bias, op), { ...attributesOf(options, rank, groups, op), outputPadding })
  })
}

/** (in, out/groups, …) as (out, in/groups, …) with every spatial axis reversed. */
function turned(weight: NDArray, groups: number): NDArray {
  const [channels, out, ...kernel] = weight.shape as [number, number, ...number[]]
  const grouped = reshape(weight, [groups, channels / groups, out, ...kernel])
  const swapped = reshape(transpose(grouped, [0, 2, 1, ...kernel.map((_, i) => i + 3)]), [groups * out, channels / groups, ...kernel])
  return flip(swapped, kernel.map((_, i) => i + 2))
}

/** Zeros between neighbours along the spatial axes. */
function spreadApart(x: NDArray, stride: readonly number[]): NDArray {
  if (stride.every(step => step === 1)) return x
  const spatial = x.shape.slice(2)
  const opened = reshape(x, [x.shape[0]!, x.shape[1]!, ...spatial.flatMap(n => [n, 1])])
  const wide = padded(opened, { before: opened.shape.map(() => 0), shape: [x.shape[0]!, x.shape[1]!, ...spatial.flatMap((n, i) => [n, stride[i]!])], value: 0 })
  const merged = reshape(wide, [x.shape[0]!, x.shape[1]!, ...spatial.map((n, i) => n * stride[i]!)])
  const shape = [x.shape[0]!, x.shape[1]!, ...spatial.map((n, i) => Math.max((n - 1) * stride[i]! + 1, 0))]
  return strided(merged, { starts: shape.map(() => 0), steps: shape.map(() => 1), shape })
}

/** Zeros around the spatial axes; a negative width cuts off instead. */
function framed(x: NDArray, before: readonly number[], after: readonly number[]): NDArray {
  const cut = (width: number): number => Math.max(-width, 0)
  const grow = (width: number): number => Math.max(width, 0)
  const spatial = x.shape.slice(2)
  const kept = [x.shape[0]!, x.shape[1]!, ...spatial.map((n, i) => n - cut(before[i]!) - cut(after[i]!))]
  const inside = strided(x, { starts: [0, 0, ...before.map(cut)], steps: kept.map(() => 1), shape: kept })
  const shape = kept.map((n, i) => (i < 2 ? n : n + grow(before[i - 2]!) + grow(after[i - 2]!)))
  return padded(inside, { before: [0, 0, ...before.map(grow)], shape, value: 0 })
}
