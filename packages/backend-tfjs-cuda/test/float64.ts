import { sizeOf } from '@ashlar/core'
import type { PoolingOptions, Shape } from '@ashlar/core'

// Convolutions and pools as their definitions say, in float64, element by element: what overrides are compared with.

/** A convolution of `x` with `weight`, by their shapes. */
export interface Convolved {
  readonly x: Shape
  readonly weight: Shape
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
}

/** All positions in a shape, in C order. */
function positions(shape: Shape): number[][] {
  return shape.reduce<number[][]>((all, n) => all.flatMap(first => Array.from({ length: n }, (_, i) => [...first, i])), [[]])
}

const flat = (position: readonly number[], shape: Shape): number => position.reduce((at, i, axis) => at * shape[axis]! + i, 0)

/** The shape of the output. */
export function outputOf({ x, weight, stride, padding, dilation }: Convolved): number[] {
  return [x[0]!, weight[0]!, ...x.slice(2).map((n, i) => Math.floor((n + 2 * padding[i]! - dilation[i]! * (weight[i + 2]! - 1) - 1) / stride[i]!) + 1)]
}

/** Calls back for every product that a convolution adds up, with the flat positions in output, x and weight. */
function eachProduct(c: Convolved, visit: (y: number, x: number, w: number) => void): void {
  const [out, spatial, channels] = [outputOf(c), c.x.slice(2), c.weight[1]!]
  const perGroup = c.weight[0]! / c.groups
  positions(out).forEach(([n, o, ...window], y) => {
    for (const place of positions(c.weight.slice(2))) {
      const at = window.map((i, axis) => i * c.stride[axis]! - c.padding[axis]! + place[axis]! * c.dilation[axis]!)
      if (at.some((i, axis) => i < 0 || i >= spatial[axis]!)) continue
      for (let k = 0; k < channels; k++) {
        visit(y, flat([n!, Math.floor(o! / perGroup) * channels + k, ...at], c.x), flat([o!, k, ...place], c.weight))
      }
    }
  })
}

/** The output of a convolution, with a bias for each channel. */
export function convolved(c: Convolved, x: readonly number[], w: readonly number[], b: readonly number[]): number[] {
  const out = outputOf(c)
  const y = positions(out).map(position => b[position[1]!]!)
  eachProduct(c, (at, i, k) => (y[at]! += x[i]! * w[k]!))
  return y
}

/** The gradient of its input. */
export function convolvedBack(c: Convolved, g: readonly number[], w: readonly number[]): number[] {
  const x = new Array<number>(sizeOf(c.x)).fill(0)
  eachProduct(c, (at, i, k) => (x[i]! += g[at]! * w[k]!))
  return x
}

/** The gradient of its weight. */
export function convolvedWeight(c: Convolved, x: readonly number[], g: readonly number[]): number[] {
  const w = new Array<number>(sizeOf(c.weight)).fill(0)
  eachProduct(c, (at, i, k) => (w[k]! += g[at]! * x[i]!))
  return w
}

const every = (value: number | readonly number[] | null | undefined, rank: number, missing: readonly number[]): readonly number[] =>
  (value === undefined || value === null ? missing : typeof value === 'number' ? new Array<number>(rank).fill(value) : value)

/** For each window the positions in the array that it sees, and how many elements it is the mean of. */
function windowsOf(shape: Shape, options: PoolingOptions & { readonly countIncludePad?: boolean }): { readonly seen: number[]; readonly count: number }[] {
  const spatial = shape.slice(2)
  const kernel = every(options.kernel, spatial.length, [])
  const stride = every(options.stride, spatial.length, kernel)
  const padding = every(options.padding, spatial.length, spatial.map(() => 0))
  const output = spatial.map((n, i) => {
    const span = n + 2 * padding[i]! - kernel[i]!
    if (options.ceilMode !== true) return Math.floor(span / stride[i]!) + 1
    const count = Math.ceil(span / stride[i]!) + 1
    // A window that would begin behind the array and its padding sees nothing.
    return (count - 1) * stride[i]! >= n + padding[i]! ? count - 1 : count
  })
  return positions([shape[0]!, shape[1]!, ...output]).map(([n, c, ...window]) => {
    const places = positions(kernel).map(place => place.map((k, axis) => window[axis]! * stride[axis]! - padding[axis]! + k))
    const padded = places.filter(at => at.every((i, axis) => i < spatial[axis]! + padding[axis]!))
    const seen = padded.filter(at => at.every((i, axis) => i >= 0 && i < spatial[axis]!)).map(at => flat([n!, c!, ...at], shape))
    return { seen, count: options.countIncludePad === true ? padded.length : seen.length }
  })
}

type Kind = 'max' | 'mean'

/** The largest elements of windows, or their means. */
export function pooled(kind: Kind, shape: Shape, x: readonly number[], options: PoolingOptions & { readonly countIncludePad?: boolean }): number[] {
  return windowsOf(shape, options).map(({ seen, count }) => (kind === 'max' ? Math.max(...seen.map(i => x[i]!)) : seen.reduce((sum, i) => sum + x[i]!, 0) / count))
}

/** The gradient of their input, of which no two elements are alike. */
export function pooledBack(kind: Kind, shape: Shape, x: readonly number[], g: readonly number[], options: PoolingOptions & { readonly countIncludePad?: boolean }): number[] {
  const gradient = new Array<number>(sizeOf(shape)).fill(0)
  windowsOf(shape, options).forEach(({ seen, count }, window) => {
    const best = Math.max(...seen.map(i => x[i]!))
    for (const i of seen) gradient[i]! += kind === 'mean' ? g[window]! / count : x[i] === best ? g[window]! : 0
  })
  return gradient
}
