import type { Shape } from '@ashlar/core'

/** A walk over a shape by several operands at once. At least one axis, and as few as may be. */
export interface Grid {
  readonly extents: readonly number[]
  /** For each operand its strides along the axes. */
  readonly strides: readonly (readonly number[])[]
}

/** Strides with which an array of that shape is read along the axes of `out`: 0 where it stretches. */
export function broadcastStrides(shape: Shape, out: Shape): number[] {
  const strides = new Array<number>(out.length).fill(0)
  let stride = 1
  for (let i = 1; i <= shape.length; i++) {
    const extent = shape[shape.length - i]!
    if (extent !== 1) strides[out.length - i] = stride
    stride *= extent
  }
  return strides
}

/**
 * Drops axes of extent 1 and joins neighbours that every operand walks as if they were one: the fewer axes, the fewer
 * divisions an element and the fewer kernels to compile.
 */
export function gridOf(shape: Shape, operands: readonly (readonly number[])[]): Grid {
  const extents: number[] = []
  const strides = operands.map((): number[] => [])
  shape.forEach((extent, axis) => {
    if (extent === 1) return
    const last = extents.length - 1
    if (last >= 0 && operands.every((operand, i) => strides[i]![last] === operand[axis]! * extent)) {
      extents[last]! *= extent
      operands.forEach((operand, i) => (strides[i]![last] = operand[axis]!))
    } else {
      extents.push(extent)
      operands.forEach((operand, i) => strides[i]!.push(operand[axis]!))
    }
  })
  return extents.length > 0 ? { extents, strides } : { extents: [1], strides: operands.map(() => [0]) }
}

/** The numbers that `walk` of the same rank and number of operands takes. */
export function gridArguments({ extents, strides }: Grid): number[] {
  return [...extents.slice(1), ...strides.flat()]
}

/** An array seen as `outer` by `extent` by `inner` elements around one axis, or around a run of them. */
export interface Pass {
  readonly outer: number
  readonly extent: number
  readonly inner: number
}

function product(extents: readonly number[]): number {
  return extents.reduce((n, extent) => n * extent, 1)
}

/** What lies before and after `count` axes from `axis` on. */
export function passAround(shape: Shape, axis: number, count = 1): Pass {
  return { outer: product(shape.slice(0, axis)), extent: product(shape.slice(axis, axis + count)), inner: product(shape.slice(axis + count)) }
}

/** The passes that reduce those axes, last ones first; a run of neighbours is one pass. What a pass leaves is the next one's input. */
export function passesOf(shape: Shape, axes: readonly number[]): Pass[] {
  const passes: Pass[] = []
  let rest = shape.slice()
  for (let i = axes.length - 1; i >= 0; i--) {
    let first = axes[i]!
    let count = 1
    while (i > 0 && axes[i - 1] === first - 1) {
      i--
      first--
      count++
    }
    passes.push(passAround(rest, first, count))
    rest = [...rest.slice(0, first), ...rest.slice(first + count)]
  }
  return passes
}
