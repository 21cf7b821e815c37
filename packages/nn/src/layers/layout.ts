import type { NDArray } from '@ashlar/core'
import { ValueError, describe, formatShape } from '@ashlar/core'

/** The order of axes by the number of spatial ones: channels first (the default), or last. */
const LAYOUTS = { 1: ['NCW', 'NWC'], 2: ['NCHW', 'NHWC'], 3: ['NCDHW', 'NDHWC'] } as const

/** How many spatial axes there are. */
export type SpatialRank = 1 | 2 | 3
/** The layouts that a rank has. */
export type LayoutOf<R extends SpatialRank> = (typeof LAYOUTS)[R][number]
export type Layout = LayoutOf<SpatialRank>

/** @throws ValueError for a layout that the rank does not have */
export function checkLayout(layout: Layout | undefined, rank: SpatialRank, op: string): Layout {
  const [first, last] = LAYOUTS[rank]
  const chosen: Layout = layout ?? first
  if (chosen === first || chosen === last) return chosen
  throw new ValueError(`unknown layout ${describe(layout)}`, { op, hint: `use '${first}' or '${last}'` })
}

const isLast = (layout: Layout): boolean => layout.endsWith('C')

/** @throws ValueError unless `x` has an axis for each letter */
export function checkRank(x: NDArray, layout: Layout, op: string): void {
  if (x.ndim !== layout.length) throw new ValueError(`the input is (${layout.split('').join(', ')}), got ${formatShape(x.shape)}`, { op, shapes: [x.shape] })
}

/** An array of a layout, or a weight whose second axis follows it, with that axis in front of the spatial ones. */
export function channelsFirst(x: NDArray, layout: Layout): NDArray {
  return isLast(layout) ? x.transpose([0, x.ndim - 1, ...spatialAxes(x, 1)]) : x
}

/** The opposite of {@link channelsFirst}. */
export function fromChannelsFirst(x: NDArray, layout: Layout): NDArray {
  return isLast(layout) ? x.transpose([0, ...spatialAxes(x, 2), 1]) : x
}

const spatialAxes = (x: NDArray, from: number): number[] => Array.from({ length: x.ndim - 2 }, (_, i) => i + from)

/** A shape with the second axis in its place. */
export function shapeIn(layout: Layout, first: number, second: number, spatial: readonly number[]): number[] {
  return isLast(layout) ? [first, ...spatial, second] : [first, second, ...spatial]
}

/** The channels and the spatial extents of an array of a layout. */
export function partsOf(x: NDArray, layout: Layout): { channels: number; spatial: readonly number[] } {
  return isLast(layout) ? { channels: x.shape.at(-1)!, spatial: x.shape.slice(1, -1) } : { channels: x.shape[1]!, spatial: x.shape.slice(2) }
}
