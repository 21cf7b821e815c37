import { checkArray } from '../array-core.ts'
import { checkArithmetic } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { OpFunction } from '../op.ts'
import { defineOp } from '../op.ts'
import { checkOptions, checkShape, describe, formatShape, sameShape, sizeOf, specOf } from '../shape.ts'
import { add } from './arithmetic.ts'
import { sumOp } from './broadcast.ts'
import { cast } from './cast.ts'
import { fillLike } from './fill.ts'
import { checkBeside } from './index-range.ts'
import { matmul } from './linear-algebra.ts'
import { unify } from './operands.ts'
import { reshape } from './reshape.ts'
import { strided } from './slicing.ts'
import type { Extents } from './windows.ts'
import { asPlaces, extents, fold, geometry, unfold } from './windows.ts'
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

interface WeightAttributes extends ConvolutionAttributes {
  readonly kernel: readonly number[]
}

/** x, weight and the bias where there is one, in one dtype. */
function operands(x: NDArray, weight: NDArray, bias: NDArray | null, op: string): NDArray[] {
  const [a, w] = unify(x, weight, op)
  return bias === null ? [a, w] : [a, w, cast(bias, a.dtype)]
}

/** The gradient of a bias: the sum over all but the channels. */
const biasGradient = (g: NDArray): NDArray => sumOp(g, { axes: [...g.shape.keys()].filter(axis => axis !== 1), keepdims: false })

const convolutionOp: OpFunction<NDArray[], ConvolutionAttributes> = /* #__PURE__ */ defineOp<NDArray[], ConvolutionAttributes>('convolution', {
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
    const y = matmul(reshape(asPlaces(weight!), [groups, out / groups, k]), columns)
    return withBias(reshape(y, [n, out, ...windows.output]), bias)
  },
  vjp: (g, [x, weight], _, attributes) => [
    () => spreadBack(g, weight!, attributes, x!),
    () => weightGradient(x!, g, { ...attributes, kernel: weight!.shape.slice(2) }),
    () => biasGradient(g),
  ],
})

/** A convolution without those windows at the end that `g` does not have: where an output padding leaves room for more. */
function convolvedAs(x: NDArray, weight: NDArray, attributes: ConvolutionAttributes, { shape }: NDArray): NDArray {
  const y = convolutionOp([x, weight], attributes)
  return sameShape(y.shape, shape) ? y : strided(y, { starts: shape.map(() => 0), steps: shape.map(() => 1), shape })
}

/** What a convolution's gradient is to its input `x`: the transposed convolution. */
function spreadBack(g: NDArray, weight: NDArray, { stride, padding, dilation, groups }: ConvolutionAttributes, x: NDArray): NDArray {
  if (x.size === 0) return fillLike(x, 0)
  const plain = { stride, padding, dilation, groups, outputPadding: stride.map(() => 0) }
  const least = transposedExtent(g, weight, plain)
  return transposeOp([g, weight], { ...plain, outputPadding: least.map((n, i) => x.shape[i + 2]! - n) })
}

/** Of `x` and an output's gradient, the gradient of the weight. */
const weightGradient: OpFunction<[NDArray, NDArray], WeightAttributes> = /* #__PURE__ */ defineOp<[NDArray, NDArray], WeightAttributes>('convolutionGradWeight', {
  arity: 2,
  infer: ([x, g], { kernel, groups }) => specOf([g.shape[1]!, x.shape[1]! / groups, ...kernel], x.dtype),
  compose: ([x, g], attributes) => {
    const { kernel, groups } = attributes
    const [n, channels, out, ...output] = [x.shape[0]!, x.shape[1]! / groups, g.shape[1]!, ...g.shape.slice(2)] as [number, number, number, ...number[]]
    const columns = reshape(unfold(x, { ...geometry(x, kernel, attributes, 'convolutionGradWeight'), output }), [n, groups, channels * sizeOf(kernel), sizeOf(output)])
    const each = matmul(reshape(g, [n, groups, out / groups, sizeOf(output)]), columns, { transposeB: true })
    return asPlaces(reshape(sumOp(each, { axes: [0], keepdims: false }), [out, channels, ...kernel.toReversed()]))
  },
  vjp: (weight, [x, g], _, attributes) => [
    () => spreadBack(g, weight, attributes, x),
    () => convolvedAs(x, weight, attributes, g),
  ],
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

const transposeOp: OpFunction<NDArray[], TransposedAttributes> = /* #__PURE__ */ defineOp<NDArray[], TransposedAttributes>('convolutionTranspose', {
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
  // Each input element spreads the kernel over its window, and what meets is added.
  compose: ([x, weight, bias], attributes) => {
    const { stride, padding, dilation, groups } = attributes
    const [n, channels, ...output] = x!.shape as [number, number, ...number[]]
    const [out, kernel] = [weight!.shape[1]! * groups, weight!.shape.slice(2)]
    const k = weight!.shape[1]! * sizeOf(kernel)
    const columns = matmul(reshape(asPlaces(weight!), [groups, channels / groups, k]), reshape(x!, [n, groups, channels / groups, sizeOf(output)]), { transposeA: true })
    const windows = { kernel, stride, dilation, before: padding, output }
    return withBias(fold(reshape(columns, [n, out, sizeOf(kernel), ...output]), windows, transposedExtent(x!, weight!, attributes)), bias)
  },
  vjp: (g, [x, weight], _, { stride, padding, dilation, groups }) => {
    const attributes = { stride, padding, dilation, groups }
    return [
      () => (x!.size === 0 ? fillLike(x!, 0) : convolvedAs(g, weight!, attributes, x!)),
      () => (x!.size === 0 ? fillLike(weight!, 0) : weightGradient(g, x!, { ...attributes, kernel: weight!.shape.slice(2) })),
      () => biasGradient(g),
    ]
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
