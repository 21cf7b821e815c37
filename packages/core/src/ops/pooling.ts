import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { checkOptions, formatShape } from '../shape.ts'
import { div } from './arithmetic.ts'
import { cast, toFloat } from './cast.ts'
import { hostIndices } from './host-data.ts'
import { max, mean, sum } from './reduce.ts'
import type { Extents, WindowGeometry } from './windows.ts'
import { extents, geometry, unfold } from './windows.ts'
import { within } from './within.ts'

/** How pooling windows lie. */
export interface PoolingOptions {
  readonly kernel: Extents
  /** Default: the kernel, so that windows do not overlap. */
  readonly stride?: Extents | null
  readonly padding?: Extents
  /** Keep windows that reach beyond the end. */
  readonly ceilMode?: boolean
}

function spatialRank(x: NDArray, op: string): number {
  const rank = checkArray(x, op).ndim - 2
  if (rank >= 1 && rank <= 3) return rank
  throw new ValueError(`x is (N, channels, 1 to 3 spatial axes), got ${formatShape(x.shape)}`, { op, shapes: [x.shape] })
}

function windowsOf(x: NDArray, options: PoolingOptions, op: string): WindowGeometry {
  const rank = spatialRank(x, op)
  const kernel = extents(checkOptions(options, op).kernel, rank, 1, 'kernel', op)
  const padding = extents(options.padding ?? 0, rank, 0, 'padding', op)
  return geometry(x, kernel, {
    stride: extents(options.stride ?? kernel, rank, 1, 'stride', op),
    padding,
    dilation: kernel.map(() => 1),
    ceil: options.ceilMode ?? false,
  }, op)
}

/** The largest element of each window of (N, channels, …spatial); padding never wins. */
export function maxPool(x: NDArray, options: PoolingOptions): NDArray {
  return within('maxPool', () => {
    const y = toFloat(x, 'maxPool')
    return max(unfold(y, windowsOf(y, options, 'maxPool'), -Infinity), { axis: 2 })
  })
}

/**
 * The mean of each window of (N, channels, …spatial).
 *
 * @param options `countIncludePad` (default true): padding counts as zeros; otherwise only real elements count
 */
export function avgPool(x: NDArray, options: PoolingOptions & { readonly countIncludePad?: boolean }): NDArray {
  return within('avgPool', () => {
    const y = toFloat(x, 'avgPool')
    const windows = windowsOf(y, options, 'avgPool')
    const total = sum(unfold(y, windows), { axis: 2 })
    return div(total, counts(y, windows, options.countIncludePad ?? true))
  })
}

/** How many elements each window's sum is divided by: those within the array, and within its padding where that counts. */
function counts(x: NDArray, { kernel, stride, before, output }: WindowGeometry, includePad: boolean): NDArray | number {
  const spatial = x.shape.slice(2)
  const along = output.map((count, axis) => Array.from({ length: count }, (_, i) => {
    const start = i * stride[axis]! - before[axis]!
    const [low, high] = includePad ? [-before[axis]!, spatial[axis]! + before[axis]!] : [0, spatial[axis]!]
    return Math.max(Math.min(start + kernel[axis]!, high) - Math.max(start, low), 0)
  }))
  if (along.every(list => list.every(n => n === list[0]))) return along.reduce((product, list) => product * (list[0] ?? 1), 1)
  const flat = along.reduce<number[]>((products, list) => products.flatMap(product => list.map(n => product * n)), [1])
  return cast(hostIndices(x, flat, [1, 1, ...output]), x.dtype)
}

const spatialAxes = (rank: number): number[] => Array.from({ length: rank }, (_, i) => i + 2)

/** The largest element of each channel: (N, channels, 1, …). */
export function globalMaxPool(x: NDArray): NDArray {
  return within('globalMaxPool', () => max(x, { axis: spatialAxes(spatialRank(x, 'globalMaxPool')), keepdims: true }))
}

/** The mean of each channel: (N, channels, 1, …). */
export function globalAvgPool(x: NDArray): NDArray {
  return within('globalAvgPool', () => mean(x, { axis: spatialAxes(spatialRank(x, 'globalAvgPool')), keepdims: true }))
}
