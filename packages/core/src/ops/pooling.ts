import { checkArray } from '../array-core.ts'
import { ValueError } from '../errors.ts'
import type { NDArray } from '../ndarray.ts'
import { defineOp } from '../op.ts'
import type { Spec } from '../shape.ts'
import { checkOptions, formatShape, reducedShape, sizeOf, specOf } from '../shape.ts'
import { div } from './arithmetic.ts'
import { cast, toFloat } from './cast.ts'
import { hostIndices } from './host-data.ts'
import { max, mean, shareOfExtremes, sum } from './reduce.ts'
import { broadcastTo, spreadOver } from './broadcast.ts'
import type { Extents, WindowGeometry } from './windows.ts'
import { extents, fold, geometry, unfold } from './windows.ts'
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

/** {@link PoolingOptions} with a number for every spatial axis. */
interface PoolingAttributes {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly ceilMode: boolean
}

function poolingAttributes(x: NDArray, options: PoolingOptions, op: string): PoolingAttributes {
  const rank = spatialRank(x, op)
  const kernel = extents(checkOptions(options, op).kernel, rank, 1, 'kernel', op)
  const padding = extents(options.padding ?? 0, rank, 0, 'padding', op)
  return { kernel, stride: extents(options.stride ?? kernel, rank, 1, 'stride', op), padding, ceilMode: options.ceilMode === true }
}

function windowsOf(x: NDArray, { kernel, stride, padding, ceilMode }: PoolingAttributes, op: string): WindowGeometry {
  return geometry(x, kernel, { stride, padding, dilation: kernel.map(() => 1), ceil: ceilMode }, op)
}

const pooled = (x: NDArray, { output }: WindowGeometry): Spec => specOf([x.shape[0]!, x.shape[1]!, ...output], x.dtype)

const maxPoolOp = /* #__PURE__ */ defineOp<[NDArray], PoolingAttributes>('maxPool', {
  infer: ([x], attributes) => pooled(x, windowsOf(x, attributes, 'maxPool')),
  compose: ([x], attributes) => max(unfold(x, windowsOf(x, attributes, 'maxPool'), -Infinity), { axis: 2 }),
  vjp: (g, [x], y, attributes) => [() => {
    const windows = windowsOf(x, attributes, 'maxPool')
    return fold(shareOfExtremes(g, unfold(x, windows, -Infinity), y, [2]), windows, x.shape.slice(2))
  }],
})

/** The largest element of each window of (N, channels, …spatial); padding never wins. */
export function maxPool(x: NDArray, options: PoolingOptions): NDArray {
  return within('maxPool', () => {
    const y = toFloat(x, 'maxPool')
    return maxPoolOp(y, poolingAttributes(y, options, 'maxPool'))
  })
}

const avgPoolOp = /* #__PURE__ */ defineOp<[NDArray], PoolingAttributes & { countIncludePad: boolean }>('avgPool', {
  infer: ([x], attributes) => pooled(x, windowsOf(x, attributes, 'avgPool')),
  compose: ([x], attributes) => {
    const windows = windowsOf(x, attributes, 'avgPool')
    return div(sum(unfold(x, windows), { axis: 2 }), counts(x, windows, attributes.countIncludePad))
  },
  vjp: (g, [x], _, attributes) => [() => {
    const windows = windowsOf(x, attributes, 'avgPool')
    const [n, channels, ...output] = g.shape as [number, number, ...number[]]
    const each = div(g, counts(x, windows, attributes.countIncludePad))
    return fold(spreadOver(each, [n, channels, sizeOf(windows.kernel), ...output], [2]), windows, x.shape.slice(2))
  }],
})

/**
 * The mean of each window of (N, channels, …spatial).
 *
 * @param options `countIncludePad` (default true): padding counts as zeros; otherwise only real elements count
 */
export function avgPool(x: NDArray, options: PoolingOptions & { readonly countIncludePad?: boolean }): NDArray {
  return within('avgPool', () => {
    const y = toFloat(x, 'avgPool')
    return avgPoolOp(y, { ...poolingAttributes(y, options, 'avgPool'), countIncludePad: Boolean(options.countIncludePad ?? true) })
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

const spatialAxes = (x: NDArray): number[] => Array.from({ length: x.ndim - 2 }, (_, i) => i + 2)
const channels = (x: NDArray): Spec => specOf(reducedShape(x.shape, spatialAxes(x), true), x.dtype)

const globalMaxPoolOp = /* #__PURE__ */ defineOp<[NDArray]>('globalMaxPool', {
  infer: ([x]) => {
    if (x.shape.indexOf(0, 2) < 0) return channels(x)
    throw new ValueError(`zero-size array ${formatShape(x.shape)} has no maximum`, { op: 'globalMaxPool', shapes: [x.shape] })
  },
  compose: ([x]) => max(x, { axis: spatialAxes(x), keepdims: true }),
  vjp: (g, [x], y) => [() => shareOfExtremes(g, x, y, spatialAxes(x))],
})

const globalAvgPoolOp = /* #__PURE__ */ defineOp<[NDArray]>('globalAvgPool', {
  infer: ([x]) => channels(x),
  compose: ([x]) => mean(x, { axis: spatialAxes(x), keepdims: true }),
  vjp: (g, [x]) => [() => broadcastTo(div(g, x.size / g.size), x.shape)],
})

/** The largest element of each channel: (N, channels, 1, …). */
export function globalMaxPool(x: NDArray): NDArray {
  return within('globalMaxPool', () => {
    spatialRank(x, 'globalMaxPool')
    return globalMaxPoolOp(x)
  })
}

/** The mean of each channel: (N, channels, 1, …). */
export function globalAvgPool(x: NDArray): NDArray {
  return within('globalAvgPool', () => {
    spatialRank(x, 'globalAvgPool')
    return globalAvgPoolOp(toFloat(x, 'globalAvgPool'))
  })
}
