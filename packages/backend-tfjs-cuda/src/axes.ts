import type { Shape, Tensor } from '@ashlar/core'

/** The most axes that we hand to a kernel of tfjs; more are joined, or taken one after the other. */
export const MAX_RANK = 5

/** Whether arrays have so few axes that TensorFlow broadcasts them as they are. */
export function broadcasts(...operands: readonly Tensor[]): boolean {
  return operands.every(x => x.shape.length <= MAX_RANK)
}

/** How operands meet an output's shape, in as few axes as can tell it. */
export interface Broadcast {
  readonly shapes: readonly number[][]
  readonly out: number[]
}

/** Drops axes of extent 1, and joins neighbours along which the same operands stretch. */
export function joinBroadcast(shapes: readonly Shape[], out: Shape): Broadcast {
  const joined: Broadcast = { shapes: shapes.map(() => []), out: [] }
  let before = ''
  for (let axis = 0; axis < out.length; axis++) {
    const extent = out[axis]!
    if (extent === 1) continue
    const extents = shapes.map(shape => shape[shape.length - out.length + axis] ?? 1)
    const pattern = extents.map(own => (own === 1 ? '1' : 'n')).join('')
    if (pattern === before) {
      const last = joined.out.length - 1
      joined.out[last]! *= extent
      joined.shapes.forEach((shape, i) => (shape[last]! *= extents[i]!))
    } else {
      joined.out.push(extent)
      joined.shapes.forEach((shape, i) => shape.push(extents[i]!))
    }
    before = pattern
  }
  return joined
}

/** A permutation in as few axes as can tell it. */
export interface Permutation {
  readonly shape: number[]
  readonly permutation: number[]
}

/** Drops axes of extent 1, and joins those that stay neighbours. */
export function joinPermutation(shape: Shape, permutation: readonly number[]): Permutation {
  const groups: number[][] = []
  for (const axis of permutation.filter(a => shape[a] !== 1)) {
    const last = groups.at(-1)
    const between = last === undefined ? [] : shape.slice(last.at(-1)! + 1, axis)
    if (last !== undefined && last.at(-1)! < axis && between.every(extent => extent === 1)) last.push(axis)
    else groups.push([axis])
  }
  const inOrder = groups.toSorted((a, b) => a[0]! - b[0]!)
  return {
    shape: inOrder.map(group => group.reduce((n, axis) => n * shape[axis]!, 1)),
    permutation: groups.map(group => inOrder.indexOf(group)),
  }
}

/** A run of neighbouring axes, all of one kind. */
export interface AxisGroup {
  readonly chosen: boolean
  readonly extent: number
}

/** Joins neighbours that are both among `axes`, or both not. */
export function groupAxes(shape: Shape, axes: readonly number[]): AxisGroup[] {
  const groups: { chosen: boolean; extent: number }[] = []
  shape.forEach((extent, axis) => {
    if (extent === 1) return
    const chosen = axes.includes(axis)
    const last = groups.at(-1)
    if (last?.chosen === chosen) last.extent *= extent
    else groups.push({ chosen, extent })
  })
  return groups
}
