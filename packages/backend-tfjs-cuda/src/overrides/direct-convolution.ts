import { sizeOf } from '@ashlar/core'
import type { Attribute } from '../attributes.ts'
import { FLOATS } from '../attributes.ts'
import type { Engine, Steps } from '../engine.ts'
import { permute } from '../kernels/movement.ts'
import type { TensorInfo } from '../tfjs.ts'
import type { Convolution } from './convolution.ts'
import { over } from './override.ts'

// TensorFlow's own convolutions of one and two axes. On CPUs it takes channels last, on GPUs channels first; a filter is
// (…kernel, in, out) for both.

/** The way a convolution is run. */
export type Direction = 'forward' | 'back' | 'weight'

const isDepthwise = (c: Convolution): boolean => c.groups > 1 && c.groups === c.channels

/** Whether windows are all that fit: else TensorFlow, which is told the array's extents, would count others. */
function fits({ spatial, kernel, stride, dilation, before, output }: Convolution): boolean {
  return spatial.every((n, i) => Math.floor((n + 2 * before[i]! - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1 === output[i])
}

/** Whether TensorFlow has an op for it. Its gradients know no dilation on CPUs, and its groups are those of `DepthwiseConv2dNative`, whose strides are one number. */
export function isDirect({ name, isNative, onGpu }: Engine, direction: Direction, c: Convolution): boolean {
  if (!(isNative || (name === 'wasm' && direction === 'forward')) || c.dtype !== 'float32' || c.kernel.length > 2 || !fits(c)) return false
  // Of one channel, or one place a window, the columns are soon made, and their product is quicker on CPUs.
  if (!onGpu && (c.channels === 1 || (c.kernel.every(extent => extent === 1) && c.stride.every(step => step === 1) && c.before.every(n => n === 0)))) return false
  const dilated = c.dilation.some((d, i) => d !== 1 && c.kernel[i] !== 1)
  if (c.groups > 1) return isDepthwise(c) && !dilated && c.stride.every(step => step === c.stride[0])
  return !dilated || direction === 'forward' || onGpu
}

/** Both axes, where there is one it is the second. */
const both = (values: readonly number[], missing: number): [number, number] => [values.length === 1 ? missing : values[0]!, values.at(-1)!]

function attributesOf(steps: Steps, c: Convolution): Attribute[] {
  const { onGpu } = steps.engine
  const planes = (along: readonly number[], others: readonly number[]): number[] => (onGpu ? [...others, ...others, ...along] : [...others, ...along, ...others])
  const [top, left] = both(c.before, 0)
  const explicit: Attribute[] = top === 0 && left === 0 ? [] : [['explicit_paddings', 'whole', planes([top, top, left, left], [0, 0])]]
  return [
    ...FLOATS, ['strides', 'whole', planes(both(c.stride, c.stride[0]!), [1])], ['dilations', 'whole', planes(both(c.dilation.map((d, i) => (c.kernel[i] === 1 ? 1 : d)), 1), [1])],
    ['padding', 'text', explicit.length === 0 ? 'VALID' : 'EXPLICIT'], ...explicit, ['data_format', 'text', onGpu ? 'NCHW' : 'NHWC'],
  ]
}

/** The same for kernels of tfjs. A number as `pad` is refused by some. */
function settingsOf(c: Convolution): Readonly<Record<string, unknown>> {
  const [top, left] = both(c.before, 0)
  return {
    strides: both(c.stride, c.stride[0]!), dilations: both(c.dilation.map((d, i) => (c.kernel[i] === 1 ? 1 : d)), 1),
    pad: top === 0 && left === 0 ? 'valid' : [[0, 0], [top, top], [left, left], [0, 0]], dataFormat: 'NHWC',
  }
}

/** Images with their channels where TensorFlow wants them. */
function laidOut(steps: Steps, x: TensorInfo, images: number, channels: number, spatial: readonly number[]): TensorInfo {
  const [height, width] = both(spatial, 1)
  if (steps.engine.onGpu) return steps.view(x, [images, channels, height, width])
  return steps.view(permute(steps, x, [images, channels, height * width], [0, 2, 1]), [images, height, width, channels])
}

/** The shape of what {@link laidOut} gives. */
function shapeOf(steps: Steps, images: number, channels: number, spatial: readonly number[]): number[] {
  const [height, width] = both(spatial, 1)
  return steps.engine.onGpu ? [images, channels, height, width] : [images, height, width, channels]
}

/** The opposite of {@link laidOut}, after a bias was added. */
function back(steps: Steps, y: TensorInfo, bias: TensorInfo | undefined, images: number, channels: number, spatial: readonly number[]): TensorInfo {
  const sum = bias === undefined ? y : !steps.engine.isNative ? steps.view(over(steps, 'add', y, steps.view(bias, [1, 1, 1, channels])), y.shape) : steps.op('BiasAdd', [y, steps.view(bias, [channels])], [...FLOATS, ['data_format', 'text', steps.engine.onGpu ? 'NCHW' : 'NHWC']])
  return steps.engine.onGpu ? sum : permute(steps, sum, [images, sizeOf(spatial), channels], [0, 2, 1])
}

function filterShape(c: Convolution): number[] {
  return [...both(c.kernel, 1), ...(isDepthwise(c) ? [c.channels, c.outChannels / c.channels] : [c.channels, c.outChannels])]
}

/** A weight as TensorFlow's filter: (…kernel, in, out), or for each channel of its own (…kernel, channels, outputs of each). */
function filterOf(steps: Steps, weight: TensorInfo, c: Convolution): TensorInfo {
  const places = sizeOf(c.kernel)
  const moved = isDepthwise(c)
    ? permute(steps, weight, [c.outChannels, places], [1, 0])
    : permute(steps, weight, [c.outChannels, c.channels, places], [2, 1, 0])
  return steps.view(moved, filterShape(c))
}

const nameOf = (c: Convolution, suffix = ''): string => (isDepthwise(c) ? 'DepthwiseConv2dNative' : 'Conv2D') + suffix

/** See `convolution` in core. */
export function convolve(steps: Steps, x: TensorInfo, weight: TensorInfo, bias: TensorInfo | undefined, c: Convolution): TensorInfo {
  const [image, filter] = [laidOut(steps, x, c.images, c.channels, c.spatial), filterOf(steps, weight, c)]
  const y = steps.engine.isNative ? steps.op(nameOf(c), [image, filter], attributesOf(steps, c)) : steps.call(nameOf(c), { x: image, filter }, settingsOf(c))
  return back(steps, y, bias, c.images, c.outChannels, c.output)
}

/** The gradient of a convolution's input, which is a transposed convolution. */
export function convolveBack(steps: Steps, y: TensorInfo, weight: TensorInfo, bias: TensorInfo | undefined, c: Convolution): TensorInfo {
  const sizes = steps.constant(Int32Array.from(shapeOf(steps, c.images, c.channels, c.spatial)), [4], 'int32')
  const inputs = [sizes, filterOf(steps, weight, c), laidOut(steps, y, c.images, c.outChannels, c.output)]
  return back(steps, steps.op(nameOf(c, 'BackpropInput'), inputs, attributesOf(steps, c)), bias, c.images, c.channels, c.spatial)
}

/** The gradient of a convolution's weight. */
export function convolveWeight(steps: Steps, x: TensorInfo, g: TensorInfo, c: Convolution): TensorInfo {
  const sizes = steps.constant(Int32Array.from(filterShape(c)), [4], 'int32')
  const inputs = [laidOut(steps, x, c.images, c.channels, c.spatial), sizes, laidOut(steps, g, c.images, c.outChannels, c.output)]
  const filter = steps.op(nameOf(c, 'BackpropFilter'), inputs, attributesOf(steps, c))
  const places = sizeOf(c.kernel)
  return isDepthwise(c)
    ? permute(steps, filter, [places, c.outChannels], [1, 0])
    : permute(steps, filter, [places, c.channels, c.outChannels], [2, 1, 0])
}
